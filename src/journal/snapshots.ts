import { chmod } from 'node:fs/promises';
import { Low } from 'lowdb';
import { DataFile } from 'lowdb/node';
import { messageOf } from '../base/index.ts';
import { encodeSnapshot, makeSnapshot, type Snapshot } from './snapshot.ts';

type Facts = Omit<Snapshot<unknown>, 'version'>;

/** Writes a snapshot now and then. A failure costs others time, nothing else: it is told, not thrown. */
export interface Snapshots {
  /** Called after events were acknowledged: starts a write in the background where one is due. */
  consider(seq: number, facts: () => Facts): void;
  /** Waits for the write under way, and writes a last one where anything is new. */
  finish(seq: number, facts: () => Facts): Promise<void>;
}

interface Options {
  /** The seq of the snapshot on disk; 0 for none, or one that nobody looked at. */
  saved: number;
  /** A write is due after so many events; of a large snapshot later, at so many of its bytes an event. */
  every: number;
  bytesAnEvent: number;
  /** What takes longer without it, for the warning. */
  spares: string;
}

export function createSnapshots(
  path: string,
  { saved, every, bytesAnEvent, spares }: Options,
  warn: (text: string) => void,
): Snapshots {
  let bytes = 0;
  let writing: Promise<void> | undefined;
  const database = new Low<Snapshot<unknown> | null>(
    new DataFile<Snapshot<unknown> | null>(path, {
      parse: () => null, // read by loadSnapshot, which needs no library
      stringify(snapshot) {
        const text = snapshot === null ? '' : encodeSnapshot(snapshot);
        bytes = text.length;
        return text;
      },
    }),
    null,
  );

  async function save(facts: Facts): Promise<void> {
    database.data = makeSnapshot(facts);
    saved = facts.seq;
    try {
      // The state becomes text before the first await: what is folded meanwhile cannot mix in.
      await database.write();
      await chmod(path, 0o600);
    } catch (error) {
      warn(`${path} cannot be written, so that ${spares} takes longer: ${messageOf(error)}`);
    } finally {
      writing = undefined;
    }
  }

  return {
    consider(seq, facts) {
      if (writing !== undefined || seq - saved < Math.max(every, bytes / bytesAnEvent)) return;
      writing = save(facts());
    },
    async finish(seq, facts) {
      await writing;
      if (seq > saved) await save(facts());
    },
  };
}
