import { constants, existsSync, fstatSync, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { DayshiftError, diskError } from '../base/index.ts';
import { dayFiles, syncPath } from './files.ts';

/** The end of the journal's last file, where lines are added. */
export interface Log {
  /**
   * Adds bytes to the file of `day` with one write, and makes them last. Never to a file older than the last
   * one: where the clock was set back, the last file takes them. Throws DayshiftError.
   */
  write(day: string, bytes: Buffer): Promise<{ file: string; offset: number }>;
  close(): Promise<void>;
}

export function openLog(dir: string): Log {
  let file = dayFiles(dir).at(-1);
  let handle: FileHandle | undefined;
  let size = 0;

  async function enter(name: string): Promise<FileHandle> {
    await handle?.close();
    handle = undefined;
    const path = join(dir, name);
    const isNew = !existsSync(path);
    handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);
    if (isNew) syncPath(dir);
    file = name;
    size = fstatSync(handle.fd).size;
    return handle;
  }

  return {
    async write(day, bytes) {
      const wanted = `${day}.jsonl`;
      const name = file !== undefined && file > wanted ? file : wanted;
      const path = join(dir, name);
      try {
        const target = handle !== undefined && name === file ? handle : await enter(name);
        // Bytes that are not ours, or a file that is no more: going on would acknowledge what nobody can read.
        const now = fstatSync(target.fd);
        if (now.size !== size || now.nlink === 0) {
          throw new DayshiftError('environment', `${path} was changed by somebody else while it was being written`, {
            hint: 'start again: what is there is then looked at; two writers at once would mean a lock that was deleted',
          });
        }
        const offset = size;
        // Into the system's memory, which takes microseconds; the wait for the disk holds up nobody.
        for (let done = 0; done < bytes.length;) {
          const written = writeSync(target.fd, bytes, done);
          done += written;
          size += written;
        }
        await target.datasync();
        return { file: name, offset };
      } catch (error) {
        throw error instanceof DayshiftError ? error : diskError(path, error);
      }
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}
