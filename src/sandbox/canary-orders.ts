import { join } from 'node:path';
import type { Lure } from './lure.ts';
import type { Sandbox } from './types.ts';

/** What `canary.js` tries inside: `what` in words for people. */
type CanaryProbe =
  /** To open a file for writing, to make one, to read one. Nothing is written, and what was made goes again. */
  | { what: string; way: 'open' | 'make' | 'read'; path: string }
  /** To hear `greeting` from a loopback port or a socket (with `\0` in front: an abstract one) of the host. */
  | { what: string; way: 'connect'; port?: number; path?: string; greeting: string };

/** What a bridge is told to try while its command starts. Its last probe is always a `git commit` at the door. */
export interface CanaryOrders {
  /** Names this start; the `tool_use_id` of the synthetic call. */
  word: string;
  /** The agent's working directory. */
  cwd: string;
  probes: CanaryProbe[];
}

/** What came of one probe. */
export interface CanaryTried {
  what: string;
  refused: boolean;
  /** The error's code, or what was got. */
  detail: string;
}

/**
 * What must be refused in a sandbox of this kind. `git`: the project's git directory and files of it that are there,
 * where the project has one. Without a sandbox nothing is refused, so nothing is tried but the door; on macOS the
 * loopback is shared, so of the rest only files are.
 */
export function canaryOrders(
  kind: Sandbox['kind'],
  at: { word: string; cwd: string; git: { folder: string; files: string[] } | undefined },
  lure: Lure,
): CanaryOrders {
  const { word, cwd, git } = at;
  const inGit: CanaryProbe[] =
    git === undefined
      ? []
      : [
          ...git.files.map((path): CanaryProbe => ({ what: `writing ${path}`, way: 'open', path })),
          { what: `a new file in ${git.folder}`, way: 'make', path: join(git.folder, `dayshift-canary-${word}`) },
        ];
  const outside: CanaryProbe[] = [
    { what: 'writing a file outside', way: 'open', path: lure.file },
    { what: 'reading a file outside', way: 'read', path: lure.file },
  ];
  const host: CanaryProbe[] = [
    { what: 'a port of the host', way: 'connect', port: lure.port, greeting: lure.greeting },
    { what: 'an abstract socket of the host', way: 'connect', path: lure.abstract, greeting: lure.greeting },
    { what: 'a socket file of the host', way: 'connect', path: lure.socket, greeting: lure.greeting },
  ];
  switch (kind) {
    case 'bubblewrap':
      return { word, cwd, probes: [...inGit, ...outside, ...host] };
    case 'sandbox-exec':
      return { word, cwd, probes: [...inGit, ...outside] };
    case 'none':
      return { word, cwd, probes: [] };
  }
}
