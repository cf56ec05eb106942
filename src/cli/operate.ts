import type { Command } from 'commander';
import { userInfo } from 'node:os';
import type { Actor } from '../journal/index.ts';
import type { OperatorCall } from '../daemon/call-running.ts';
import type { Outcome } from '../operator/index.ts';
import type { CliIo, ExitCode } from './io.ts';

interface OperateOptions {
  home?: string;
  json?: boolean;
}

/** Who sits at this terminal. */
export function me(via: 'cli' | 'terminal' = 'cli'): Actor {
  return { kind: 'person', id: userInfo().username, via };
}

/**
 * Makes one operator call: through the running Dayshift of the home where there is one, else by itself under the
 * lock. Prints the outcome's sentence (or JSON); 0 where it was done, 1 where it could not be.
 */
export async function operate(
  command: Command,
  io: CliIo,
  call: OperatorCall,
  input: object,
  /** What `--json` prints; default: the outcome itself. */
  json: (outcome: Outcome) => unknown = (outcome) => outcome,
): Promise<ExitCode> {
  const options = command.optsWithGlobals<OperateOptions>();
  const outcome = await callOperator(command, io, call, input);
  if (options.json === true) io.out(`${JSON.stringify(json(outcome))}\n`);
  else if (outcome.ok) io.out(`${outcome.message}\n`);
  else io.err(`${outcome.message}\n`);
  return outcome.ok ? 0 : 1;
}

/** The call alone, nothing said. */
export async function callOperator(command: Command, io: CliIo, call: OperatorCall, input: object): Promise<Outcome> {
  const options = command.optsWithGlobals<OperateOptions>();
  const { findHome } = await import('../home/index.ts');
  const { callRunning } = await import('../daemon/call-running.ts');
  const where = { env: io.env, cwd: io.cwd, ...(options.home === undefined ? {} : { home: options.home }) };
  const paths = await findHome(where);
  const outcome = await callRunning(paths, call, input, me());
  if (outcome !== undefined) return outcome;
  const { openHome, quietOperator } = await import('../daemon/index.ts');
  const open = await openHome({
    ...where,
    mode: 'command',
    onWarning: (text) => io.err(`${text}\n`),
    makesRoom: call === 'clean',
  });
  try {
    return await quietOperator(open)[call](input as never, me());
  } finally {
    await open.close();
  }
}
