import { ApiError, type Entity } from './types.ts';

/** The kinds of entities that a bot may send. */
const kinds = new Set([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
  'url',
  'mention',
  'hashtag',
  'bot_command',
]);

/**
 * Refuses entities as the vendor does: outside the text, through a surrogate pair, of unknown kind, or overlapping without
 * one lying inside the other. (The vendor drops some of these in silence; a bot that relies on that is wrong all the same.)
 */
export function checkEntities(text: string, entities: Entity[]): void {
  for (const { type, offset, length } of entities) {
    if (!kinds.has(type)) throw new ApiError(400, `Bad Request: unsupported entity type ${type}`);
    if (
      !Number.isInteger(offset) ||
      !Number.isInteger(length) ||
      offset < 0 ||
      length < 1 ||
      offset + length > text.length
    )
      throw new ApiError(400, `Bad Request: ENTITY_BOUNDS_INVALID at ${offset}+${length} of ${text.length}`);
    if (splitsPair(text, offset) || splitsPair(text, offset + length))
      throw new ApiError(400, 'Bad Request: an entity begins or ends inside a surrogate pair');
  }
  for (const a of entities) {
    for (const b of entities) {
      const crosses =
        a.offset < b.offset && b.offset < a.offset + a.length && a.offset + a.length < b.offset + b.length;
      if (crosses) throw new ApiError(400, `Bad Request: entities ${a.type} and ${b.type} cross`);
      const inCode = (a.type === 'pre' || a.type === 'code') && a !== b && inside(b, a) && b.type !== a.type;
      if (inCode) throw new ApiError(400, `Bad Request: ${b.type} inside ${a.type}`);
    }
  }
}

function inside(inner: Entity, outer: Entity): boolean {
  return inner.offset >= outer.offset && inner.offset + inner.length <= outer.offset + outer.length;
}

function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}
