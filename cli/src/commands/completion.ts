/** `beluga completion`: completion for bash, zsh or fish. */
import { Argument, type Command } from 'commander';
import { whenCalled } from '../command.ts';
import { commandTable } from '../command-table.ts';

export function define(command: Command): void {
  command.addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']));
  whenCalled(command, async (io, _options, [shell = 'bash']) => {
    const script = scripts[shell]?.() ?? '';
    io.show({ shell, script }, () => script);
    return 0;
  });
}

const scripts: Readonly<Record<string, () => string>> = {
  bash: () =>
    `_beluga() { COMPREPLY=($(compgen -W "${firstWords().join(' ')}" -- "\${COMP_WORDS[COMP_CWORD]}")); }\ncomplete -F _beluga beluga ./beluga`,
  zsh: () => `#compdef beluga\n_arguments "1:command:(${firstWords().join(' ')})"`,
  fish: () =>
    commandTable
      .map(({ name, summary }) => `complete -c beluga -n __fish_use_subcommand -a '${name.split(' ')[0]}' -d '${summary}'`)
      .join('\n'),
};

function firstWords(): readonly string[] {
  return [...new Set(commandTable.map(({ name }) => name.split(' ')[0] ?? ''))];
}
