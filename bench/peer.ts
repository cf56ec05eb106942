import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';

/** A benchmark's other process: a script of this folder that prints one line when it is ready and ends with its standard input. */
export interface Peer {
  line: string;
  pid: number;
  /** Sends it a line. */
  tell: (line: string) => void;
  /** The next line that it prints. */
  next: () => Promise<string>;
  stop: () => Promise<void>;
}

/** Starts `bench/<script>` with an empty environment, but for PATH and what is given. */
export async function startPeer(script: string, args: string[] = [], env: Record<string, string> = {}): Promise<Peer> {
  const child = execa(process.execPath, [join(import.meta.dirname, script), ...args], {
    stderr: 'inherit',
    buffer: false,
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
  });
  const next = async () => {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return line.toString().trim();
  };
  return {
    line: await next(),
    pid: child.pid ?? -1,
    tell: (line) => void child.stdin.write(`${line}\n`),
    next,
    async stop() {
      child.stdin.end();
      await child;
    },
  };
}
