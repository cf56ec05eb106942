import type { SandboxLimits } from '../types.ts';

/** What stands in the way: the layer that must refuse, in the words of docs/safety.md. */
type AttackLayer =
  'mounts' | 'namespaces' | 'system calls' | 'capabilities' | 'limits' | 'process end' | 'Dayshift’s own git';

/** Something of the host that answers `greeting` to whoever connects, and that nobody inside may connect to. */
export interface Target {
  kind: 'port' | 'udp' | 'socket' | 'abstract';
  /** What it stands for: `docker`, `ssh-agent`, … */
  name: string;
  /** Of a port: where it listens. */
  host?: string;
  port?: number;
  /** Of a socket: its path, an abstract one without its leading zero byte. */
  path?: string;
}

/** What an attack may know of the place where it is tried. All of it was made for that, and goes again. */
export interface Arena {
  checkout: string;
  /** `out/` of the task: writable. */
  out: string;
  /** The project's git directory. */
  gitDir: string;
  /** The person's own checkout of the project. */
  project: string;
  targets: Target[];
  greeting: string;
  /** Files of the host that hold `secret`: a neighbour's work, the home's own files, a key. */
  secrets: { name: string; path: string }[];
  secret: string;
  /** A process of the host, with the secret in its environment. */
  hostPid: number;
  /** The socket of the own door, inside. */
  doorSocket: string;
  /** Names what this run of the attack leaves behind. */
  word: string;
  /** Commands planted for somebody else to run make this file, on the host; nobody inside can. */
  mark: string;
  /** A PostgreSQL that runs on the host: the folder of its socket, its port. */
  postgres?: { folder: string; port: number };
  /** The person's home folder: only looked at. */
  home: string;
  /** The folder in which all of this lies: outside of it nothing may be changed, even where a way is open. */
  root: string;
}

/**
 * One way that must be shut. It shows whether the way is open and goes no further: it opens for writing, or writes back
 * what it read, in what was made for it; nothing that it does changes the machine, even where the way is open.
 */
export interface Attack {
  /** `family/name`. */
  id: string;
  layer: AttackLayer;
  /** What it tries, in words. */
  tries: string;
  by: 'bash' | 'python3';
  /** The program. It prints `OPEN …` or `SHUT n` (after n tries) or `LEFT OUT why` as a line. See bash.ts and python.ts. */
  program(arena: Arena): string;
  /** Limits for this attack alone, small enough that a limit that is not kept does no harm. */
  limits?: Partial<SandboxLimits>;
  /** It does not end by itself: it is ended after so many ms, and that it goes then is what is looked at. */
  endAfterMs?: number;
}

/** What came of it. `unclear`: the program did not come to a verdict, which proves nothing. */
export interface AttackResult {
  id: string;
  layer: AttackLayer;
  tries: string;
  verdict: 'refused' | 'open' | 'unclear' | 'left out';
  detail: string;
  ms: number;
}
