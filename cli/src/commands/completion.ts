/** `beluga completion`: completion for bash, zsh or fish. */
import { Argument, Command, type Option } from 'commander';
import { whenCalled } from '../command.ts';
import { commandTable } from '../command-table.ts';
import { formats } from '../output/io.ts';

type Known = {
  readonly words: readonly string[];
  readonly summary: string;
  readonly options: readonly Word[];
  readonly choices: readonly string[];
};
type Word = { readonly word: string; readonly summary: string };

export function define(command: Command): void {
  command.addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish'])).addHelpText(
    'after',
    `
bash:  echo 'source <(beluga completion bash)' >> ~/.bashrc
zsh:   beluga completion zsh > "\${fpath[1]}/_beluga"
fish:  beluga completion fish > ~/.config/fish/completions/beluga.fish`,
  );
  whenCalled(command, async (io, _options, [shell = 'bash']) => {
    const known = await Promise.all(commandTable.map(knownOf));
    const script = (scripts[shell] ?? bash)(known);
    io.show({ shell, script }, () => script);
    return 0;
  });
}

const common: readonly Word[] = [
  { word: '--output', summary: 'table, json or ndjson' },
  { word: '--ca', summary: 'certificates to trust besides the usual ones' },
  { word: '--help', summary: 'print help' },
];

async function knownOf({ name, summary, load }: (typeof commandTable)[number]): Promise<Known> {
  const command = new Command(name);
  (await load()).define(command);
  const own = command.options.map((option: Option) => ({ word: option.long ?? option.flags, summary: option.description }));
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  return { words: name.split(' '), summary, options: [...own, ...common], choices };
}

const scripts: Readonly<Record<string, (known: readonly Known[]) => string>> = { bash, zsh, fish };

function bash(known: readonly Known[]): string {
  const cases = known.map(({ words, options, choices }) => {
    const offered = [...choices, ...options.map(({ word }) => word)].join(' ');
    return `    "${words.join(' ')}") offered="${offered}" ;;`;
  });
  return `_beluga() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" offered=""
  local verb="\${COMP_WORDS[1]}"
  case "$before" in
    --output|-o) COMPREPLY=($(compgen -W "${formats.join(' ')}" -- "$word")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${firstWords(known).join(' ')}" -- "$word")); return; fi
  case "$verb" in
${nouns(known)
  .map(
    ([noun, verbs]) =>
      `    ${noun}) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "${verbs}" -- "$word")); return; fi; verb="$verb \${COMP_WORDS[2]}" ;;`,
  )
  .join('\n')}
  esac
  case "$verb" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "$word"))
}
complete -o default -F _beluga beluga ./beluga`;
}

function zsh(known: readonly Known[]): string {
  const firsts = firstWords(known).map((word) => `    '${word}:${quotedForShell(summaryOf(known, word))}'`);
  const cases = known.map(({ words, options, choices }) => {
    const specs = options.map(({ word, summary }) => `'${word}[${quotedForShell(summary).replace(/[[\]:]/g, ' ')}]'`);
    const values = choices.length === 0 ? `'*:file:_files'` : `'*:value:(${choices.join(' ')})'`;
    return `    '${words.join(' ')}') _arguments ${[...specs, values].join(' ')} ;;`;
  });
  const parts = nouns(known).map(
    ([noun, verbs]) => `    ${noun}) if (( CURRENT == 3 )); then compadd ${verbs}; return; fi; verb="$verb $words[3]" ;;`,
  );
  return `#compdef beluga
_beluga() {
  local verb=$words[2]
  local -a commands=(
${firsts.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case $verb in
${parts.join('\n')}
  esac
  case $verb in
${cases.join('\n')}
  esac
}
_beluga "$@"`;
}

function fish(known: readonly Known[]): string {
  const first = firstWords(known).map(
    (word) => `complete -c beluga -f -n __fish_use_subcommand -a ${word} -d '${quotedForShell(summaryOf(known, word))}'`,
  );
  const verbs = nouns(known).map(([noun, words]) => `complete -c beluga -f -n '__fish_seen_subcommand_from ${noun}' -a '${words}'`);
  const options = known.flatMap(({ words, options: all }) =>
    all.map(({ word, summary }) => {
      const seen = `__fish_seen_subcommand_from ${words.at(-1)}`;
      return `complete -c beluga -n '${seen}' -l ${word.replace(/^--/, '')} -d '${quotedForShell(summary)}'`;
    }),
  );
  return [...first, ...verbs, ...options].join('\n');
}

function firstWords(known: readonly Known[]): readonly string[] {
  return [...new Set(known.map(({ words }) => words[0] ?? ''))];
}

function nouns(known: readonly Known[]): readonly (readonly [string, string])[] {
  const both = known.filter(({ words }) => words.length === 2);
  const names = [...new Set(both.map(({ words }) => words[0] ?? ''))];
  return names.map((noun) => [noun, both.flatMap(({ words }) => (words[0] === noun ? [words[1]] : [])).join(' ')]);
}

function summaryOf(known: readonly Known[], word: string): string {
  return known.find(({ words }) => words[0] === word)?.summary ?? '';
}

function quotedForShell(text: string): string {
  return text.replaceAll("'", "'\\''");
}
