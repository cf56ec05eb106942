import type { Command } from 'commander';
import { DayshiftError } from '../base/index.ts';
import { commands } from './commands.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      `
In ~/.bashrc:                    eval "$(dayshift completion bash)"
In ~/.zshrc, after compinit:     eval "$(dayshift completion zsh)"
In ~/.config/fish/config.fish:   dayshift completion fish | source`,
    )
    .action((shell: string) =>
      run(() => {
        const script = new Map(Object.entries(scripts)).get(shell);
        if (script === undefined)
          throw new DayshiftError('usage', `there is no completion for ${shell}`, { hint: 'bash, zsh, fish' });
        io.out(script(command.parent?.commands ?? []));
        return Promise.resolve(0);
      }),
    );
};

const names = commands.map((entry) => entry.name).join(' ');

/** Whose first argument names such a thing. */
function taking(what: string): string[] {
  return commands.filter((entry) => 'takes' in entry && entry.takes === what).map((entry) => entry.name);
}

function optionsOf(command: Command): string[] {
  return [...command.options.map((option) => option.long ?? ''), '--help', '--home'].filter((word) => word !== '');
}

/** A text in a shell's single quotes. */
const quoted = (text: string) => `'${text.replaceAll("'", '’')}'`;

const scripts: Record<string, (built: readonly Command[]) => string> = {
  bash: (built) => `_dayshift() {
  local word="\${COMP_WORDS[COMP_CWORD]}" IFS=$' \\t\\n'
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} --help --home --version" -- "$word"))
    return
  fi
  if [[ $word == -* ]]; then
    case "\${COMP_WORDS[1]}" in
${built.map((command) => `      ${command.name()}) COMPREPLY=($(compgen -W "${optionsOf(command).join(' ')}" -- "$word")) ;;`).join('\n')}
    esac
    return
  fi
  case "\${COMP_WORDS[1]}" in
    ${taking('task').join('|')}) COMPREPLY=($(compgen -W "$(dayshift status --ids 2>/dev/null)" -- "$word")) ;;
    ${taking('item').join('|')}) COMPREPLY=($(compgen -W "$(dayshift inbox --ids 2>/dev/null)" -- "$word")) ;;
    ${taking('date').join('|')}) COMPREPLY=($(compgen -W "today yesterday" -- "$word") $(compgen -f -- "$word")) ;;
    completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
    help) COMPREPLY=($(compgen -W "${names}" -- "$word")) ;;
    init) COMPREPLY=($(compgen -d -- "$word")) ;;
  esac
}
complete -F _dayshift dayshift
`,
  zsh: (built) => `#compdef dayshift
_dayshift() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map((entry) => `      ${quoted(`${entry.name}:${entry.summary.replaceAll(':', ' ')}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  if [[ \${words[CURRENT]} == -* ]]; then
    case "\${words[2]}" in
${built.map((command) => `      ${command.name()}) compadd -- ${optionsOf(command).join(' ')} ;;`).join('\n')}
    esac
    return
  fi
  case "\${words[2]}" in
    ${taking('task').join('|')}) compadd -- \${(f)"$(dayshift status --ids 2>/dev/null)"} ;;
    ${taking('item').join('|')}) compadd -- \${(f)"$(dayshift inbox --ids 2>/dev/null)"} ;;
    ${taking('date').join('|')}) compadd -- today yesterday; _files ;;
    completion) compadd -- bash zsh fish ;;
    *) _files ;;
  esac
}
compdef _dayshift dayshift
`,
  fish: (built) =>
    [
      ...commands.map(
        (entry) => `complete -c dayshift -n __fish_use_subcommand -f -a ${entry.name} -d ${quoted(entry.summary)}`,
      ),
      ...built.flatMap((command) =>
        command.options.map(
          (option) =>
            `complete -c dayshift -n '__fish_seen_subcommand_from ${command.name()}' -l ${(option.long ?? '').replace(/^--/, '')} -d ${quoted(option.description)}`,
        ),
      ),
      `complete -c dayshift -n '__fish_seen_subcommand_from ${taking('task').join(' ')}' -f -a '(dayshift status --ids 2>/dev/null)'`,
      `complete -c dayshift -n '__fish_seen_subcommand_from ${taking('item').join(' ')}' -f -a '(dayshift inbox --ids 2>/dev/null)'`,
      `complete -c dayshift -n '__fish_seen_subcommand_from ${taking('date').join(' ')}' -a 'today yesterday'`,
      `complete -c dayshift -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'`,
      '',
    ].join('\n'),
};
