import type { DiagnoseInput, Finding } from '../doctor/index.ts';
import type { Build, CliIo, ExitCode } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .option('--json', 'print the findings as JSON')
    .option('--safety', 'attack the sandbox of this machine by a list of known ways, and say what was open')
    .option('--only <start>', 'of these attacks those whose name begins so, such as git/ or escape/proc-sys')
    .addHelpText(
      'after',
      '\nExit codes: 0 a day can run here (with --safety: every attack was refused), 1 something is in the way.',
    )
    .action((options: { json?: boolean; safety?: boolean; only?: string }) =>
      run(async () => {
        const { home } = command.optsWithGlobals<{ home?: string }>();
        const json = options.json === true;
        if (options.safety !== true && options.only === undefined) return examine(home, json, io);
        const { examineSafety } = await import('./safety.ts');
        return examineSafety(await inputOf(home, io), options, io);
      }),
    );
};

async function examine(home: string | undefined, json: boolean, io: CliIo): Promise<ExitCode> {
  const { diagnose } = await import('../doctor/index.ts');
  const findings = await diagnose(await inputOf(home, io));
  const failed = findings.some(({ ok }) => ok === 'fail');
  if (json) {
    io.out(`${JSON.stringify(findings, null, 2)}\n`);
    return failed ? 1 : 0;
  }
  const { createColors } = (await import('picocolors')).default;
  io.out(render(findings, createColors(io.color)));
  io.out(`\n${verdictOn(findings)}\n`);
  return failed ? 1 : 0;
}

/** A home that is missing or wrong is a finding like others; one that was named and is none is a mistake of the call. */
async function inputOf(named: string | undefined, io: CliIo): Promise<DiagnoseInput> {
  const { DayshiftError } = await import('../base/index.ts');
  const { findHome, loadEnvFile, loadHome } = await import('../home/index.ts');
  const query = { home: named, env: io.env, cwd: io.cwd };
  const known = (error: unknown) => {
    if (error instanceof DayshiftError) return error;
    throw error;
  };
  const home = await findHome(query).catch(known);
  if (home instanceof DayshiftError) {
    if (named !== undefined) throw home;
    return { env: io.env, problem: home };
  }
  const env = { ...(await loadEnvFile(home)).values, ...io.env };
  const loaded = await loadHome(query).catch(known);
  return loaded instanceof DayshiftError ? { env, home, problem: loaded } : { env, home, config: loaded.config };
}

/** Where nothing but an account is missing, all that asks no real model works. */
function verdictOn(findings: Finding[]): string {
  const failed = findings.filter(({ ok }) => ok === 'fail');
  if (failed.length === 0) return 'A day can run here.';
  const only = failed.every(({ name }) => name === 'account');
  return `A day cannot run here yet${only ? ': what asks no model works (dayshift demo, dayshift run --rehearse)' : ''}.`;
}

type Colors = Record<'green' | 'yellow' | 'red' | 'bold', (text: string) => string>;

function render(findings: Finding[], color: Colors): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const marks = { ok: color.green('ok  '), warn: color.yellow('warn'), fail: color.red('FAIL') };
  return findings
    .map(({ name, ok, found, remedy }) => {
      const then = remedy === undefined ? '' : `${' '.repeat(width + 8)}→ ${remedy}\n`;
      return `${marks[ok]}  ${color.bold(name.padEnd(width))}  ${found}\n${then}`;
    })
    .join('');
}
