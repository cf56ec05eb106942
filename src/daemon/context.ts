import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { claudeCode } from '../agents/index.ts';
import { createRedactor, DayshiftError, printable, sweepScratch } from '../base/index.ts';
import { checkUpstream, payerOf } from '../door/index.ts';
import { loadDayFiles } from '../home/index.ts';
import { chooseSandbox, openLure } from '../sandbox/index.ts';
import { createEgress, type RunContext } from '../run/index.ts';
import type { OpenHome } from './open.ts';
import { isRehearsal } from './rehearse.ts';
import { openSocketFolder } from './socket-folder.ts';

interface ContextOptions {
  /** Somebody is there to answer approvals. */
  canAsk: boolean;
  log: (text: string) => void;
  onPoint?: (name: string) => void;
  /** Where bubblewrap is missing: go on without a sandbox, having said so loudly. Only the demo does. */
  sandboxOptional?: boolean;
}

/** Puts together what a run needs, and refuses where the machine lacks it. */
export async function runContext(open: OpenHome, options: ContextOptions): Promise<RunContext> {
  const { home, journal, clock, env, environment, upstream, namedSecrets } = open;
  checkUpstream(upstream);
  if (upstream.credential === undefined && !isLoopback(upstream.baseUrl)) {
    throw new DayshiftError('environment', 'nobody pays: there is no API key and no subscription token', {
      hint: 'set ANTHROPIC_API_KEY, or run `claude setup-token` and set CLAUDE_CODE_OAUTH_TOKEN (also in the .env of the home)',
    });
  }
  await mustHaveGit(env);
  const kept = new Set<string>();
  let redactor = open.redact;
  const redact = (text: string) => redactor(text);
  let lastItem = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const sandbox = await sandboxFor(open, options);
  const adapter = await claudeCode({ command: home.config.agent.command, env });
  const prices = await loadDayFiles(open.home.paths);
  await sweepScratch(Date.now());
  // The last of what may be refused: it is a folder that somebody must remove.
  const socketDir = await openSocketFolder(home.paths);
  const context: Omit<RunContext, 'egress'> = {
    home,
    journal,
    clock,
    env,
    environment,
    upstream,
    redact,
    namedSecrets,
    keepSecret(value) {
      if (kept.has(value)) return;
      kept.add(value);
      const known = createRedactor([...kept]);
      redactor = (text) => known(open.redact(text));
    },
    newId: randomUUID,
    newItemId() {
      lastItem = Math.max(lastItem, journal.state.lastItem) + 1;
      return `q${lastItem}`;
    },
    inTurn(work) {
      const mine = turn.then(work);
      turn = mine.catch(() => undefined);
      return mine;
    },
    sandbox,
    adapter,
    trustCli: isRehearsal(home.paths),
    prices,
    payer: payerOf(upstream, env),
    socketDir,
    lure: await openLure(socketDir),
    canAsk: options.canAsk,
    // Words of agents may be in it, and it goes to a terminal.
    log: (text) => options.log(printable(redact(text))),
    ...(options.onPoint === undefined ? {} : { onPoint: options.onPoint }),
  };
  const run: RunContext = {
    ...context,
    egress: createEgress({
      ...{ env, clock, upstream },
      get home() {
        return run.home;
      },
    }),
  };
  return run;
}

/** Without git there are no checkouts: better said before a task fails of it. */
async function mustHaveGit(env: OpenHome['env']): Promise<void> {
  const git = await execa('git', ['--version'], { reject: false, extendEnv: false, env: { PATH: env.PATH ?? '' } });
  if (git.exitCode === 0) return;
  throw new DayshiftError('environment', 'git is not there: agents work on git checkouts', {
    hint: 'install git (apt-get install git), then run the day again',
  });
}

async function sandboxFor(open: OpenHome, options: ContextOptions): Promise<RunContext['sandbox']> {
  const chosen = await chooseSandbox(open.home.config.sandbox.mode, open.env);
  if ('sandbox' in chosen) {
    if (chosen.sandbox.kind === 'none')
      options.log(
        'no sandbox, as the config says: agents can do whatever you can do, the guard alone stands in their way',
      );
    return chosen.sandbox;
  }
  if (options.sandboxOptional !== true) throw chosen.problem;
  options.log(
    `NO SANDBOX: ${chosen.problem.message.replace(/\.$/, '')}. ${chosen.problem.hint ?? ''} The demo goes on without; a real day would refuse to start.`,
  );
  const without = await chooseSandbox('none', open.env);
  if ('sandbox' in without) return without.sandbox;
  throw without.problem;
}

/** A base URL on this machine: a scripted model, which nobody pays for. */
function isLoopback(url: string): boolean {
  return URL.canParse(url) && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}
