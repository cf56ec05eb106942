import type { EventData } from '../journal/index.ts';

/** What the hook request of the CLI says, as far as Dayshift uses it (other fields are let through). */
export interface HookRequest {
  hook_event_name: string;
  session_id?: string | undefined;
  cwd?: string | undefined;
  tool_name?: string | undefined;
  tool_input?: Record<string, unknown> | undefined;
  tool_use_id?: string | undefined;
  tool_response?: unknown;
  /** Set for a subagent's call. */
  agent_id?: string | undefined;
  stop_hook_active?: boolean | undefined;
}

export type ToolVerdict =
  | { permission: 'allow'; reason?: string; updatedInput?: Record<string, unknown> }
  | { permission: 'deny'; reason: string }
  | { permission: 'defer' };

export type StopVerdict = { block: false } | { block: true; reason: string };

/**
 * What stands behind the door, for one attempt. Each may take as long as it likes (the hooks' time-out is an
 * hour). A rejection is a deny (`onTool`), or lets the agent stop (`onStop`).
 */
export interface DoorHandlers {
  onTool(request: HookRequest): Promise<ToolVerdict>;
  /** After a tool ran: words for the agent to read with the result, if any. */
  afterTool(request: HookRequest): Promise<string | undefined>;
  onStop(request: HookRequest): Promise<StopVerdict>;
  /** A model call or a part of its answer passed: progress. */
  onTraffic(): void;
  /**
   * A model call wants out. Resolves once its reservation is in the journal, or rejects with BudgetStop where
   * there is no money for it (the door answers the CLI with an error that it does not retry).
   */
  beforeCall(call: { call: string; model: string; requestBytes: number; maxTokens: number }): Promise<void>;
  onSettled(data: EventData<'model.settled'>): void;
  onRefused(data: EventData<'model.refused'>): void;
}

/** Where model calls go, and with whose credentials. The secret stays in the daemon. */
export interface Upstream {
  /** `ANTHROPIC_BASE_URL`, or the vendor's. No trailing slash. */
  baseUrl: string;
  credential: { kind: 'api_key' | 'oauth'; secret: string } | undefined;
}

export interface Door {
  readonly socketPath: string;
  /** Stops listening, ends open connections, removes the socket. */
  close(): Promise<void>;
}
