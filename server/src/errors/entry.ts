/** What is said of a refusal; `{words}` are filled in where it is thrown. */
export type Entry = { readonly sentence: string; readonly remedy: string; readonly retry: boolean };
