/** The command lines of Beluga that a page of the docs names, in blocks of code, in scripts of pipelines and within lines. */

/** Words of each command line after `beluga`, without redirections, quoted ones whole; placeholders in capitals are words like any other. */
export function commandLinesIn(markdown: string): readonly (readonly string[])[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|yaml)\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.split('\n'));
  const inline = [...markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline].flatMap((line) => {
    const [, words] = /^(?:- )?(?:\.\/)?beluga ([^#>|{}]+)/.exec(line.trim()) ?? [];
    return words === undefined ? [] : [words.match(/(?:"[^"]*"|[^\s"])+/g) ?? []];
  });
}
