import type { EffectName, Layer, Rule, Verdict } from './policy/rule.ts';
import type { Loss } from './policy/tracked.ts';

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
  /** The files that the project tracks, relative to the workspace; undefined where nobody knows. Asked only about deletes. */
  tracked?: () => readonly string[] | undefined;
}

/** What config may set; the built-in default is `defaultPolicy`. */
export interface GuardPolicy {
  /** Hosts reachable by network commands: `host` or `host:port`; `*.host` for its subdomains. */
  egress: string[];
  /** Files that must not be written, relative to the workspace: known database files. */
  protect: string[];
  rules: RuleSet;
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
  | { kind: 'write' | 'read'; path: string; whole: boolean }
  /** `kept`: nothing is lost with it: it is only elsewhere in the workspace then, or was empty. */
  | { kind: 'delete'; path: string; whole: boolean; kept?: boolean }
  /** Names and sizes only, no content. */
  | { kind: 'list'; path: string; whole: boolean }
  | { kind: 'process'; command: string }
  /** Changes the machine itself: services, accounts, mounts, schedules, infrastructure. */
  | { kind: 'system'; command: string }
  /** Changes the agent itself, or what watches it. */
  | { kind: 'tamper'; what: string }
  /** A call of a tool whose effect is no other of these. */
  | { kind: 'tool'; tool: string }
  /** `runs`: the unknown text would be run by a shell or an interpreter. */
  | { kind: 'unknown'; what: string; runs: boolean };

/** Where a path lies, symlinks followed, and what is special about it. */
export interface Place {
  zone: 'workspace' | 'writable' | 'readable' | 'temporary' | 'device' | 'system' | 'above' | 'outside' | 'unknown';
  /** With symlinks followed as far as it exists. */
  real: string;
  /** Below the workspace, as it is named and as it really is; undefined outside. */
  inside: string | undefined;
  insideReal: string | undefined;
  /** Keys, tokens, histories: not to be read. */
  secret: boolean;
  /** `.env` and its like: what a project keeps its settings in, secrets among them. */
  envFile: boolean;
  /** What must not be written here: the repository's own data, the agent's settings, Dayshift's files. */
  guarded: string | undefined;
  /** It is what the agent is watched by: hooks, settings, rules. */
  watches: boolean;
  /** A database file that `policy.protect` names. */
  protected: boolean;
  /** The workspace itself: everything under it is meant, `.git` too. */
  root: boolean;
}

/** Where a connection goes to. */
export interface Target {
  host: string;
  port: string | undefined;
}

/** What a rule judges: an effect of a command, or a command itself. */
export type Judged = Effect | { kind: 'run' };

/** One thing to be judged, with what rules may ask about it. Found out when it is asked for, once. */
export interface Facts {
  effect: Judged;
  context: GuardContext;
  /** Of a path. */
  place: Place | undefined;
  /** The command that does it, in the spellings that a pattern may mean; empty where none is to blame. */
  commands(): readonly string[];
  target(): Target | undefined;
  loss(): Loss;
}

/** A rule that is ready to be asked. */
export interface ReadyRule {
  rule: Rule;
  layer: Layer;
  fits(facts: Facts): boolean;
}

/** Rules in force, by the effect that they may be about, in the order in which they count. */
export interface RuleSet {
  first: Readonly<Record<EffectName, readonly ReadyRule[]>>;
  tighter: Readonly<Record<EffectName, readonly ReadyRule[]>>;
  /** A rule speaks of commands themselves: each has to be looked at, also where it has no effect. */
  aboutCommands: boolean;
  /** All of them, for people. */
  all: readonly { rule: Rule; layer: Layer }[];
}

/** A command as it would really run, after quotes, variables, wrappers and nested shells. */
export interface EffectiveCommand {
  /** Words; parts that nobody knows are shown as `…`, globs as `*`. */
  words: readonly string[];
  cwd: string;
  /** What it was found in, outermost first: `bash -c`, `npm run build`, `xargs`, … */
  via: readonly string[];
}

export interface Decision {
  decision: Verdict;
  /** The rule that decided, for the journal: `git.write`, `database.client`, `path.outside`, … */
  rule: string;
  /** For the agent and the person: why, in one sentence. */
  reason: string;
  /** What to do instead, in one or two sentences; always there for a deny. */
  instead?: string;
  /**
   * Of a deny that is more than "this cannot be told". `disguised`: history or a database, by a command that does not
   * show it. `tamper`: what watches the agent.
   */
  violation?: 'plain' | 'disguised' | 'tamper';
}

/** What one rule says of one effect. */
export interface Finding {
  effect: Effect;
  /** Index of the effective command that does it; undefined for what the shell itself does. */
  command?: number;
  decision: Decision['decision'];
  rule: string;
  layer: Layer;
}

/** The guard's steps for one command, as data. */
export interface Explanation {
  /** What the parser saw, a line a node; its errors too. */
  parsed: string[];
  commands: EffectiveCommand[];
  effects: Effect[];
  findings: Finding[];
  decision: Decision;
}

/** The guard: pure, total. Whatever goes wrong inside it is a deny. */
export type Guard = (call: ToolCall, context: GuardContext) => Decision;
