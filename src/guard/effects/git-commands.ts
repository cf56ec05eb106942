import { isKnown } from '../marks.ts';

export type GitKind = 'read' | 'remote' | 'write';
type Rule = GitKind | ((args: readonly string[]) => GitKind);

const words = (args: readonly string[]): string[] => args.filter((arg) => !arg.startsWith('-'));
const any = (args: readonly string[], ...names: string[]): boolean =>
  args.some((arg) => names.some((name) => arg === name || (name.startsWith('--') && arg.startsWith(`${name}=`))));
/** True where a cluster of short options holds one of these letters (`letters` has blanks between them). */
const letter = (args: readonly string[], letters: string): boolean =>
  args.some((arg) => /^-[a-zA-Z]/.test(arg) && letters.split(' ').some((one) => arg.includes(one)));
const alone =
  (option: string): Rule =>
  (args) =>
    args.length === 1 && args[0] === option ? 'read' : 'write';
const first =
  (table: Record<string, GitKind>, bare: GitKind = 'write'): ((args: readonly string[]) => GitKind) =>
  (args) => {
    const word = args.find((arg) => !arg.startsWith('-'));
    return word === undefined
      ? args.length === 0
        ? bare
        : 'write'
      : Object.hasOwn(table, word)
        ? (table[word] ?? 'write')
        : 'write';
  };

const takesValue =
  /^(?:-[a-zA-Z]*[mFCctos]|--(?:message|file|author|date|cleanup|fixup|squash|reuse-message|reedit-message|template|trailer|pathspec-from-file|chmod|repo|push-option))$/;

/** `--dry-run`, as an option and not as the value of one (`commit -m --dry-run`). */
function triesOnly(args: readonly string[], short?: string): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  if (options.some((arg) => arg.startsWith('--no-d') || /^-[a-zA-Z]*[ipe]/.test(arg))) return false;
  return options.some(
    (arg, index) =>
      (arg === '--dry-run' || (short !== undefined && arg === `-${short}`)) &&
      !takesValue.test(options[index - 1] ?? ''),
  );
}

const lists = ['--list', '--contains', '--no-contains', '--merged', '--no-merged', '--points-at'];

/** The subcommands that may pass, and when. What is not here writes. */
export const readOnly: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...'log show diff status blame annotate shortlog describe rev-parse rev-list ls-files ls-tree cat-file merge-base name-rev for-each-ref show-ref diff-tree diff-index diff-files whatchanged cherry range-diff count-objects var check-ignore check-attr check-ref-format check-mailmap version help verify-commit verify-tag verify-pack show-branch show-index get-tar-commit-id patch-id stripspace column diff-pairs format-patch archive last-modified cliff standup summary effort'
    .split(' ')
    .map((name) => [name, 'read'] as const),
  ['grep', (args) => (args.some((arg) => /^-O|^--open-files/.test(arg)) ? 'write' : 'read')],
  ['archive', (args) => (any(args, '--remote', '--exec') ? 'write' : 'read')],
  ['fsck', (args) => (any(args, '--lost-found') ? 'write' : 'read')],
  ['show-ref', (args) => (any(args, '--exclude-existing') ? 'write' : 'read')],
  ['commit', (args) => (triesOnly(args) ? 'read' : 'write')],
  ['add', (args) => (triesOnly(args, 'n') ? 'read' : 'write')],
  ['rm', (args) => (triesOnly(args, 'n') ? 'read' : 'write')],
  ['mv', (args) => (triesOnly(args, 'n') ? 'read' : 'write')],
  ['push', (args) => (triesOnly(args, 'n') && !any(args, '--receive-pack', '--exec') ? 'remote' : 'write')],
  ['fetch', 'remote'],
  ['clone', 'remote'],
  ['ls-remote', 'remote'],
  ['branch', branch],
  ['tag', tag],
  ['config', config],
  ['remote', remote],
  ['stash', first({ list: 'read', show: 'read' })],
  ['reflog', (args) => (/^(?:expire|delete|drop|write)$/.test(words(args)[0] ?? '') ? 'write' : 'read')],
  ['worktree', first({ list: 'read' })],
  ['submodule', first({ status: 'read', summary: 'read' }, 'read')],
  ['notes', first({ list: 'read', show: 'read' }, 'read')],
  // What follows `view` is for `git log` where it begins with an option, else a command.
  [
    'bisect',
    (args) =>
      /^(?:view|visualize)$/.test(args[0] ?? '')
        ? args.length > 1 && args.slice(1).every((arg) => arg.startsWith('-'))
          ? 'read'
          : 'write'
        : first({ log: 'read' })(args),
  ],
  ['refs', first({ verify: 'read' })],
  ...(['mergetool', 'difftool'] as const).map((name): [string, Rule] => [name, alone('--tool-help')]),
  ...(['rebase', 'am'] as const).map((name): [string, Rule] => [name, alone('--show-current-patch')]),
  ['sparse-checkout', first({ list: 'read' })],
  ['lfs', first({ 'ls-files': 'read', status: 'read', env: 'read', version: 'read' }, 'read')],
  ['bundle', first({ verify: 'read', 'list-heads': 'read' })],
  ['rerere', first({ status: 'read', diff: 'read', remaining: 'read' })],
  ['symbolic-ref', (args) => (words(args).length === 1 && !any(args, '-d', '--delete', '-m') ? 'read' : 'write')],
  ['hash-object', (args) => (letter(args, 'w') ? 'write' : 'read')],
  [
    'apply',
    (args) => (any(args, '--check', '--stat', '--numstat', '--summary') && !any(args, '--apply') ? 'read' : 'write'),
  ],
  ['clean', (args) => ((any(args, '--dry-run') || letter(args, 'n')) && !letter(args, 'i') ? 'read' : 'write')],
  ['merge-file', (args) => (any(args, '-p', '--stdout') ? 'read' : 'write')],
  ['interpret-trailers', (args) => (any(args, '--in-place') ? 'write' : 'read')],
  ['replace', (args) => (any(args, '-l', '--list') || args.length === 0 ? 'read' : 'write')],
  // Without `--trivial-merge` (or its three trees) it writes the merge into the object store.
  [
    'merge-tree',
    (args) =>
      any(args, '--write-tree') || (words(args).length < 3 && !any(args, '--trivial-merge')) ? 'write' : 'read',
  ],
  ['mktree', 'write'],
]);

const writing =
  'add am apply archimport bisect checkout cherry-pick ci citool clean clone co commit commit-graph commit-tree credential cvsimport daemon fast-import fetch fetch-pack filter-branch filter-repo flow fsck gc gui hash-object hook http-push imap-send index-pack init init-db instaweb lfs maintenance merge mergetool mktag mktree multi-pack-index mv notes pack-objects pack-refs prune pull push read-tree rebase receive-pack reflog remote repack replace request-pull rerere reset restore revert rm send-email send-pack shell sparse-checkout stage stash submodule subtree svn switch symbolic-ref tag unpack-objects update-index update-ref update-server-info upload-pack worktree write-tree'.split(
    ' ',
  );
const known = new Set([...writing, ...readOnly.keys()]);

/** True for a word that may follow `git`: one of its commands, an option, or what nobody knows. */
export const isGitCommand = (word: string): boolean => known.has(word) || word.startsWith('-') || !isKnown(word);

function branch(args: readonly string[]): GitKind {
  const writes = [
    '--delete',
    '--move',
    '--copy',
    '--force',
    '--set-upstream-to',
    '--unset-upstream',
    '--edit-description',
    '--track',
    '--no-track',
    '--create-reflog',
    '--set-upstream',
  ];
  if (
    letter(
      args.filter((arg) => !arg.startsWith('--')),
      'd D m M c C u f t',
    ) ||
    any(args, ...writes)
  )
    return 'write';
  const listing =
    any(args, ...lists, '-l', '-a', '-r', '--all', '--remotes', '--show-current') || letter(args, 'l a r');
  return words(args).length === 0 || listing ? 'read' : 'write';
}

function tag(args: readonly string[]): GitKind {
  const short = args.filter((arg) => !arg.startsWith('--'));
  if (
    letter(short, 'd a s f m F u') ||
    any(args, '--delete', '--annotate', '--sign', '--force', '--message', '--file', '--local-user', '--edit')
  )
    return 'write';
  if (words(args).length === 0) return 'read';
  return any(args, ...lists, '--verify') || letter(short, 'l n v') ? 'read' : 'write';
}

function config(args: readonly string[]): GitKind {
  const writes = [
    '--add',
    '--unset',
    '--unset-all',
    '--replace-all',
    '--rename-section',
    '--remove-section',
    '--edit',
    '-e',
  ];
  if (any(args, ...writes)) return 'write';
  const [word, ...rest] = words(args);
  if (
    any(args, '--get', '--get-all', '--get-regexp', '--get-urlmatch', '--get-color', '--get-colorbool', '--list', '-l')
  )
    return 'read';
  if (word === 'get' || word === 'list') return 'read';
  if (word === undefined || /^(?:set|unset|edit|rename-section|remove-section)$/.test(word)) return 'write';
  const fileOption = args.some(
    (arg) => arg === '-f' || arg === '--file' || arg === '--blob' || arg === '--default' || arg === '--type',
  );
  return rest.length === 0 || (fileOption && rest.length === 1) ? 'read' : 'write';
}

function remote(args: readonly string[]): GitKind {
  const [word] = words(args);
  if (word === undefined || word === 'get-url') return 'read';
  if (word === 'show') return any(args, '-n') || words(args).length === 1 ? 'read' : 'remote';
  return word === 'update' ? 'remote' : 'write';
}
