/** One call of a tool by an agent, as the hook reports it. Everything in it is untrusted. */
export interface ToolCall {
  tool: string;
  input: Record<string, unknown>;
  /** The working directory of the call, as the CLI says: it persists between calls. */
  cwd: string;
}

/** What the guard knows about the place. The ports are asked anew at every call, never remembered. */
export interface GuardContext {
  /** The agent's checkout. */
  workspace: string;
  /** Further folders it may write, `out/` for one. */
  writable: string[];
  /** Further folders and files it may read; one named here exactly may be read even where it looks like a secret. */
  readable: string[];
  /** HOME inside. */
  home: string;
  policy: GuardPolicy;
  /** The file's text (up to 256 KB), or undefined where it is not a readable file. */
  readFile(path: string): string | undefined;
  /** The names in a folder, or undefined where it cannot be listed; without this port no glob of scripts is known. */
  list?(folder: string): string[] | undefined;
  /** The path with symlinks resolved as far as it exists; never throws. */
  realpath(path: string): string;
}

/** What config may set; the built-in default is `defaultPolicy`. */
export interface GuardPolicy {
  /** Hosts reachable by network commands: `host` or `host:port`; `*.host` for its subdomains. */
  egress: string[];
  /** Files that must not be written, relative to the workspace: known database files. */
  protect: string[];
  /** Tools allowed beyond the known ones, by exact name. */
  tools: string[];
}

/** What one command (or tool call) would do to the world. Paths are absolute; parts that nobody knows are marked. */
export type Effect =
  | { kind: 'git_read' | 'git_write' | 'git_remote'; command: string }
  /** `look`: it connects, but only to read what is there. */
  | { kind: 'database'; how: 'client' | 'migration' | 'driver' | 'look'; command: string }
  /** `sends`: data of the workspace may go out with it. */
  | { kind: 'network'; host: string; command: string; sends: boolean }
  | { kind: 'publish'; command: string }
  /** `whole`: the path and everything under it. */
  | { kind: 'write' | 'delete' | 'read'; path: string; whole: boolean }
  /** Names and sizes only, no content. */
  | { kind: 'list'; path: string; whole: boolean }
  | { kind: 'process'; command: string }
  | { kind: 'tamper'; what: string }
  /** `runs`: the unknown text would be run by a shell or an interpreter. */
  | { kind: 'unknown'; what: string; runs: boolean };

/** A command as it would really run, after quotes, variables, wrappers and nested shells. */
export interface EffectiveCommand {
  /** Words; parts that nobody knows are shown as `…`, globs as `*`. */
  words: string[];
  cwd: string;
  /** What it was found in, outermost first: `bash -c`, `npm run build`, `xargs`, … */
  via: readonly string[];
}

export interface Decision {
  decision: 'allow' | 'ask' | 'deny';
  /** The rule that decided, for the journal: `git.write`, `database.client`, `path.outside`, … */
  rule: string;
  /** For the agent and the person: why, in one sentence. */
  reason: string;
  /** What to do instead, in one or two sentences; always there for a deny. */
  instead?: string;
}

/** The guard's steps for one command, as data. */
export interface Explanation {
  commands: EffectiveCommand[];
  effects: Effect[];
  decision: Decision;
}

/** The guard: pure, total. Whatever goes wrong inside it is a deny. */
export type Guard = (call: ToolCall, context: GuardContext) => Decision;
