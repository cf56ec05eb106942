import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';

const schema = z.record(z.string().regex(/^\d{1,20}$/), z.number().nonnegative());

/**
 * Channels and servers whose messages are still to be read, and since when (ms since the epoch), in a file: one that
 * cannot be read now is read after a restart, though others were heard meanwhile.
 */
export interface Owed {
  /** Everything that is owed. */
  all(): Record<string, number>;
  /** Each is to be read from then on; what was owed from earlier stays so. Resolves when it stands in the file. */
  note(ids: readonly string[], since: number): Promise<void>;
  /** It was read. */
  done(id: string): Promise<void>;
}

export async function openOwed(path: string): Promise<Owed> {
  const text = await readFile(path, 'utf8').catch(() => '');
  let owed: Record<string, number> = {};
  try {
    owed = schema.parse(JSON.parse(text));
  } catch {
    // Nothing there, or nothing of use: nothing is owed.
  }
  let writing = Promise.resolve();
  const write = () => {
    writing = writing
      .then(async () => {
        const file = await open(`${path}.new`, 'w', 0o600);
        try {
          await file.writeFile(JSON.stringify(owed));
          // The session's own file may reach the disk before it does: then nobody would know of it after a power cut.
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(`${path}.new`, path);
      })
      // A disk that takes nothing: a kill would lose it, and nothing else does.
      .catch(() => undefined);
    return writing;
  };
  return {
    all: () => ({ ...owed }),
    note(ids, since) {
      for (const id of ids) owed[id] = Math.min(owed[id] ?? since, since);
      return write();
    },
    done(id) {
      if (owed[id] === undefined) return Promise.resolve();
      owed = Object.fromEntries(Object.entries(owed).filter(([other]) => other !== id));
      return write();
    },
  };
}
