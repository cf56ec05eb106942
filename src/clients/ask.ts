import { homedir } from 'node:os';
import { execa } from 'execa';
import type { Environment } from './types.ts';

/** A client that does not answer in this time is not there. */
const patienceMs = 20_000;

/** What a client prints; undefined where it is not there or fails. It runs in the person's home folder, where no project's settings are. */
export async function ask(file: string, args: string[], env: Environment): Promise<string | undefined> {
  const result = await execa(file, args, {
    cwd: homeOf(env),
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: patienceMs,
    maxBuffer: 1_000_000,
  });
  return result.exitCode === 0 ? result.stdout : undefined;
}

export function homeOf(env: Environment): string {
  return env.HOME ?? homedir();
}
