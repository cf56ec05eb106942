import { createHash } from 'node:crypto';
import type { ChatState, Role } from '../journal/index.ts';

/** A code can be used so long. */
export const PAIRING_MINUTES = 10;

/** No letter that is taken for another, and no vowel: no code is a word. */
const LETTERS = '23456789BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

/** A code of eight letters from random bytes (16 at least): about 38 bits, for ten minutes, once. */
export function newCode(random: Uint8Array): string {
  let value = random.slice(0, 16).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let out = '';
  for (let index = 0; index < LENGTH; index += 1) {
    out += LETTERS.charAt(Number(value % BigInt(LETTERS.length)));
    value /= BigInt(LETTERS.length);
  }
  return out;
}

/** As it is shown: `K7PM-2XQD`. */
export function codeText(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** What the journal keeps of a code, however it was typed. */
export function hashOfCode(typed: string): string {
  return createHash('sha256').update(plain(typed)).digest('hex');
}

/** Whether a text may be a code: so that one that is over is told so. */
export function looksLikeCode(text: string): boolean {
  const typed = plain(text);
  return typed.length === LENGTH && !new RegExp(`[^${LETTERS}]`).test(typed);
}

/** What a code offers at `now` (milliseconds); undefined where it is unknown, used, or over. */
export function offerOf(
  chat: Pick<ChatState, 'pairings'>,
  typed: string,
  now: number,
): { hash: string; role: Role } | undefined {
  if (!looksLikeCode(typed)) return undefined;
  const hash = hashOfCode(typed);
  const offer = Object.hasOwn(chat.pairings, hash) ? chat.pairings[hash] : undefined;
  return offer === undefined || Date.parse(offer.until) <= now ? undefined : { hash, role: offer.role };
}

function plain(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '');
}
