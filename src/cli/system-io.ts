import type { CliIo } from './io.ts';

/** The process's own terminal. A reader that goes away (`| head`) ends the program quietly. */
export function systemIo(): CliIo {
  const { stdout, stderr, stdin, env } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const tty = stdout.isTTY && env.TERM !== 'dumb';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    env,
    cwd: process.cwd(),
    tty,
    interactive: tty && stdin.isTTY && env.CI === undefined,
    columns: stdout.columns || 80,
    color: tty && (env.NO_COLOR ?? '') === '',
  };
}
