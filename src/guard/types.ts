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
  /** Further folders and files it may read. */
  readable: string[];
  /** HOME inside. */
  home: string;
  policy: GuardPolicy;
  /** The file's text (up to 256 KB), or undefined where it is not a readable file. */
  readFile(path: string): string | undefined;
  /** The path with symlinks resolved as far as it exists; never throws. */
  realpath(path: string): string;
}

/** What config may set; the built-in default is `defaultPolicy`. */
export interface GuardPolicy {
  /** Hosts reachable by network commands: `host` or `host:port`. */
  egress: string[];
  /** Files that must not be written, relative to the workspace: known database files. */
  protect: string[];
  /** Tools allowed beyond the known ones, by exact name. */
  tools: string[];
}

export type Effect =
  | { kind: 'git_read'; command: string }
  | { kind: 'git_write'; command: string }
  | { kind: 'database'; command: string }
  | { kind: 'network'; host: string; command: string }
  | { kind: 'write' | 'delete' | 'read'; path: string }
  | { kind: 'process'; command: string }
  | { kind: 'tamper'; what: string }
  | { kind: 'unknown'; what: string };

export interface Decision {
  decision: 'allow' | 'ask' | 'deny';
  /** The rule that decided, for the journal: `git.write`, `database.client`, `path.outside`, … */
  rule: string;
  /** For the agent and the person: why, in one sentence. */
  reason: string;
  /** What to do instead, in one or two sentences; always there for a deny. */
  instead?: string;
}

/** The guard: pure, total. Whatever goes wrong inside it is a deny. */
export type Guard = (call: ToolCall, context: GuardContext) => Decision;
