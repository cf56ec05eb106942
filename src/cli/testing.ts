import { Readable } from 'node:stream';
import type { CliIo, ExitCode } from './io.ts';
import { dispatch } from './main.ts';

export interface Said {
  code: ExitCode;
  out: string;
  err: string;
}

/** Runs one command line in this process, and tells what it said. By default no terminal, 80 columns, no home. */
export async function call(argv: string[], io: Partial<CliIo> = {}): Promise<Said> {
  let out = '';
  let err = '';
  const code = await dispatch(argv, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    write(text) {
      out += text;
      return Promise.resolve();
    },
    stdin: () => Readable.from([]),
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    cwd: '/',
    tty: false,
    interactive: false,
    columns: 80,
    color: false,
    ...io,
  });
  return { code, out, err };
}
