/** What the tests need on this machine beyond npm's packages: an engine, a router, a second registry. */
export async function setUp(): Promise<boolean> {
  return true;
}
