import type { AttemptEnd, NewEvent, TaskSpec } from '../journal/index.ts';
import type { SandboxedProcess, SandboxPolicy } from '../sandbox/index.ts';

/** How one attempt begins. */
export type Launch =
  /** A new session with this prompt. */
  | { mode: 'start'; prompt: string }
  /** The session goes on where it was deferred; no prompt. */
  | { mode: 'resume' }
  /** The session goes on with this prompt. */
  | { mode: 'prompt'; prompt: string };

export interface AttemptInput {
  spec: TaskSpec;
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
  /** The socket of this attempt's door on the host. */
  doorSocket: string;
  /** What goes into the environment beside the adapter's own: `$NAME` values are resolved already. */
  env: Record<string, string>;
  /** Whether the account is an API key or a subscription token: the agent gets a placeholder of that kind. */
  account: 'api_key' | 'oauth';
  /** Appended to the system prompt: rules of this home. */
  systemPrompt: string;
}

/** What the run tells about an attempt while it lasts. `events` have no day, task, attempt: the caller adds them. */
export interface AttemptOutput {
  onEvents(events: NewEvent[]): void;
  /** Every line of the agent's stream as it came (for `agent.log`). */
  onLine(line: string): void;
  /** Anything that counts as progress (a line of output). */
  onProgress(): void;
  /** The CLI said that it retries a model call. */
  onApiRetry(retry: { attempt: number; status: number | null; error: string }): void;
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

/** An adapter for one coding CLI. Prepares what the CLI needs, starts it in the sandbox, and makes events of its stream. */
export interface AgentAdapter {
  readonly name: string;
  /** The policy additions and the command for one attempt; writes the generated files into `ownDir`. */
  prepare(
    input: AttemptInput,
  ): Promise<{ policy: Pick<SandboxPolicy, 'readable' | 'placed' | 'env'>; command: [string, ...string[]] }>;
  /** Reads the stream of a started attempt until its end. Never rejects. */
  follow(process: SandboxedProcess, output: AttemptOutput): Promise<AttemptResult>;
}
