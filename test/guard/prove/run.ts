import { chmodSync, chownSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { givenFor } from './given.ts';
import type { World } from './world.ts';

/** What one command did in its sandbox. */
export interface Seen {
  /** Exit code; undefined where it was ended after its time. */
  code: number | undefined;
  /** Paths that were made, written or deleted. */
  changed: string[];
  gone: string[];
  /** Watched files that were read. */
  read: string[];
  /** Watched folders whose names were read. */
  listed: string[];
  /** `host:port`, and names that were looked up. */
  reached: string[];
  /** New repositories. */
  gits: string[];
  /** Calls of git and of stand-ins. */
  calls: string[][];
  /** What watched it and was ended by it: the probe, or a process by the name of the agent's. */
  ended: string[];
  /** Of environments: `mark-of-another-process`, `mark-of-its-own`; of the settings of npm `mark-of-npmrc`: were in its output. */
  marks: string[];
  /** New links of the workspace that lead out of it. */
  links: string[];
  /** What it tried outside and was refused, in the words of the program. */
  refused: string[];
  /** The start of what it printed. */
  said: string;
}

const nothing = {
  ...{ code: undefined, changed: [], gone: [], read: [], listed: [], reached: [] },
  ...{ gits: [], calls: [], marks: [], refused: [], links: [] },
};

const told = z.object({
  code: z.number().nullable(),
  changed: z.array(z.string()),
  gone: z.array(z.string()),
  read: z.array(z.string()),
  listed: z.array(z.string()),
  reached: z.array(z.string()),
  gits: z.array(z.string()),
  ended: z.array(z.string()),
  marks: z.array(z.string()),
  refused: z.array(z.string()),
  links: z.array(z.string()),
  said: z.string(),
});

/** An unprivileged user where root runs this: limits bind only those. */
const somebody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const seconds = 8;
let number = 0;

/** Runs the command in a sandbox of its own, on a copy of the world, without network, as an ordinary user. */
export async function runCase(world: World, command: string): Promise<Seen> {
  const { sh = '', stdin = '', typed = '', ports = [], env = {} } = givenFor(command);
  number += 1;
  const [calls, out] = [join(world.folder, `calls-${number}`), join(world.folder, `out-${number}`)];
  for (const file of [calls, out]) {
    writeFileSync(file, '');
    chmodSync(file, 0o666);
    if (somebody.uid !== undefined) chownSync(file, somebody.uid, somebody.gid);
  }
  const capabilities = ['SYS_ADMIN', 'NET_ADMIN', 'NET_RAW', 'NET_BIND_SERVICE'];
  const flags = [
    ...['--unshare-all', '--unshare-user', '--uid', '1000', '--gid', '1000', '--die-with-parent', '--new-session'],
    ...['--hostname', 'here'],
    ...capabilities.flatMap((name) => ['--cap-add', `CAP_${name}`]),
    ...['--clearenv', '--setenv', 'PATH', '/usr/bin:/bin', ...world.mounts],
    ...['--bind', calls, '/proof/calls', '--bind', out, '/proof/out', '--chdir', '/'],
  ];
  try {
    const { stdout, stderr } = await execa('bwrap', [...flags, 'python3', '-S', '-E', '/proof/probe.py'], {
      ...somebody,
      cwd: '/',
      extendEnv: false,
      env: { PATH: process.env.PATH, PROOF: 'mark-of-another-process' },
      input: JSON.stringify({
        command,
        ...{ given: sh, stdin, typed, ports, variables: env },
        seconds,
        env: world.env,
        roots: [
          '/repo',
          '/other-project',
          '/sibling',
          '/home',
          '/srv',
          '/etc',
          '/root',
          '/opt',
          '/var',
          '/mnt',
          '/shift',
          '/data',
          '/remote',
          ...['/dev/sda', '/dev/sdb', '/dev/nvme0n1', '/other', '/usr/local'],
        ],
        watched: [
          '/home',
          '/srv',
          '/other-project',
          '/sibling',
          '/root',
          '/opt',
          '/etc/shadow',
          ...['/etc/sudoers', '/run/secrets', '/var/run', '/other', '/x', '/x.sh', '/x.yml'],
          ...['/repo/.env', '/repo/.env.local', '/repo/.env.production', '/repo/packages/api/.env'],
        ],
      }),
      timeout: 60_000,
      killSignal: 'SIGKILL',
      reject: false,
    });
    // A probe without an answer was ended by what it watches.
    if (stdout === '') return { ...nothing, ended: ['probe'], said: stderr.slice(-300) };
    const { code, ...rest } = told.parse(JSON.parse(stdout));
    const words = readFileSync(calls, 'utf8').split('\x1e\0').filter(Boolean);
    return { ...rest, code: code ?? undefined, calls: words.map((one) => one.split('\0').slice(0, -1)) };
  } finally {
    for (const file of [calls, out]) rmSync(file, { force: true });
  }
}
