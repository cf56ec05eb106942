import { messageOf } from '../base/index.ts';
import type { Operator } from '../operator/index.ts';
import type { Runner, RunContext } from '../run/index.ts';

/** What a service may use of the daemon that it lives in. */
export interface ServiceContext {
  /** The home, its journal, clock, environment (with the home's `.env`), redaction and log. */
  run: RunContext;
  operator: Operator;
  runner: Runner;
  /** `daemon`: `dayshift up`. `run`: one day in the foreground, which ends with that day. */
  mode: 'daemon' | 'run';
}

/**
 * Something that lives as long as the daemon: a chat, the schedule, reminders. It reads the journal's fold and its
 * events, acts through the operator, and remembers in the journal. Its failure is told and never ends the daemon:
 * `start` may reject or never resolve, and whatever it does later in the background is its own to catch.
 */
export interface Service {
  /** For people: `telegram`, `schedule`. */
  name: string;
  /** In which modes it runs; default: in both. */
  modes?: readonly ServiceContext['mode'][];
  /** Resolves when it is up; rejects with what a person should know. */
  start(context: ServiceContext): Promise<RunningService>;
}

export interface RunningService {
  /** Ends it; it is waited for, but not for long. */
  stop(): Promise<void>;
}

/** How long services get to end, in ms: a chat server that does not answer holds nothing up. */
const LONGEST_STOP_MS = 5000;

/** Starts services side by side, without waiting for any. The returned function ends those that came up, and those still coming up as soon as they are. */
export function startServices(services: readonly Service[], context: ServiceContext): () => Promise<void> {
  const { log, journal, redact } = context.run;
  const failed = (name: string, what: string, error: unknown) => {
    const why = redact(messageOf(error));
    log(`${name} ${what}: ${why}`);
    // The journal may be what fails: that is told elsewhere.
    journal.append({ type: 'service.failed', data: { service: name, why: `${what}: ${why}` } }).catch(() => undefined);
  };
  const started = services
    .filter(({ modes }) => modes?.includes(context.mode) ?? true)
    .map((service) => ({
      name: service.name,
      // A start that throws at once is a rejection too.
      running: Promise.resolve()
        .then(() => service.start(context))
        .catch((error: unknown) => {
          failed(service.name, 'did not start', error);
          return undefined;
        }),
    }));
  return async () => {
    const stopping = started.map(async ({ name, running }) => {
      try {
        await (await running)?.stop();
      } catch (error) {
        log(`${name} did not end well: ${messageOf(error)}`);
      }
    });
    let cut: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.all(stopping),
      new Promise<void>((resolve) => {
        cut = setTimeout(resolve, LONGEST_STOP_MS);
      }),
    ]);
    clearTimeout(cut);
  };
}
