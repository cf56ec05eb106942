import { DayshiftError } from '../base/index.ts';
import { commands } from './commands.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', '\nIn ~/.bashrc: eval "$(dayshift completion bash)"')
    .action((shell: string) =>
      run(() => {
        const script = scripts[shell];
        if (script === undefined)
          throw new DayshiftError('usage', `there is no completion for ${shell}`, { hint: 'bash, zsh, fish' });
        io.out(script());
        return Promise.resolve(0);
      }),
    );
};

const names = () => commands.map((entry) => entry.name).join(' ');
const taking = (what: string) =>
  commands.filter((entry) => 'takes' in entry && entry.takes === what).map((entry) => entry.name);

const scripts: Record<string, (() => string) | undefined> = {
  bash: () => `_dayshift() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names()}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
    ${taking('task').join('|')}) COMPREPLY=($(compgen -W "$(dayshift status --ids 2>/dev/null)" -- "$word")) ;;
    ${taking('date').join('|')}) COMPREPLY=($(compgen -W "today yesterday" -- "$word") $(compgen -f -- "$word")) ;;
  esac
}
complete -F _dayshift dayshift
`,
  zsh: () => `#compdef dayshift
_dayshift() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map((entry) => `      '${entry.name}:${entry.summary.replaceAll("'", '’').replaceAll(':', ' ')}'`).join('\n')}
    )
    _describe command commands
    return
  fi
  case "\${words[2]}" in
    ${taking('task').join('|')}) compadd -- \${(f)"$(dayshift status --ids 2>/dev/null)"} ;;
    *) _files ;;
  esac
}
compdef _dayshift dayshift
`,
  fish: () =>
    `${commands
      .map(
        (entry) =>
          `complete -c dayshift -n __fish_use_subcommand -f -a ${entry.name} -d '${entry.summary.replaceAll("'", '’')}'`,
      )
      .join('\n')}\n` +
    `complete -c dayshift -n '__fish_seen_subcommand_from ${taking('task').join(' ')}' -f -a '(dayshift status --ids 2>/dev/null)'\n`,
};
