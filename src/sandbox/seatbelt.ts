import { environment } from './environment.ts';
import type { Sandbox, SandboxPolicy } from './types.ts';

/** Where macOS keeps what every program needs. */
const system = ['/usr', '/bin', '/sbin', '/System', '/Library', '/opt/homebrew', '/private/etc/ssl', '/private/var/db'];
const scratch = ['/private/tmp', '/private/var/folders'];

/**
 * macOS: the same policy as a profile of `sandbox-exec` (Seatbelt). Written from Apple's and other projects' profiles and
 * tested as text only: **it was never run on a Mac**. Seatbelt moves nothing to another path, so that `placed` files are
 * read where they lie, and it has no process namespace: what a process leaves behind is found by its marker.
 */
export function sandboxExec(): Sandbox {
  return {
    kind: 'sandbox-exec',
    wrap(policy, command) {
      const env = environment(policy, { PATH: '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin', HOME: '/private/tmp' });
      return {
        file: '/usr/bin/sandbox-exec',
        args: ['-p', seatbeltProfile(policy), ...command],
        env,
        cwd: policy.cwd,
      };
    },
  };
}

/** The profile's text. Of several rules that match, Seatbelt takes the last one. */
export function seatbeltProfile(policy: SandboxPolicy): string {
  const placed = policy.placed.map(({ from }) => from);
  const sockets = policy.sockets.map(({ from }) => from);
  // As with mounts the deeper path decides, and of the same path the read-only rule.
  const rules = [
    ...policy.writable.map((path) => ({ path, text: allow('file-read* file-write*', path) })),
    ...policy.readable.map((path) => ({ path, text: `${allow('file-read*', path)}\n${deny('file-write*', path)}` })),
  ].sort((a, b) => a.path.split('/').length - b.path.split('/').length);
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-exec process-fork signal sysctl-read mach-lookup ipc-posix-shm)',
    '(allow file-read-metadata)',
    ...system.map((path) => allow('file-read* file-map-executable', path)),
    ...scratch.map((path) => allow('file-read* file-write*', path)),
    '(allow file-read* file-write* (subpath "/dev"))',
    ...rules.map(({ text }) => text),
    ...placed.map((path) => `${allow('file-read*', path)}\n${deny('file-write*', path)}`),
    ...policy.hidden.map((path) => deny('file-read* file-write*', path)),
    '(deny network*)',
    '(allow network-bind network-inbound (local ip "localhost:*"))',
    '(allow network-outbound (remote ip "localhost:*"))',
    ...sockets.map((path) => `(allow network-outbound (remote unix-socket (path-literal ${quote(path)})))`),
    '',
  ].join('\n');
}

function allow(what: string, path: string): string {
  return `(allow ${what} (subpath ${quote(path)}))`;
}

function deny(what: string, path: string): string {
  return `(deny ${what} (subpath ${quote(path)}))`;
}

/** A string of the profile language, which is a Scheme. */
function quote(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
