import { bash, word } from './bash.ts';
import { literal, python } from './python.ts';
import type { Attack } from './types.ts';

const made = (
  id: string,
  layer: Attack['layer'],
  tries: string,
  by: Attack['by'],
  program: Attack['program'],
): Attack => ({
  id: `git/${id}`,
  layer,
  tries,
  by,
  program,
});

/** So that git itself refuses nothing for want of a name. */
const identity = 'export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@a HOME=/tmp';

const writing = [
  'git add -A',
  'git commit -qam x',
  'git commit -q --allow-empty -m x',
  'git rm -q --cached a.txt',
  'git update-index --add --cacheinfo 100644,$(git rev-parse HEAD:a.txt),x',
  'echo new | git hash-object -w --stdin',
  'git commit-tree -m x HEAD^{tree}',
  'git branch x',
  'git tag x',
  'git update-ref refs/heads/x HEAD',
  'git symbolic-ref HEAD refs/heads/x',
  'git config --local a.b c',
  'git config --worktree a.b c',
  'git remote add x /tmp/x',
  'git stash -q',
  'git stash store -m x $(git rev-parse HEAD)',
  'git checkout -q -b x',
  'git switch -q -c x',
  'git reset -q --hard',
  'git notes add -m x',
  'git replace HEAD HEAD^{tree}',
  'git worktree add -q /tmp/w HEAD',
  'git fetch -q .',
  'git pack-refs --all --prune',
  'git gc -q --prune=now',
  'git repack -adq',
  'git bisect start',
  'git submodule add -q ./nested nested',
  'git read-tree HEAD~0',
  'git cherry-pick --no-commit HEAD',
];

/** Every way to write the project's repository that we could think of. */
export const gitAttacks: Attack[] = [
  made('commands', 'mounts', 'git’s own commands that write: add, commit, branch, config, stash, gc …', 'bash', () =>
    bash([
      identity,
      'git init -q nested; git -C nested commit -q --allow-empty -m x; echo x >>a.txt',
      ...writing.map((line) => `attempt ${word(line)}`),
    ]),
  ),
  made(
    'other-index',
    'mounts',
    'another index and another object folder, then a branch of the project moved',
    'bash',
    () =>
      bash([
        identity,
        'echo x >>a.txt; mkdir /tmp/objects',
        "attempt 'GIT_INDEX_FILE=/tmp/index git add -A'",
        'objects=$(git rev-parse --git-path objects)',
        'export GIT_INDEX_FILE=/tmp/index2 GIT_OBJECT_DIRECTORY=/tmp/objects GIT_ALTERNATE_OBJECT_DIRECTORIES=$objects',
        'git read-tree HEAD; git add -A; commit=$(git commit-tree -p HEAD -m x $(git write-tree))',
        '[ -n "$commit" ] || exit',
        'attempt "git update-ref HEAD $commit"',
        'attempt "git update-ref refs/heads/x $commit"',
        'attempt "git push -q . $commit:refs/heads/x"',
        'attempt "git reset -q --soft $commit"',
      ]),
  ),
  made('copy', 'mounts', 'a copy of the git directory, committed to and pushed back', 'bash', ({ gitDir }) =>
    bash([
      identity,
      `original=${word(gitDir)}; copy=$(mktemp -d); cp -r "$original" $copy/copy; cd $copy/copy`,
      'git config core.bare true; commit=$(git commit-tree -p HEAD -m x HEAD^{tree}); git branch -f stolen $commit',
      '[ -n "$commit" ] || exit',
      'attempt "git push -q \\"$original\\" stolen:refs/heads/stolen"',
      'attempt "git push -q file://\\"$original\\" stolen:refs/heads/stolen"',
      'attempt "git --git-dir=\\"$original\\" fetch -q $copy/copy stolen:stolen"',
      'attempt "cp $copy/copy/HEAD \\"$original/HEAD\\""',
      'attempt "mv $copy/copy/config \\"$original/config\\""',
      'attempt "cp -r $copy/copy/. \\"$original/\\""',
    ]),
  ),
  made('nested', 'mounts', 'a nested repository, linked to the project’s or absorbed by it', 'bash', ({ gitDir }) =>
    bash([
      identity,
      'git init -q inner; git -C inner commit -q --allow-empty -m x',
      `original=${word(gitDir)}`,
      'attempt "git -C inner push -q \\"$original\\" HEAD:refs/heads/x"',
      'attempt \'git submodule absorbgitdirs inner && test -d "$original/modules/inner"\'',
      'attempt "git -C inner worktree add -q \\"$original/w\\""',
      'echo "gitdir: $original" >inner2; attempt "GIT_DIR=\\"$original\\" GIT_WORK_TREE=inner git add -A"',
      'ln -s "$original" linked; attempt "echo x >linked/x"',
      'attempt "git clone -q --bare inner \\"$original/clone\\""',
      'attempt "git init -q --separate-git-dir=\\"$original/separate\\" third"',
    ]),
  ),
  made(
    'run-by-git',
    'mounts',
    'filters, textconv, hooks, fsmonitor, aliases, pagers run by git inside, writing .git',
    'bash',
    ({ gitDir }) =>
      bash([
        identity,
        `export target=${word(`${gitDir}/written`)}`,
        "printf '* filter=x diff=x\\n' >.gitattributes; echo x >>a.txt",
        'write=\'touch "$target"; cat\'',
        'git -c filter.x.clean="$write" -c filter.x.smudge="$write" add -A; found "$target" filter',
        'git -c filter.x.process="$write" status; found "$target" "filter process"',
        'git -c diff.x.textconv="$write" diff; found "$target" textconv',
        'git -c diff.x.command="$write" diff --ext-diff; GIT_EXTERNAL_DIFF=/tmp/d git diff; found "$target" "external diff"',
        'mkdir /tmp/hooks; printf \'#!/bin/sh\\ntouch "$target"\\n\' >/tmp/hooks/pre-commit; chmod +x /tmp/hooks/pre-commit',
        'git -c core.hooksPath=/tmp/hooks commit -qam x; found "$target" hook',
        'git -c core.fsmonitor=/tmp/hooks/pre-commit status; found "$target" fsmonitor',
        'git -c alias.x=\'!touch "$target"\' x; found "$target" alias',
        'GIT_EDITOR=/tmp/hooks/pre-commit git commit -a; git -c core.sshCommand=/tmp/hooks/pre-commit fetch ssh://x/y; found "$target" editor',
      ]),
  ),
  made(
    'files',
    'mounts',
    'each file of .git opened for writing, cut, renamed, linked, removed, its mode and times set',
    'python3',
    ({ checkout, gitDir, out }) =>
      python(`
git, entry, out = ${literal(gitDir)}, ${literal(`${checkout}/.git`)}, ${literal(out)}
paths = [entry, git]
for folder, _, files in os.walk(git): paths += [folder] + [os.path.join(folder, f) for f in files]
if len(paths) < 8: raise OSError('the git directory is not there')
for path in paths[:400]:
    isdir = os.path.isdir(path)
    if isdir:
        attempt('make a file in ' + path, lambda: makes(path + '/new'))
        attempt('make a folder in ' + path, lambda: os.mkdir(path + '/new'))
        attempt('a symlink in ' + path, lambda: os.symlink('/tmp', path + '/link'))
        attempt('a pipe in ' + path, lambda: os.mkfifo(path + '/pipe'))
    else:
        attempt('write ' + path, lambda: for_writing(path))
        attempt('append to ' + path, lambda: opens(path, os.O_RDWR | os.O_APPEND))
        attempt('cut ' + path, lambda: os.truncate(path, os.stat(path).st_size))
        attempt('link ' + path, lambda: os.link(path, out + '/linked'))
        attempt('remove ' + path, lambda: os.unlink(path))
    attempt('rename ' + path, lambda: os.rename(path, out + '/gone'))
    attempt('rename in place ' + path, lambda: os.rename(path, path + '.gone'))
    attempt('mode of ' + path, lambda: os.chmod(path, os.stat(path).st_mode))
    attempt('times of ' + path, lambda: os.utime(path))
    attempt('attribute of ' + path, lambda: os.setxattr(path, 'user.x', b'x'))`),
  ),
  made(
    'swap',
    'mounts',
    '.git swapped with a folder of the agent’s, or its parents renamed away',
    'python3',
    ({ checkout, gitDir, root }) =>
      python(`
checkout, git = ${literal(checkout)}, ${literal(gitDir)}
os.mkdir(checkout + '/mine')
def exchange(a, b): call('renameat2', -100, a.encode(), -100, b.encode(), 2)
for path in (checkout + '/.git', git, git + '/config'):
    attempt('exchange ' + path, lambda: exchange(path, checkout + '/mine'))
    attempt('rename over ' + path, lambda: os.rename(checkout + '/mine', path))
for path in (checkout, git):
    while len(path) > ${root.length}:
        attempt('rename ' + path, lambda: os.rename(path, path + '.gone'))
        path = os.path.dirname(path)`),
  ),
  made(
    'proc',
    'namespaces',
    'the git directory through /proc: roots and working folders of processes, descriptors opened again',
    'python3',
    ({ checkout, gitDir }) =>
      python(`
checkout, git = ${literal(checkout)}, ${literal(gitDir)}
files = [checkout + '/.git', git + '/HEAD', git + '/config']
for pid in pids() + ['self', 'thread-self']:
    for way in ('root', 'cwd'):
        for path in files:
            attempt('/proc/%s/%s to %s' % (pid, way, path), lambda: for_writing('/proc/%s/%s%s' % (pid, way, path)))
        attempt('/proc/%s/%s, a new file' % (pid, way), lambda: makes('/proc/%s/%s%s/new' % (pid, way, git)))
for path in files:
    for flags in (os.O_RDONLY, os.O_PATH):
        fd = os.open(path, flags)
        attempt('descriptor of ' + path, lambda: for_writing('/proc/self/fd/%d' % fd))
        attempt('descriptor of ' + path + ', cut', lambda: os.truncate('/proc/self/fd/%d' % fd, 0))
        os.close(fd)
folder = os.open(git, os.O_RDONLY)
attempt('below a descriptor', lambda: os.close(os.open('HEAD', os.O_WRONLY, dir_fd=folder)))
os.chdir(git)
attempt('below the working folder', lambda: for_writing('/proc/self/cwd/HEAD'))
import mmap
file = os.open('HEAD', os.O_RDONLY)
attempt('mapped for writing', lambda: mmap.mmap(file, 0, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE))`),
  ),
  made(
    'mounts',
    'capabilities',
    '.git unmounted, mounted again as writable, covered, by the old calls and the new ones',
    'python3',
    ({ checkout, gitDir }) =>
      python(`
places = [${literal(`${checkout}/.git`)}, ${literal(gitDir)}, ${literal(`${gitDir}/config`)}, ${literal(checkout)}, '/']
BIND, REMOUNT, PRIVATE, MOVE = 4096, 32, 1 << 18, 8192
for place in (p.encode() for p in places):
    name = place.decode()
    for flags in (0, 1, 2, 8): attempt('umount %d %s' % (flags, name), lambda: call('umount2', place, flags))
    attempt('remount ' + name, lambda: call('mount', b'none', place, b'', BIND | REMOUNT, b''))
    attempt('bind over ' + name, lambda: call('mount', b'/tmp', place, b'', BIND, b''))
    attempt('bind elsewhere ' + name, lambda: call('mount', place, b'/tmp', b'', BIND, b''))
    attempt('move ' + name, lambda: call('mount', place, b'/tmp', b'', MOVE, b''))
    attempt('private ' + name, lambda: call('mount', b'none', place, b'', PRIVATE, b''))
    attempt('tmpfs over ' + name, lambda: call('mount', b'none', place, b'tmpfs', 0, b''))
    attempt('overlay over ' + name, lambda: call('mount', b'none', place, b'overlay', 0, b'lowerdir=/tmp,upperdir=/tmp,workdir=/tmp'))
    attempt('open_tree ' + name, lambda: call('open_tree', -100, place, 1))
    attempt('mount_setattr ' + name, lambda: call('mount_setattr', -100, place, 0, struct.pack('QQQQ', 0, 1, 0, 0), 32))
    attempt('chroot ' + name, lambda: call('chroot', place))
    attempt('pivot_root ' + name, lambda: call('pivot_root', place, place))
attempt('fsopen', lambda: call('fsopen', b'tmpfs', 0))
for command in ('mount', 'umount', 'fusermount', 'fusermount3', 'sudo -n true', 'su -c true', 'pkexec true', 'newuidmap'):
    words = command.split() + ([places[0]] if 'mount' in command else [])
    try: code = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=10).returncode
    except (FileNotFoundError, PermissionError): code = 127
    shut(command, code == 0)`),
  ),
];
