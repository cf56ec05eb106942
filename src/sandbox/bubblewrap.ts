import { accessSync, constants, existsSync, lstatSync, readlinkSync } from 'node:fs';
import { limitMeans } from './limits/means.ts';
import { limitedCommand } from './limits/rlimits.ts';
import type { Sandbox, SandboxLimits, SandboxPolicy } from './types.ts';
import { environment } from './environment.ts';
import { planMounts } from './mounts.ts';
import { callFilter } from './seccomp.ts';

/** HOME where the policy names none: an empty folder in memory. */
export const defaultHome = '/home/agent';

/** Of /etc only what programs need to run: no shadow, no host keys, no credentials of the machine. */
const etc = [
  'alternatives',
  'ca-certificates',
  'crypto-policies',
  'fonts',
  'group',
  'host.conf',
  'hosts',
  'java-17-openjdk',
  'java-21-openjdk',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'nsswitch.conf',
  'os-release',
  'passwd',
  'pki',
  'protocols',
  'services',
  'ssl',
  'terminfo',
];

/** Keys of the machine in folders that are shown: their owner reads them without any capability. */
const privateKeys = ['/etc/ssl/private', '/etc/pki/tls/private', '/etc/pki/rsyslog', '/etc/pki/CA/private'];

const MiB = 1024 * 1024;
/** Made by the last of the options: see `wrap`. */
const seal = '/run/sealed';

/**
 * Linux: a process in its own namespaces with an allow-list of mounts, no network but its own loopback, no
 * capabilities, and a filter of system calls.
 */
export function bubblewrap({ bwrap }: { bwrap: string }): Sandbox {
  const filter = callFilter(process.arch);
  return {
    kind: 'bubblewrap',
    wrap(policy, command) {
      const { limits } = policy;
      const rlimited = { processes: limitMeans().processes === 'rlimit' };
      const home = policy.env.HOME ?? defaultHome;
      const { options, empties } = planMounts(policy);
      const bound = boundIn(options);
      const above = foldersAbove(bound, home);
      return {
        file: bwrap,
        // Were the daemon killed while it writes the options, bwrap would take their first part for the whole and
        // start the command half protected. The --chmod fails unless the very last option was read.
        args: [
          '--json-status-fd',
          '4',
          '--args',
          '3',
          '--chmod',
          '0555',
          seal,
          '--',
          ...limitedCommand(command, limits, rlimited),
        ],
        env: {},
        cwd: '/',
        options: [
          ...['--die-with-parent', '--new-session', '--unshare-user', '--unshare-all', '--disable-userns'],
          ...['--cap-drop', 'ALL', '--hostname', 'dayshift', '--clearenv'],
          ...(filter === undefined ? [] : ['--seccomp', '5']),
          ...setEnvironment(policy),
          ...system(limits),
          ...folder(home, bound, limits),
          ...above.flatMap((path) => ['--size', String(MiB), '--tmpfs', path]),
          ...options,
          ...above.flatMap((path) => ['--remount-ro', path]),
          ...['--chdir', policy.cwd],
          // The root folder itself and /dev are memory too: without this they would be writable and without a limit.
          ...['--remount-ro', '/dev', '--remount-ro', '/'],
        ],
        last: ['--dir', seal],
        empties,
        ...(filter === undefined ? {} : { filter }),
      };
    },
  };
}

function setEnvironment(policy: SandboxPolicy): string[] {
  const env = environment(policy, { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: defaultHome });
  return Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]);
}

/** /tmp and /home lie in memory: without a size of their own they could take half of the machine's, each. */
function scratch({ tmpMb }: SandboxLimits): string[] {
  return tmpMb === 0 ? [] : ['--size', String(tmpMb * MiB)];
}

function system(limits: SandboxLimits): string[] {
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap(asOnHost),
    ...['--dir', '/etc'],
    ...etc.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...privateKeys.flatMap((path) =>
      existsSync(path) ? ['--perms', '0555', '--tmpfs', path, '--remount-ro', path] : [],
    ),
    ...['--proc', '/proc'],
    ...coverProc(),
    ...['--dev', '/dev', '--perms', '1777', '--size', String(256 * MiB), '--tmpfs', '/dev/shm'],
    ...['--perms', '1777', ...scratch(limits), '--tmpfs', '/tmp'],
    ...['--size', String(16 * MiB), '--tmpfs', '/run'],
    ...[...scratch(limits), '--tmpfs', '/home'],
  ];
}

/**
 * Of /proc a process inside needs no more than to read, besides its own. As root /proc/sys/kernel/core_pattern, a way out
 * to the host, would be writable even without capabilities; anybody's are the settings of the namespaces inside. The
 * names of the user's keys are nobody's business.
 */
function coverProc(): string[] {
  return [
    ...['--ro-bind', '/proc/sys', '/proc/sys'],
    ...['sysrq-trigger', 'keys', 'key-users', ...kernelMemory.filter((name) => isReadable(`/proc/${name}`))].flatMap(
      (name) => (existsSync(`/proc/${name}`) ? ['--ro-bind', '/dev/null', `/proc/${name}`] : []),
    ),
    ...['irq', 'bus', 'acpi', 'fs', 'scsi'].flatMap((name) => ['--ro-bind-try', `/proc/${name}`, `/proc/${name}`]),
  ];
}

/** What only root may read of the kernel’s memory, with no capability asked for. */
const kernelMemory = [
  'allocinfo',
  'kpagecgroup',
  'kpagecount',
  'kpageflags',
  'pagetypeinfo',
  'slabinfo',
  'timer_list',
  'vmallocinfo',
];

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false; // not there, or not for this user: then not inside either
  }
}

/**
 * The uppermost folders that have to be made in memory for what is bound below them. They become mounts of their own,
 * read-only, so that nobody inside moves them away and puts something else in the place of a bound path.
 */
function foldersAbove(bound: readonly string[], home: string): string[] {
  const tops = bound.flatMap((path) => {
    const memory = [...(isInMemory(home) ? [home] : []), '/tmp', '/home', '/run'].find((top) => isBelow(path, top));
    if (memory === undefined) return [];
    const [first = '', ...deeper] = path.slice(memory.length + 1).split('/');
    return deeper.length === 0 ? [] : [`${memory}/${first}`];
  });
  return [...new Set(tops)].filter((top) => !bound.includes(top) && top !== home && !isBelow(home, top));
}

/** Paths inside that `options` bind something to. */
function boundIn(options: readonly string[]): string[] {
  return options.flatMap((option, index) =>
    ['--bind', '--ro-bind', '--ro-bind-data'].includes(option) ? [options[index + 2] ?? ''] : [],
  );
}

const isInMemory = (path: string) => /^\/(home|tmp|run)\/./.test(path);
const isBelow = (path: string, folder: string) => path.startsWith(`${folder}/`);

/** A link where the host has a link (`/bin -> usr/bin`), a bind where it has a folder, nothing where it has nothing. */
function asOnHost(path: string): string[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  return stat.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/**
 * HOME must be there; where it is no bound folder it is made in the memory of /home, /tmp or /run. Where something is
 * bound below it, as for a person who is called like it, it is a mount too: see `foldersAbove`.
 */
function folder(home: string, bound: readonly string[], limits: SandboxLimits): string[] {
  if (!isInMemory(home)) return [];
  const holds = bound.some((path) => isBelow(path, home));
  return holds ? [...scratch(limits), '--tmpfs', home] : ['--dir', home];
}
