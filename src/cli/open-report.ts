import type { Command } from 'commander';
import { execa } from 'execa';
import type { HomePaths } from '../home/index.ts';
import type { CliIo, ExitCode } from './io.ts';
import { onInterrupt } from './interrupt.ts';
import { callOperator } from './operate.ts';

/** A page that nobody looks at for so long is shut. In ms. */
const IDLE_MS = 2 * 3_600_000;

/** Serves a day's report on this machine alone, with stars and words that go into the feedback file, until it is ended. */
export async function openReport(
  command: Command,
  io: CliIo,
  paths: HomePaths,
  date: string,
  browser: boolean,
): Promise<ExitCode> {
  const { secrets, serveReport } = await import('../daemon/index.ts');
  const { redact } = await secrets(paths, io.env);
  const served = await serveReport({
    ...{ paths, redact, date, idleMs: IDLE_MS },
    rate: (input) => callOperator(command, io, 'rate', input),
  });
  const interrupt = onInterrupt(() => undefined);
  io.out(
    `${served.url}\nThe report of ${date}, for this machine alone; stars and words go into feedback/${date}.md.\n`,
  );
  io.out('Open as long as this runs: ctrl-C ends it.\n');
  if (browser && canShow(io)) await show(served.url, io);
  const why = await Promise.race([interrupt.promise, served.unused]);
  interrupt.off();
  await served.close();
  if (why === 'unused') io.out('Nobody looked for two hours: it is shut.\n');
  return 0;
}

/** Whether a browser can be expected where this terminal is. */
function canShow({ env, interactive }: CliIo): boolean {
  if (!interactive || env.SSH_CONNECTION !== undefined) return false;
  return process.platform === 'darwin' || env.DISPLAY !== undefined || env.WAYLAND_DISPLAY !== undefined;
}

async function show(url: string, io: CliIo): Promise<void> {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const shown = await execa(program, [url], {
    env: io.env,
    extendEnv: false,
    reject: false,
    stdio: 'ignore',
    timeout: 10_000,
  });
  if (shown.exitCode !== 0 && !shown.timedOut) io.err(`${program} did not open it: open the address yourself.\n`);
}
