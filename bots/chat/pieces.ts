import { createHash } from 'node:crypto';
import { parts } from './fit.ts';
import type { Message } from './input.ts';
import type { Place } from '../../src/journal/index.ts';
import { PlatformError, type Button, type OutFile, type Part, type Platform } from './platform.ts';
import { code, line, plainOf, rich } from './rich/index.ts';

/** What goes to the server in one call: a part of a text, or a file. */
export type Piece = { part: Part } | { file: OutFile };

/** A message as the calls that it takes, in order: files come after the words. */
export function piecesOf(message: Message, platform: Pick<Platform, 'limits' | 'length' | 'can'>): Piece[] {
  return [
    ...parts(message, platform).map((part): Piece => ({ part })),
    ...(message.files ?? []).map((file): Piece =>
      platform.can.files && file.bytes.byteLength <= platform.limits.fileBytes ? { file } : { part: notSent(file) },
    ),
  ];
}

/** Nobody waits for a file that does not come. */
function notSent({ name, silent }: OutFile): Part {
  const words = rich(line('📎 ', code(name), ' cannot be sent in this chat'));
  return { rich: words, ...(silent === true ? { silent: true } : {}) };
}

/** Sends a file; a server that takes none, or not this one, gets a line that says which it was. */
export async function sendFileOrSay(platform: Platform, place: Place, file: OutFile): Promise<{ message: string }> {
  try {
    return await platform.sendFile(place, file);
  } catch (error) {
    if (!(error instanceof PlatformError) || !['unsupported', 'markup'].includes(error.why)) throw error;
    return platform.send(place, notSent(file));
  }
}

/** The same for the same piece of the same message at every try. */
export function nonceOf(message: string, index: number): string {
  return createHash('sha256').update(`${message}/${index}`).digest('base64url').slice(0, 22);
}

/** A hash of what parts show: equal where there is nothing to edit. */
export function markOf(all: readonly Part[]): string {
  const seen = all.map(({ rich, buttons }) => [plainOf(rich), buttons]);
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 12);
}

/**
 * Buttons that show what somebody has marked so far. They stand as long as the message is otherwise the one that they
 * were made for; a restart forgets the marks on the screen, not what the buttons do.
 */
export interface Marks {
  set(slot: string, buttons: Button[][]): void;
  /** The parts as they are to be shown, their mark, and whether somebody's marks are in it. */
  applied(slot: string, all: Part[]): { all: Part[]; mark: string; marked: boolean };
}

export function createMarks(): Marks {
  const kept = new Map<string, { buttons: Button[][]; under?: string }>();
  return {
    set(slot, buttons) {
      const under = kept.get(slot)?.under;
      kept.set(slot, { buttons, ...(under === undefined ? {} : { under }) });
    },
    applied(slot, all) {
      const mark = markOf(all);
      const own = kept.get(slot);
      if (own === undefined) return { all, mark, marked: false };
      own.under ??= mark;
      if (own.under !== mark) {
        kept.delete(slot);
        return { all, mark, marked: false };
      }
      const shown = all.map((part) => (part.buttons === undefined ? part : { ...part, buttons: own.buttons }));
      return { all: shown, mark: markOf(shown), marked: true };
    },
  };
}
