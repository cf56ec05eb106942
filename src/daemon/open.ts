import { randomUUID } from 'node:crypto';
import { createRedactor, systemClock, type Clock, type NamedSecret } from '../base/index.ts';
import { secretsOf, upstreamFromEnv, type Upstream } from '../door/index.ts';
import { loadEnvFile, loadHome, looksSecret, projectSecrets, type Home, type HomePaths } from '../home/index.ts';
import { openJournal, takeLock, type Journal, type Lock, type TaskSpec } from '../journal/index.ts';
import { createOperator, type Operator } from '../operator/index.ts';
import { namedReferences } from '../run/index.ts';
import { keepReports } from './keep-reports.ts';
import { freeReserve, keepReserve } from './reserve.ts';

/** A home whose lock this process holds. */
export interface OpenHome {
  home: Home;
  journal: Journal;
  clock: Clock;
  /** The environment with the home's `.env` under it. */
  env: Record<string, string | undefined>;
  /** The environment without it: what is set there wins. */
  environment: Record<string, string | undefined>;
  upstream: Upstream;
  redact: (text: string) => string;
  /** The secrets that a task's work must not hold, by their names: the home's, the projects', those of its `env`. */
  namedSecrets: (spec: Pick<TaskSpec, 'env'>) => NamedSecret[];
  close(): Promise<void>;
}

interface OpenOptions {
  home?: string;
  env: NodeJS.ProcessEnv;
  cwd: string;
  mode: 'run' | 'daemon' | 'command';
  onWarning: (text: string) => void;
  /** Default: the machine's. */
  clock?: Clock;
  /** To make room: may use up what is kept back for a full disk. */
  makesRoom?: boolean;
}

/** Takes the lock of a home and opens its journal. Rejects with DayshiftError: no home, bad config, somebody holds the lock. */
export async function openHome(options: OpenOptions): Promise<OpenHome> {
  const home = await loadHome({
    env: options.env,
    cwd: options.cwd,
    ...(options.home === undefined ? {} : { home: options.home }),
  });
  const { clock = systemClock } = options;
  if (options.makesRoom === true) await freeReserve(home.paths);
  const lock: Lock = await takeLock(home.paths.lockFile, { mode: options.mode });
  try {
    for (const warning of home.warnings) options.onWarning(warning);
    const { env, upstream, redact, namedSecrets, warnings } = await secrets(home.paths, options.env, home);
    for (const warning of warnings) options.onWarning(warning);
    if (options.makesRoom !== true) await keepReserve(home.paths);
    const journal = await openJournal(home.paths, { clock, onWarning: (text) => options.onWarning(redact(text)) });
    return {
      home,
      journal,
      clock,
      env,
      environment: options.env,
      upstream,
      redact,
      namedSecrets,
      async close() {
        try {
          await journal.close();
        } finally {
          await lock.release();
        }
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The environment with the home's `.env` under it, who pays by it, and what keeps its secrets out of everything that is written. */
export async function secrets(paths: HomePaths, environment: NodeJS.ProcessEnv, home?: Home) {
  const { values, warnings } = await loadEnvFile(paths);
  const env = { ...values, ...environment };
  const upstream = upstreamFromEnv(env);
  const ofProjects = home === undefined ? [] : await projectSecrets(home);
  // Not every setting in there: a report in which each "production" is blacked out helps nobody.
  const ofHome = Object.entries(values).flatMap(([name, value]) =>
    looksSecret(name, value) ? [{ name: `$${name}`, value }] : [],
  );
  const ofAccount = secretsOf(upstream).map((value) => {
    const name = Object.keys(env).find((one) => env[one] === value);
    return { name: name === undefined ? 'a credential for the model' : `$${name}`, value };
  });
  const all = [...ofAccount, ...ofHome, ...ofProjects];
  const redact = createRedactor(all.map(({ value }) => value));
  const namedSecrets = (spec: Pick<TaskSpec, 'env'>) => [...all, ...namedReferences(spec.env, env)];
  return { env, upstream, redact, namedSecrets, warnings };
}

/** The operator of a home in which nothing runs. */
export function quietOperator(open: OpenHome): Operator {
  const { home, journal, clock, redact, namedSecrets } = open;
  const operator = createOperator({ home, journal, clock, redact, namedSecrets, newId: randomUUID, runner: undefined });
  return keepReports(operator, open);
}
