import { Command, CommanderError } from 'commander';
import { DayshiftError, diskError, hasCode, isDiskError, messageOf } from '../base/index.ts';
import { commands } from './commands.ts';
import type { CliIo, ExitCode } from './io.ts';
import { load } from './load.ts';
import { systemIo } from './system-io.ts';

/** Runs one command line and sets the process's exit code. Only the named command's file is loaded. */
export async function main(argv: readonly string[] = process.argv.slice(2), io: CliIo = systemIo()): Promise<void> {
  process.exitCode = await dispatch(argv, io);
}

/** Runs one command line; resolves with its exit code, everything said. */
export async function dispatch(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let action: (() => Promise<ExitCode>) | undefined;
  const program = new Command('dayshift')
    .description('Gives coding agents a shift: a task file in the morning, a report with evidence in the evening.')
    .option(
      '--home <dir>',
      'the home; default: DAYSHIFT_HOME, else the nearest folder upwards with config/dayshift.yaml',
    )
    .version(await version(), '-V, --version')
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHasColors: () => io.color,
    })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 done · 1 failed · 2 wrong words, or a file that is not valid · 3 something waits for a person',
    )
    .showHelpAfterError('(--help shows what there is)');
  const [first, second] = argv.filter((word, index) => !word.startsWith('-') && argv[index - 1] !== '--home');
  const wanted = first === 'help' ? second : first;
  for (const entry of commands) {
    const command = program
      .command(entry.name)
      .description(entry.summary)
      .exitOverride()
      .copyInheritedSettings(program);
    // Completion knows every command's options.
    if (entry.name !== wanted && first !== 'completion') continue;
    const { build } = await load[entry.name]();
    build(command, io, (given) => {
      action = given;
    });
  }
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
    if (action !== undefined) exitCode = await action();
  } catch (error) {
    exitCode = explain(error, io);
  }
  return exitCode;
}

/** Says what went wrong in words, and which exit code that is. Defects keep their stack: somebody has to find them. */
function explain(error: unknown, io: CliIo): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it
  const told = refusal(error);
  if (told === undefined) throw error;
  io.err(`${told.message}\n`);
  if (told.hint !== undefined) io.err(`→ ${told.hint}\n`);
  return told.kind === 'usage' ? 2 : 1;
}

/** What a person can do something about; undefined for a defect. */
function refusal(error: unknown): DayshiftError | undefined {
  if (error instanceof DayshiftError) return error;
  if (isDiskError(error)) return diskError((error as NodeJS.ErrnoException).path ?? 'a file', error);
  if (!hasCode(error, 'EACCES') && !hasCode(error, 'EPERM')) return undefined;
  const hint = 'you have not the right to do that: look at the owner and the mode of the file and its folder';
  return new DayshiftError('environment', messageOf(error), { hint, cause: error });
}

async function version(): Promise<string> {
  const { readVersion } = await import('./version.ts');
  return readVersion();
}
