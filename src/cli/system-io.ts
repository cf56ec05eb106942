import { once } from 'node:events';
import { diskError, isDiskError } from '../base/index.ts';
import type { CliIo } from './io.ts';

/**
 * The process's own terminal. A reader that goes away (`| head`, a closed terminal) ends the program quietly, an output that a full
 * disk does not take (`> file`) with words. Neither ends what outlives its reader.
 */
export function systemIo(): CliIo {
  const { stdout, stderr, stdin, env } = process;
  const tty = stdout.isTTY && env.TERM !== 'dumb';
  const io: CliIo = {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    async write(text) {
      if (!stdout.write(text)) await once(stdout, 'drain');
    },
    stdin: () => stdin,
    env,
    cwd: process.cwd(),
    tty,
    interactive: tty && stdin.isTTY && env.CI === undefined,
    get columns() {
      return stdout.columns || 80;
    },
    get rows() {
      return tty ? stdout.rows : undefined;
    },
    color: tty && (env.NO_COLOR ?? '') === '',
  };
  const gone = (error: NodeJS.ErrnoException) => {
    const isAway = error.code === 'EPIPE' || error.code === 'EIO';
    if (!isAway && !isDiskError(error)) throw error;
    if (io.outlivesReader === true) return;
    if (!isAway) {
      const { message, hint } = diskError('the output', error);
      io.err(`${message}\n→ ${hint}\n`);
    }
    process.exit(isAway ? 0 : 1);
  };
  stdout.on('error', gone);
  stderr.on('error', gone);
  return io;
}
