/** Fingerprints of the values of secrets, by name: `<which key>:<keyed hash>`. Only prints under one key can be compared. */
export type SecretPrints = Readonly<Record<string, string>>;

/** The secrets whose value is another one than before, as far as both are known under the same key. */
export function changedSecrets(before: SecretPrints, now: SecretPrints): readonly string[] {
  return Object.keys(before)
    .filter((name) => {
      const [had = '', has = ''] = [before[name], now[name]];
      return has !== '' && keyOf(had) === keyOf(has) && had !== has;
    })
    .toSorted();
}

function keyOf(print: string): string {
  return print.slice(0, print.indexOf(':'));
}
