import { readFile, rename, writeFile } from 'node:fs/promises';
import type { SessionInfo } from '@discordjs/ws';
import { z } from 'zod';

const schema = z.strictObject({
  sessionId: z.string(),
  resumeURL: z.string(),
  sequence: z.number().int(),
  shardId: z.literal(0),
  shardCount: z.literal(1),
});

/** The gateway session in a file: after a kill Discord is asked for what came since. No secret: it is of no use without the token. */
export interface SessionFile {
  /** What an earlier process left; null where there is nothing usable. */
  known: SessionInfo | null;
  /** Writes it down soon. Everything up to its sequence has been seen to. */
  keep(session: SessionInfo | null): void;
  /** Resolves when it stands. */
  end(): Promise<void>;
}

export async function openSessionFile(path: string): Promise<SessionFile> {
  const text = await readFile(path, 'utf8').catch(() => '');
  let known: SessionInfo | null = null;
  try {
    known = schema.parse(JSON.parse(text));
  } catch {
    // Nothing there, or nothing of use: the bot begins anew.
  }
  let writing = Promise.resolve();
  let next: SessionInfo | null | undefined;
  return {
    known,
    keep(session) {
      const waits = next !== undefined;
      next = session;
      if (waits) return;
      writing = writing
        .then(async () => {
          const value = next ?? null;
          next = undefined;
          await writeFile(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
          await rename(`${path}.new`, path);
        })
        .catch(() => undefined);
    },
    end: () => writing,
  };
}
