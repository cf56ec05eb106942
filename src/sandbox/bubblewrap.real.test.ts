import { closeSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { noLimits } from './limits/means.ts';
import { runCommand } from './run-command.ts';
import { readableOnce } from './seccomp.ts';
import { folder, policy, realBubblewrap } from './testing.ts';
import type { SandboxPolicy } from './types.ts';

vi.setConfig({ testTimeout: 60_000 });

const sandbox = await realBubblewrap();
const inside = test.skipIf(sandbox === undefined);

/** What a line of shell prints inside, and whether it worked. */
async function shell(line: string, more: Partial<SandboxPolicy> = {}) {
  const { exitCode, tail } = await runCommand(sandbox!, policy(more), line, { timeoutMs: 30_000 });
  return { exitCode, tail };
}

inside('of the host only programs and the named parts of /etc are there', async () => {
  const { tail } = await shell('ls -A / /home /run /tmp; ls -A /etc');
  const words = tail.split(/\s+/);
  for (const absent of [
    'root',
    'var',
    'srv',
    'opt',
    'mnt',
    'media',
    'boot',
    'sys',
    'shadow',
    'ssh',
    'sudoers',
    'environment',
  ]) {
    expect(words).not.toContain(absent);
  }
  expect(words).toContain('passwd');
});

inside('the environment is the policy’s, and the first process shows no other', async () => {
  process.env.DAYSHIFT_TEST_SECRET = 'never inside';
  onTestFinished(() => {
    delete process.env.DAYSHIFT_TEST_SECRET;
  });
  const { tail } = await shell('env; cat /proc/*/environ /proc/*/cmdline | tr "\\0" "\\n"', {
    env: { FOO: 'a b\n"c"' },
  });
  expect(tail).toContain('FOO=a b\n"c"');
  expect(tail).not.toContain('never inside');
  expect(tail).not.toContain(process.env.PATH ?? '');
});

inside('environment values are not in any command line of the host', async () => {
  const marker = `secret-${Math.random().toString(36).slice(2)}`;
  const dir = folder();
  const line = 'touch ready; while [ ! -e go ]; do sleep 0.01; done';
  const running = shell(line, { writable: [dir], cwd: dir, env: { KEY: marker } });
  await expect.poll(() => existsSync(join(dir, 'ready'))).toBe(true);
  const { stdout } = await execa('ps', ['-eww', '-o', 'args=']);
  expect(stdout).not.toContain(marker);
  writeFileSync(join(dir, 'go'), '');
  expect((await running).exitCode).toBe(0);
});

inside('the host’s processes cannot be seen', async () => {
  const { tail } = await shell('ls -d /proc/[0-9]* | wc -l');
  expect(Number(tail)).toBeLessThan(8);
});

inside('loopback ports, unix sockets and abstract sockets of the host cannot be reached', async () => {
  const dir = folder();
  const greet = (at: number | string | { path: string }) =>
    new Promise<AddressInfo | string | null>((resolve) => {
      const server = createServer((socket) => socket.end('host'));
      onTestFinished(() => void server.close());
      const listening = () => resolve(server.address());
      if (typeof at === 'number') server.listen(at, '127.0.0.1', listening);
      else server.listen(at, listening);
    });
  const { port } = (await greet(0)) as AddressInfo;
  await greet(join(dir, 'host.sock'));
  const abstract = `dayshift-test-${process.pid}`;
  await greet({ path: `\0${abstract}` });
  const probe = `
import socket
def reach(family, address):
    try:
        with socket.socket(family) as s:
            s.settimeout(2); s.connect(address); return s.recv(9).decode()
    except OSError as error: return type(error).__name__
print(reach(socket.AF_INET, ('127.0.0.1', ${port})), reach(socket.AF_UNIX, ${JSON.stringify(join(dir, 'host.sock'))}), reach(socket.AF_UNIX, '\\0${abstract}'))
`;
  const host = await execa('/usr/bin/python3', ['-c', probe]);
  expect(host.stdout).toBe('host host host');
  const { tail } = await shell(`/usr/bin/python3 -c ${quoted(probe)}`);
  expect(tail).toBe('ConnectionRefusedError FileNotFoundError ConnectionRefusedError');
});

inside('it may write in what is writable and in its scratch folders only', async () => {
  const dir = folder();
  mkdirSync(join(dir, 'work'));
  mkdirSync(join(dir, 'read'));
  const places = [
    join(dir, 'work'),
    '/tmp',
    '/home/agent',
    join(dir, 'read'),
    '/',
    '/usr',
    '/etc',
    '/dev',
    '/usr/local/bin',
  ];
  const line = places.map((place) => `touch ${quoted(join(place, 'new'))} 2>/dev/null; echo $?`).join('\n');
  const { tail } = await shell(line, { writable: [join(dir, 'work')], readable: [join(dir, 'read')], env: { X: '' } });
  expect(tail.split('\n')).toEqual(['0', '0', '0', '1', '1', '1', '1', '1', '1']);
  expect(existsSync(join(dir, 'work', 'new'))).toBe(true);
});

inside('a git directory bound read-only can be read and not changed', async () => {
  const dir = folder();
  const git = (...args: string[]) => execa('git', ['-C', dir, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args]);
  await git('init', '-q');
  writeFileSync(join(dir, 'a'), '1');
  await git('add', '.');
  await git('commit', '-qm', 'first');
  const { tail } = await shell(
    'git status --short && echo 2 >a && git diff --stat && git add a; git commit -qam x; git stash; mv .git g; rm -rf .git; git log --oneline | wc -l',
    { writable: [dir], readable: [join(dir, '.git')], cwd: dir, env: { GIT_AUTHOR_NAME: 'x', EMAIL: 'x@x' } },
  );
  expect(tail).toMatch(/1 file changed/);
  expect(tail).toMatch(/Read-only file system/);
  expect(tail.endsWith('\n1')).toBe(true);
  expect((await git('status', '--porcelain')).stdout).toBe(' M a');
});

inside('what is hidden reads as empty, and nothing is left where there was nothing', async () => {
  const dir = folder();
  writeFileSync(join(dir, '.env'), 'KEY=1');
  mkdirSync(join(dir, '.secrets'));
  writeFileSync(join(dir, '.secrets', 'key'), 'K');
  const hidden = ['.env', '.env.local', '.secrets'].map((name) => join(dir, name));
  const { tail } = await shell(
    'wc -c <.env; ls -A .secrets; (echo x >.env) 2>&1; rm -f .env; cat .env; touch .secrets/a',
    {
      writable: [dir],
      hidden,
      cwd: dir,
    },
  );
  expect(tail).toMatch(/^0\n.*Read-only file system\n.*busy\n.*Read-only file system$/s);
  expect(readFileSync(join(dir, '.env'), 'utf8')).toBe('KEY=1');
  expect(existsSync(join(dir, '.env.local'))).toBe(false);
});

inside(
  'there are no capabilities, no mounts to undo, no new user namespaces, no kernel settings to change',
  async () => {
    const dir = folder();
    mkdirSync(join(dir, '.git'));
    const { tail } = await shell(
      `grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status | sort -u -k2 | cut -f2
     umount .git 2>/dev/null; echo umount $?
     mount -o remount,rw .git 2>/dev/null; echo mount $?
     unshare -U true 2>/dev/null; echo unshare $?
     for f in kernel/core_pattern kernel/modprobe vm/drop_caches kernel/hostname; do (echo x >/proc/sys/$f) 2>/dev/null && echo $f is open; done
     (echo b >/proc/sysrq-trigger) 2>/dev/null && echo sysrq is open
     mknod /tmp/disk b 8 0 2>/dev/null && cat /tmp/disk >/dev/null && echo disk is open
     ls /dev`,
      { writable: [dir], readable: [join(dir, '.git')], cwd: dir },
    );
    expect(tail).toMatch(/^0000000000000000\numount [1-9]\d*\nmount [1-9]\d*\nunshare [1-9]\d*\n(?!.*open)/);
    expect(tail.split('\n').filter((line) => line.endsWith('open'))).toEqual([]);
    expect(tail).not.toMatch(/\b(sda|vda|nvme0|kvm|mem|fuse)\b/);
  },
);

inside('descriptors that the daemon inherited do not go inside', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'secret'), 'through the descriptor');
  const line = 'for f in /proc/self/fd/*; do readlink $f; done; ls /proc/self/fd/9/';
  const { stdout } = await execa('/bin/bash', [
    '-c',
    `exec 9<"$1" 200<"$1/secret"; exec "$2" --input-type=module-typescript -e "$3"`,
    ...[
      'bash',
      dir,
      process.execPath,
      script(`print((await runCommand(sandbox, bare, ${JSON.stringify(line)})).tail)`),
    ],
  ]);
  expect(stdout).toContain('/dev/null');
  expect(stdout).not.toContain('secret');
  expect(stdout).not.toContain(dir);
});

inside('paths with quotes, spaces and line breaks are paths like others', async () => {
  const dir = folder('$(touch x) `a` "b"\n--ro-bind \'c\'');
  const { tail } = await shell('echo here >"a b"; pwd; cat "$F"', {
    writable: [dir],
    cwd: dir,
    env: { F: join(dir, 'a b') },
  });
  expect(tail).toBe(`${dir}\nhere`);
});

inside('memory that serves as a scratch folder has a limit', async () => {
  const { tail } = await shell('df -m --output=size,target /tmp /home /run /dev/shm | tail -n +2', {
    limits: { ...noLimits, tmpMb: 100 },
  });
  expect(tail.replaceAll(/ +/g, ' ')).toBe(' 100 /tmp\n 100 /home\n 16 /run\n 256 /dev/shm');
});

inside('a symlink that an agent planted opens nothing of the host', async () => {
  const dir = folder();
  const secrets = folder('secrets');
  writeFileSync(join(secrets, 'key'), 'of the host');
  const up = '../'.repeat(20);
  symlinkSync(up + secrets.slice(1), join(dir, '.claude'));
  symlinkSync(up + join(secrets, 'key').slice(1), join(dir, '.env'));
  const { tail } = await shell('cat .claude/key .env', {
    writable: [dir],
    readable: [join(dir, '.claude')],
    hidden: [join(dir, '.env')],
    cwd: dir,
  });
  expect(tail).not.toContain('of the host');
  const placed = [{ from: join(secrets, 'key'), to: join(dir, '.claude', 'key') }];
  await expect(shell('true', { writable: [dir], placed, cwd: dir })).rejects.toThrow(/symlink/);
});

inside('options that were cut off by the daemon’s death start nothing', async () => {
  const wrapped = sandbox!.wrap(policy(), ['/bin/echo', 'started']);
  const options = [...wrapped.options!, ...wrapped.last!];
  for (const part of [0, 10, options.length - 2]) {
    const all = options
      .slice(0, part)
      .map((option) => `${option}\0`)
      .join('');
    const filter = readableOnce(wrapped.filter ?? Buffer.of()) as 0;
    const bwrap = execa(wrapped.file, wrapped.args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', filter],
      reject: false,
      buffer: { fd3: false },
    });
    (bwrap.nodeChildProcess.stdio[3] as NodeJS.WritableStream).end(all);
    const { stdout, exitCode } = await bwrap;
    closeSync(filter);
    expect({ part, stdout, exitCode }).toEqual({ part, stdout: '', exitCode: 1 });
  }
});

test.skipIf(sandbox === undefined || process.getuid?.() !== 0)(
  'an ordinary user’s sandbox holds the same',
  async () => {
    const program = script(
      `print((await runCommand(sandbox, bare, 'id -u; ls -A /; grep CapEff /proc/self/status; umount /usr; touch /x /tmp/y; (sleep 1000 &)')).tail);`,
    );
    const node = realpathSync(process.execPath);
    const args = [
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      node,
      '--input-type=module-typescript',
      '-e',
      program,
    ];
    const { stdout } = await execa('/usr/bin/setpriv', args, { cwd: '/' });
    expect(stdout).toMatch(/^65534\nbin\n/);
    expect(stdout).not.toMatch(/^(root|var)$/m);
    expect(stdout).toMatch(/CapEff:\t0{16}/);
    expect(stdout).toMatch(/umount: .*\ntouch: .*Read-only file system$/);
  },
);

/** A program of its own that has a sandbox. */
function script(body: string): string {
  const at = JSON.stringify(new URL('./index.ts', import.meta.url).href);
  return `import { chooseSandbox, runCommand } from ${at};
    const { sandbox } = await chooseSandbox('bubblewrap', process.env) as any;
    const bare = ${JSON.stringify(policy())};
    const print = (text: string) => process.stdout.write(text);
    ${body}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

inside(
  'what is bound below HOME stays where it is, as for a person who is called like it, and HOME is writable',
  async () => {
    const from = join(folder(), 'settings');
    writeFileSync(from, 'the person’s');
    const to = '/home/agent/project/own/settings';
    const ways = ['mv /home/agent /home/gone', 'mv ~/project ~/gone', 'mv ~/project/own ~/gone', 'touch ~/project/new'];
    const line = `for way in ${ways.map((way) => `'${way}'`).join(' ')}; do eval "$way" 2>/dev/null && echo "$way"; done; touch ~/mine && cat ${to}`;
    expect(await shell(line, { placed: [{ from, to }] })).toEqual({ exitCode: 0, tail: 'the person’s' });
  },
);
