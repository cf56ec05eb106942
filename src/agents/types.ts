import type { AttemptEnd, NewEvent, TaskSpec } from '../journal/index.ts';
import type { SandboxedProcess, SandboxPolicy } from '../sandbox/index.ts';

/** How one attempt begins. */
export type Launch =
  /** A new session with this prompt. Where the session exists already (the daemon died right after the start), it goes on with it. */
  | { mode: 'start'; prompt: string }
  /** The session goes on where it was deferred; no prompt. */
  | { mode: 'resume' }
  /** The session goes on with this prompt. */
  | { mode: 'prompt'; prompt: string };

export interface AttemptInput {
  spec: Pick<TaskSpec, 'maxTurns' | 'model'>;
  /** A UUID; the same one over all attempts of a session. */
  sessionId: string;
  launch: Launch;
  /** Absolute; the agent's working directory, the same path inside the sandbox. */
  checkout: string;
  /** `out/` of the task: writable inside. */
  outDir: string;
  /** The CLI's own config folder, kept per task so that sessions can be resumed: writable inside. */
  cliDir: string;
  /** A folder of Dayshift's, outside the agent's reach, for generated files such as the settings. */
  ownDir: string;
  /** The loopback port inside the sandbox at which the door is reached: hooks and model calls go there. */
  doorPort: number;
  /** What the door must be shown with each hook and each model call, where it asks for that. The process finds it in its environment too, as `doorTokenName`. */
  doorToken?: string | undefined;
  /** What goes into the environment beside the adapter's own, which wins: `$NAME` values are resolved already. */
  env: Record<string, string>;
  /** Whether the account is an API key or a subscription token: the agent gets a placeholder of that kind. */
  account: 'api_key' | 'oauth';
  /** Appended to the system prompt: rules of this home. The CLI keeps the one that the session began with. */
  systemPrompt: string;
}

/** What it takes to start one attempt. */
export interface Prepared {
  /** Additions to the sandbox policy. */
  policy: Pick<SandboxPolicy, 'readable' | 'placed' | 'env'>;
  command: [string, ...string[]];
}

/** What the run tells about an attempt while it lasts. `events` have no day, task, attempt: the caller adds them. */
export interface AttemptOutput {
  onEvents(events: NewEvent[]): void;
  /** Every line of the agent's stream as it came (for `agent.log`), without its line end. */
  onLine(line: string): void;
  /** Anything that counts as progress (a line of output). */
  onProgress(): void;
  /** The CLI said that it retries a model call. */
  onApiRetry(retry: { attempt: number; status: number | null; error: string }): void;
  /** Resolves where the CLI says that it has written all down and ends: what it does after its result and this is not waited for. */
  goodbye?: Promise<unknown>;
}

export interface AttemptResult {
  end: Extract<AttemptEnd, 'finished' | 'deferred' | 'max_turns' | 'failed' | 'lost'>;
  exitCode: number | null;
  turns: number;
  /** For `deferred`: the tool call that waits. */
  toolUseId?: string;
  /** The agent's last words, or the error in words. */
  text: string;
  /** A resume that found no deferred marker, or a session that is not known: try again with a prompt. */
  resumeImpossible: boolean;
}

/** Which CLI it is, as far as what was proved of it can hold for the next start too. */
export interface CliIdentity {
  /** The file with its size and times: while this is the same nobody has changed it. */
  file: string;
  /** Of all that decides how the CLI is told to behave: settings, flags, environment. */
  settings: string;
  /** SHA-256 of the binary; takes a moment, for it has hundreds of megabytes. */
  hash: () => Promise<string>;
}

/** An adapter for one coding CLI. Prepares what the CLI needs, and makes events of the stream of the process that the caller starts in the sandbox. */
export interface AgentAdapter {
  readonly name: string;
  /** Looked at anew each time: a CLI may be replaced while a day runs. */
  identity(): Promise<CliIdentity>;
  /** Writes the generated files into `ownDir` and says what to start. Rejects with DayshiftError where a file cannot be written. */
  prepare(input: AttemptInput): Promise<Prepared>;
  /**
   * What to write to the stdin of the process, which then is ended. A process that was prepared for a `start` waits for it as long
   * as it takes, with all else done that comes before its first model call.
   */
  words(launch: Launch): string;
  /**
   * Reads the stream of a started attempt until its end. A process that stays on after its result is killed.
   * Resolves once the process is gone; never rejects.
   */
  follow(process: SandboxedProcess, output: AttemptOutput): Promise<AttemptResult>;
  /**
   * Whether the CLI has these answers of its model (message ids) on disk: what a session that is ended now would still know when it
   * is resumed. The agent can write there, so this is no proof of anything. Never rejects.
   */
  keeps(session: Pick<AttemptInput, 'cliDir' | 'sessionId'>, messages: readonly string[]): Promise<boolean>;
}
