import type { Place } from '../../src/journal/index.ts';
import type { Intent } from './intent.ts';
import type { Piece } from './pieces.ts';
import { code, line, rich } from './rich/index.ts';

/**
 * What of an answer could not be shown at once, as messages for the outbox: with its buttons, for without them it would
 * be a dead end. A file is made when it is asked for, and a code is never kept: of those it says that they did not come.
 */
export function laterIntents(place: Place, pieces: readonly Piece[]): Intent[] {
  return pieces.map((piece): Intent => {
    const reply = { place, priority: 'reply' as const };
    if ('file' in piece) {
      const words = line('📎 ', code(piece.file.name), ' could not be sent now. Ask for it once more.');
      return { ...reply, content: { kind: 'text', rich: rich(words) } };
    }
    const { rich: words, buttons, forceReply, secret } = piece.part;
    if (secret === true)
      return {
        ...reply,
        content: { kind: 'text', rich: rich('The answer could not be sent, and is not kept. Ask once more.') },
      };
    const content = { kind: 'text' as const, rich: words, ...(buttons === undefined ? {} : { buttons }) };
    return { ...reply, content, ...(forceReply === true ? { ask: true } : {}) };
  });
}
