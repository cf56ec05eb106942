import { SAFE, UNKNOWN, isKnown } from '../marks.ts';
import type { Call } from '../machine.ts';
import { readPath, resolve, writePath } from '../paths.ts';
import { isEnvFile } from '../secrets.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { plainPath } from './programs.ts';
import { readOnly, type GitKind } from './git-commands.ts';

const valueOptions = new Set(
  '-C -c --git-dir --work-tree --namespace --exec-path --config-env --super-prefix --attr-source --list-cmds'.split(
    ' ',
  ),
);
/** Configuration that makes git run a program, read other configuration, or leave its place. */
const risky =
  /^(?:alias\.|core\.(?:pager|editor|sshcommand|fsmonitor|hookspath|gitproxy|askpass|worktree|attributesfile|alternaterefscommand)|pager\.|diff\.external|diff\..*\.(?:command|textconv)|difftool|mergetool|filter\.|merge\..*\.driver|credential|include|gpg|sequence\.editor|interactive\.difffilter|trailer\..*\.(?:command|cmd)|uploadpack|protocol\.|remote\.|url\.|http\.|browser\.|man\.|web\.|help\.|init\.templatedir|sendemail|ssh\.|submodule\.|tar\..*\.command|hook\.)/i;
const harmlessPager = /^(?:cat|less(?: -\S+)*|more|true|false|0|1|)$/;
/** Variables that git looks at and that change nothing but how it looks. */
const harmlessVariables =
  /^GIT_(?:OPTIONAL_LOCKS|TERMINAL_PROMPT|TRACE\w*|CURL_VERBOSE|AUTHOR_\w+|COMMITTER_\w+|PAGER|EDITOR|SEQUENCE_EDITOR|LITERAL_PATHSPECS|NO_REPLACE_OBJECTS|CEILING_DIRECTORIES|FLUSH|ADVICE|CONFIG_NOSYSTEM|ASKPASS|SSH|SSH_COMMAND|EXTERNAL_DIFF|PS1_\w+|COMMIT|BRANCH|SHA|HASH|TAG|REF|ROOT|URL|USER|TOKEN|REPO\w*|VERSION|STATUS|DIFF|LOG|OUTPUT|REV\w*)$/;

/** Git: what only reads passes in all its forms, what talks to a remote asks, all else is a write. */
export function git(call: Call): string | undefined {
  const { args, frame, machine } = call;
  const scope = fork(frame);
  const write = (): undefined => {
    machine.emit({ kind: 'git_write', command: call.shown });
    return undefined;
  };
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) break;
    if (/^(?:--version|-v|--help|-h|--html-path|--man-path|--info-path|--exec-path)$/.test(arg)) {
      machine.emit({ kind: 'git_read', command: call.shown });
      return UNKNOWN;
    }
    const [name = '', inline] = arg.startsWith('--') ? split(arg) : [arg];
    const value = inline ?? (valueOptions.has(name) ? args[(at += 1)] : undefined) ?? '';
    if (name === '-C') scope.cwds = resolve(value, scope, machine.context);
    if (name === '-C' || name === '--git-dir' || name === '--work-tree') readPath(value, frame, machine);
    if (name === '--exec-path' || name === '--config-env') {
      write();
      return;
    }
    if (name === '-c' && isRisky(value)) {
      machine.run(
        value.slice(value.indexOf('=') + 1).replace(/^!/, ''),
        fork(scope, { via: [...scope.via, 'git -c'] }),
      );
      write();
      return;
    }
  }
  if (frame.vars.some((name) => name.startsWith('GIT_') && !harmlessVariables.test(name))) {
    write();
    return;
  }
  if (elsewhere(args, scope, call))
    machine.emit({ kind: 'unknown', what: 'git with settings that are not the project’s', runs: false });
  const [subcommand, ...rest] = args.slice(at);
  if (subcommand === undefined) {
    machine.emit({ kind: 'git_read', command: call.shown });
    return UNKNOWN;
  }
  if (!isKnown(subcommand)) {
    machine.emit({ kind: 'unknown', what: `git with a subcommand that is not known`, runs: false });
    const known = [subcommand.replaceAll(UNKNOWN, ''), ...rest].filter((word) => word !== '');
    if (known[0] !== undefined && isKnown(known[0])) git({ ...call, args: known });
    return UNKNOWN;
  }
  if (subcommand === 'submodule' && inSubmodules(rest, scope, call)) return UNKNOWN;
  tell(judge(subcommand, rest, { ...call, frame: scope }), call);
  return outputOf(subcommand, rest, call);
}

/** True where git would obey other settings than the project's and the person's: those of a folder that is a repository by its looks. */
function elsewhere(args: readonly string[], frame: Frame, { machine }: Call): boolean {
  if (frame.foreign) return false;
  const { home, workspace } = machine.context;
  const [homeNow, config] = [frame.vars.get('HOME'), frame.vars.get('XDG_CONFIG_HOME')];
  if (homeNow !== undefined && homeNow !== home && homeNow !== '') return true;
  if (config !== undefined && config !== `${home}/.config` && config !== '') return true;
  const own = new Set([`${workspace}/.git`, `${machine.context.realpath(workspace)}/.git`]);
  for (const [index, arg] of args.entries()) {
    const value = arg === '--git-dir' ? args[index + 1] : /^--git-dir=(.*)$/s.exec(arg)?.[1];
    if (value !== undefined && !resolve(value, frame, machine.context).every((path) => own.has(path))) return true;
    if (!arg.startsWith('-')) break;
  }
  return frame.cwds.some((cwd) => {
    for (
      let at = cwd;
      at.length > workspace.length && at.startsWith(`${workspace}/`);
      at = at.replace(/\/[^/]*$/, '')
    ) {
      const head = isKnown(at) ? machine.file(`${at}/HEAD`) : undefined;
      if (head?.changed === true || /^(?:ref: |[\da-f]{40})/.test(head?.text ?? '')) return true;
    }
    return false;
  });
}

/** `git submodule foreach 'git log -1'`: where it is plain git, it is judged as that. Their folders lie below this one. */
function inSubmodules(rest: readonly string[], frame: Frame, { machine, shown }: Call): boolean {
  if (rest[0] !== 'foreach') return false;
  const at = rest.findIndex((arg, index) => index > 0 && !/^(?:-q|--quiet|--recursive)$/.test(arg));
  const words = at < 0 ? [] : rest.slice(at);
  const [text = ''] = words;
  const inner = fork(frame, { via: [...frame.via, 'git submodule foreach'] });
  if (words.length === 1 && /^git [\w .=/:@%^,+-]+$/.test(text)) machine.run(text, inner);
  else if (words.length > 1 && text === 'git') machine.invoke(words, inner);
  else return false;
  machine.emit({ kind: 'git_read', command: shown });
  return true;
}

function split(option: string): [string, string | undefined] {
  const equals = option.indexOf('=');
  return equals < 0 ? [option, undefined] : [option.slice(0, equals), option.slice(equals + 1)];
}

function isRisky(setting: string): boolean {
  const equals = setting.indexOf('=');
  const [key, value] = equals < 0 ? [setting, ''] : [setting.slice(0, equals), setting.slice(equals + 1)];
  if (!isKnown(key)) return true;
  if (/pager/i.test(key) && harmlessPager.test(value)) return false;
  if (/^core\.fsmonitor$/i.test(key) && /^(?:false|no|off|0)$/i.test(value)) return false;
  if (/^core\.hookspath$/i.test(key) && value === '/dev/null') return false;
  // Empty, these name no program.
  const none = /^(?:diff\.external|interactive\.difffilter|credential\.helper|core\.fsmonitor)$/i;
  return risky.test(key) && !(equals > 0 && value === '' && none.test(key));
}

function judge(subcommand: string, rest: readonly string[], call: Call): GitKind {
  if (rest.length === 1 && (rest[0] === '--help' || rest[0] === '-h')) return 'read';
  const rule = readOnly.get(subcommand);
  const kind = rule === undefined ? 'write' : typeof rule === 'string' ? rule : rule(rest);
  if (kind === 'write') return kind;
  const end = rest.indexOf('--');
  const options = end < 0 ? rest : rest.slice(0, end);
  for (const [index, option] of options.entries()) {
    if (
      /^(?:--ext-diff|--exec(?:-path)?|--upload-pack|--receive-pack)(?:=|$)/.test(option) &&
      subcommand !== 'rev-parse'
    )
      return 'write';
    if (option.startsWith('--ou') && !option.startsWith('--output-indicator')) {
      writePath(split(option)[1] ?? options[index + 1] ?? UNKNOWN, call.frame, call.machine);
    }
    if (
      kind === 'remote' &&
      (/^(?:-u|-o)$/.test(option) || /^(?:-c|--config|--template)(?:=|$)/.test(option) || option.startsWith('ext::'))
    )
      return 'write';
  }
  if (subcommand === 'archive' || subcommand === 'format-patch') {
    const at = rest.findIndex((arg) => arg === '-o' || arg === '--output-directory');
    if (at >= 0) writePath(rest[at + 1] ?? UNKNOWN, call.frame, call.machine);
    else if (subcommand === 'format-patch' && !rest.includes('--stdout')) writePath('.', call.frame, call.machine);
  }
  const outside = subcommand === 'diff' && rest.includes('--no-index');
  const untracked = subcommand === 'grep' && rest.some((arg) => /^--(?:no-index|untracked)$/.test(arg));
  for (const arg of rest) {
    // Paths of this machine: `diff`, `blame --contents` and others read them, repository or not.
    const value = arg.replace(/^--[\w-]+=/, '');
    if (plainPath.test(value) || (outside && !arg.startsWith('-')) || (untracked && isEnvFile(arg)))
      readPath(value, call.frame, call.machine);
  }
  if (subcommand === 'clone') {
    const words = rest.filter((arg) => !arg.startsWith('-'));
    if (words[1] !== undefined) writePath(words.at(-1) ?? UNKNOWN, call.frame, call.machine);
  }
  return kind;
}

function tell(kind: GitKind, call: Call): void {
  const kinds = { read: 'git_read', write: 'git_write', remote: 'git_remote' } as const;
  call.machine.emit({ kind: kinds[kind], command: call.shown });
}

/** Lists of files and names are harmless words; what else git prints is anything. */
function outputOf(subcommand: string, rest: readonly string[], { machine }: Call): string {
  if (subcommand === 'rev-parse') {
    if (rest.includes('--show-toplevel')) return rest.length === 1 ? `${machine.context.workspace}\n` : UNKNOWN;
    const at = rest.indexOf('--git-path');
    if (at >= 0) return `.git/${rest[at + 1] ?? ''}\n`;
    return rest.some((arg) => /^--(?:absolute-)?git-(?:common-)?dir$/.test(arg)) ? '.git\n' : SAFE;
  }
  const names = rest.some((arg) => /^--(?:name-only|name-status)$/.test(arg));
  if (/^(?:ls-files|ls-tree|merge-base|rev-list|describe|status|branch)$/.test(subcommand) || names) return SAFE;
  const lists = (arg: string): boolean =>
    /^--(?:files-with-matches|name-only)$/.test(arg) || (arg.includes('l') && /^-\w+$/.test(arg));
  if (subcommand === 'grep' && rest.some(lists)) return SAFE;
  return UNKNOWN;
}
