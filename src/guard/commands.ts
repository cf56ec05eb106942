import { archives } from './effects/archives.ts';
import { builders } from './effects/builders.ts';
import { withDeeds } from './effects/deeds.ts';
import { databaseNames, databases } from './effects/database.ts';
import { editors } from './effects/editors.ts';
import { files } from './effects/files.ts';
import { installers } from './effects/installers.ts';
import { readers } from './effects/readers.ts';
import { network } from './effects/network.ts';
import { packages } from './effects/packages.ts';
import { system } from './effects/system.ts';
import { vcs, vcsByPlainName } from './effects/vcs.ts';
import type { Handler } from './machine.ts';
import { builtins } from './shell/builtins.ts';
import { containers } from './unwrap/containers.ts';
import { finders } from './unwrap/find.ts';
import { interpreters } from './unwrap/interpreters.ts';
import { makers } from './unwrap/make.ts';
import { taskFiles } from './unwrap/task-files.ts';
import { shells } from './unwrap/shells.ts';
import { wrappers } from './unwrap/wrappers.ts';

/** Every program that the guard knows, by name. */
export const commandTable: { handlers: ReadonlyMap<string, Handler>; dangerous: ReadonlySet<string> } = {
  handlers: new Map(
    Object.entries(
      withDeeds({
        ...system,
        ...files,
        ...readers,
        ...archives,
        ...editors,
        ...network,
        ...packages,
        ...installers,
        ...builders,
        ...finders,
        ...interpreters,
        ...makers,
        ...taskFiles,
        ...containers,
        ...shells,
        ...wrappers,
        ...databases,
        ...vcs,
        ...vcsByPlainName,
        ...builtins,
      }),
    ),
  ),
  /** Those whose ordinary use is denied: looked for where a command may be hidden. */
  dangerous: new Set([
    ...Object.keys(vcs),
    ...databaseNames,
    ...Object.keys(shells),
    ...[
      'rm',
      'shred',
      'claude',
      'sudo',
      'env',
      'xargs',
      'eval',
      'ssh',
      'scp',
      'nc',
      'curl',
      'wget',
      'npx',
      'dd',
      'npm',
      'pnpm',
      'yarn',
      'bun',
      'twine',
      'gem',
      'docker',
      'kubectl',
      'aws',
      'gcloud',
      'heroku',
      'umount',
      'systemctl',
      'crontab',
      'iptables',
      'nsenter',
      'chroot',
      'insmod',
      'modprobe',
    ],
  ]),
};

/** A program's name without version, extension and case: `python3.12`, `git.exe`, `GIT`. */
export function canonical(name: string): string {
  if (name.length > 64) return name;
  if (commandTable.handlers.has(name)) return name;
  const plain = name.replace(/\.(?:exe|cmd|bat)$/i, '');
  if (commandTable.handlers.has(plain)) return plain;
  const lower = plain.toLowerCase();
  if (commandTable.handlers.has(lower) || lower.startsWith('git-')) return lower;
  const unversioned = lower.replace(/-?\d+(?:\.\d+)*t?$/, '');
  return commandTable.handlers.has(unversioned) ? unversioned : plain;
}
