import type { Server } from 'node:net';
import type { EventData } from '../journal/index.ts';
import type { CanaryReport } from './canary.ts';

/** What the hook request of the CLI says, as far as Dayshift uses it (other fields are let through). */
export interface HookRequest {
  hook_event_name: string;
  session_id?: string | undefined;
  cwd?: string | undefined;
  tool_name?: string | undefined;
  tool_input?: Record<string, unknown> | undefined;
  tool_use_id?: string | undefined;
  /** Set for a subagent's call. */
  agent_id?: string | undefined;
  stop_hook_active?: boolean | undefined;
}

/** `words` are for the agent to read with the tool's result, or with the refusal. */
export type ToolVerdict =
  | { permission: 'allow'; reason?: string; updatedInput?: Record<string, unknown>; words?: string }
  | { permission: 'deny'; reason: string; words?: string }
  | { permission: 'defer' };

export type StopVerdict = { block: false } | { block: true; reason: string };

/** A model call that wants out. */
export interface ModelCall {
  /** The door's own id of it; its reservation, settlement and refusal carry the same. */
  call: string;
  model: string;
  /** Size of the request's body in bytes, unpacked. */
  requestBytes: number;
  /** Tokens that the answer may have at most; 0 where the request does not say. */
  maxTokens: number;
  /** Whether the request's body, unpacked, has this text in it as it stands there: in JSON, that is. */
  carries(text: string): boolean;
}

/**
 * What stands behind the door, for one attempt. Each may take as long as it likes (the hooks' time-out is an
 * hour). A rejection is a deny (`onTool`), or lets the agent stop (`onStop`). `signal` aborts when the client
 * went away: nobody reads the answer any more.
 */
export interface DoorHandlers {
  onTool(request: HookRequest, signal: AbortSignal): Promise<ToolVerdict>;
  onStop(request: HookRequest, signal: AbortSignal): Promise<StopVerdict>;
  /** The CLI has written all down and ends. */
  onEnd?(): void;
  /** A model call or a part of its answer passed: progress. Keep-alive pings of the vendor's do not count. */
  onTraffic(): void;
  /**
   * A model call wants out. Resolves once its reservation is in the journal, or rejects with BudgetStop where
   * there is no money for it (the door answers the CLI with an error that it does not retry). Any other
   * rejection keeps the call in as well. `onSettled` follows exactly once for each call that was let out.
   */
  beforeCall(call: ModelCall, signal: AbortSignal): Promise<void>;
  onSettled(data: EventData<'model.settled'>): void;
  onRefused(data: EventData<'model.refused'>): void;
  /** The canary of this attempt's sandbox reports. */
  onCanary?(report: CanaryReport): Promise<void>;
  /** A request that the door does not serve: it was answered with 404 and went nowhere. */
  onRefusedRequest?(request: { method: string; path: string }): void;
  /** Something to tell the person once: a model without a price, a hook that failed inside. */
  onWarning?(message: string): void;
}

/** How the credential is sent: most keys as `x-api-key`, tokens as `Authorization: Bearer`. */
export type CredentialScheme = 'x-api-key' | 'bearer';

/** Where model calls go, and with whose credentials. The secret stays in the daemon. */
export interface Upstream {
  /** `ANTHROPIC_BASE_URL`, or the vendor's. No trailing slash. */
  baseUrl: string;
  /**
   * `kind` is what the agent is told that it has (a placeholder of that kind). `scheme` defaults to `x-api-key` for
   * an API key and to `bearer` for a subscription.
   */
  credential: { kind: 'api_key' | 'oauth'; secret: string; scheme?: CredentialScheme } | undefined;
  /** Proxy settings of the daemon's environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), for the way to `baseUrl`. */
  proxy?: Record<string, string>;
}

export interface Door {
  readonly socketPath: string;
  /** Serves what another process began to listen for, too; it is the door's from now on. */
  serve: (listener: Server) => void;
  /** Stops listening, ends open connections, settles the calls on their way, removes the socket. Harmless the second time. */
  close: () => Promise<void>;
}

/** Thrown by `beforeCall`: no money for this call. `message` is what the agent reads. */
export class BudgetStop extends Error {
  override readonly name = 'BudgetStop';
}
