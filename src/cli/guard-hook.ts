import { join, resolve } from 'node:path';
import { DayshiftError, messageOf } from '../base/index.ts';
import type { HomeGuard } from '../guard/index.ts';
import { hostsOf } from './guard-hosts.ts';
import type { CliIo, ExitCode } from './io.ts';

/** Where the rules of interactive sessions come from, and what else the hook was installed with. */
export interface HookOptions {
  project?: string;
  rules?: string;
  home?: string;
  egress?: string;
  approve?: boolean;
}

/** Longer input is no tool call. UTF-16 units. */
const longest = 20_000_000;
/** Milliseconds after which the hook gives up by itself: the CLI would run the call when it gives the hook up. */
const patience = 30_000;

/** The hook itself. Whatever goes wrong is exit code 2, with which Claude Code blocks the call. */
export async function hook(options: HookOptions, io: CliIo): Promise<ExitCode> {
  const slow = setTimeout(() => {
    io.err('Dayshift’s guard took too long; the call is blocked.\n');
    process.exit(2);
  }, patience);
  try {
    const { answerHook, readHookCall } = await import('../guarding/index.ts');
    const call = readHookCall(await inputOf(io));
    const answer = answerHook(call, await placeOf(options, call.cwd, io), options.approve === true);
    if (answer !== undefined) io.out(`${JSON.stringify(answer)}\n`);
    return 0;
  } catch (error) {
    const hint = error instanceof DayshiftError && error.hint !== undefined ? ` (${error.hint})` : '';
    io.err(`Dayshift’s guard could not judge this call, so it is blocked: ${messageOf(error)}${hint}\n`);
    return 2;
  } finally {
    clearTimeout(slow);
  }
}

async function inputOf(io: CliIo): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of io.stdin()) {
    pieces.push(Buffer.from(piece));
    size += piece.length;
    if (size > longest) throw new RangeError('the call is too long');
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function placeOf(options: HookOptions, cwd: string, io: CliIo) {
  const { defaultPolicy, rulesFor } = await import('../guard/index.ts');
  const home = io.env.HOME ?? '/';
  return {
    workspace: resolve(options.project ?? io.env.CLAUDE_PROJECT_DIR ?? cwd),
    home,
    settings: io.env.CLAUDE_CONFIG_DIR ?? join(home, '.claude'),
    policy: {
      ...defaultPolicy,
      egress: hostsOf(options.egress),
      rules: rulesFor(await personsRules(options, io)),
    },
  };
}

/**
 * `--rules`, else those of the home that `--home` or DAYSHIFT_HOME names, else the person's own outside every project.
 * Never what lies around the working directory: a repository could bring it along.
 */
async function personsRules(options: HookOptions, io: CliIo): Promise<HomeGuard> {
  const { loadRules } = await import('../guarding/index.ts');
  const file = await rulesFile(options, io);
  const own = await loadRules(file, options.rules ?? file);
  if (own === undefined && options.rules !== undefined)
    throw new DayshiftError('usage', `${options.rules} is not there`);
  return own ?? {};
}

/** The file of those rules; it need not be there. */
export async function rulesFile(options: HookOptions, io: CliIo): Promise<string> {
  if (options.rules !== undefined) return resolve(io.cwd, options.rules);
  const { DAYSHIFT_HOME } = io.env;
  if (options.home !== undefined || (DAYSHIFT_HOME !== undefined && DAYSHIFT_HOME !== '')) {
    const { findHome } = await import('../home/index.ts');
    return (await findHome({ home: options.home, env: io.env, cwd: io.cwd })).guardFile;
  }
  return ownFile(io);
}

/** A person's rules outside every home and project. */
export function ownFile({ env }: CliIo): string {
  return join(env.XDG_CONFIG_HOME ?? join(env.HOME ?? '/', '.config'), 'dayshift/guard.yaml');
}
