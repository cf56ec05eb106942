/** What was read as a rating: its stars, and the words behind it. */
export interface Stars {
  /** 0 to 5, one decimal. */
  stars: number;
  rest: string;
  /** Where it stands in the text that was given, without the emphasis around it. */
  from: number;
  to: number;
}

const FULL = /[★⭐🌟✭✮]/gu;
const EMPTY = /[☆✩]/gu;
const GLYPHS = /^(?:[★⭐🌟✭✮☆✩½]\uFE0F?\s?)+/u;
const NUMBER =
  /^[*_`]{0,2}(\d{1,3})(?:[.,](\d{1,2}))?(½)?(?:\s*(?:\/|out of\b|of\b|von\b|aus\b)\s*(\d{1,3})\b)?(?:\s*(%|stars?\b|sterne?n?\b))?[*_`]{0,2}/iu;
/** `4/5` behind stars says the same once more; behind one star it says how many. */
const JOINED = /^[\s(=:–—-]{0,4}(?:[x×*]\s?)?/u;

/**
 * A rating as people write it: `4`, `4.5/5`, `4,5`, `4 of 5`, `8/10`, `80 %`, `★★★★☆`, `⭐⭐⭐⭐`, `⭐ 4/5`, `4 stars`.
 * Undefined where the text does not begin with one, where it is none between 0 and 5, and where it says two things
 * (`3-4`, `★★★ 4/5`).
 */
export function readStars(text: string): Stars | undefined {
  const lead = text.length - text.trimStart().length;
  const said = text.slice(lead, lead + 300);
  const first = glyphsAt(said) ?? numberAt(said);
  if (first === undefined) return undefined;
  const rest = said.slice(first.length);
  const joint = JOINED.exec(rest)?.[0] ?? '';
  const behind = rest.slice(joint.length);
  const more = first.kind === 'number' ? glyphsAt(behind) : numberAt(behind);
  let { stars, length } = first;
  if (more !== undefined && (more.kind === 'stars' || more.sure || first.one)) {
    // A bare number with words behind it counts something else, or the stars; nobody knows.
    if (first.one && more.kind === 'number' && !more.sure) return undefined;
    if (more.stars !== stars && !first.one && !more.one) return undefined;
    if (first.one) stars = more.stars;
    length += joint.length + more.length;
    if (joint.includes('(') && said[length] === ')') length += 1;
  }
  if (stars === undefined || !(stars >= 0 && stars <= 5)) return undefined;
  const token = said.slice(0, length);
  const from = lead + (/^[*_`]*/.exec(token)?.[0].length ?? 0);
  return { stars, rest: restOf(text.slice(lead + length)), from, to: lead + token.replace(/[\s*_`]+$/, '').length };
}

/** A rating, or half of one. `one`: a single star, which may be a unit. `sure`: a number that says of how many, or stands alone. */
interface Part {
  kind: 'stars' | 'number';
  stars: number | undefined;
  length: number;
  one: boolean;
  sure: boolean;
}

function glyphsAt(said: string): Part | undefined {
  const glyphs = GLYPHS.exec(said)?.[0];
  if (glyphs === undefined) return undefined;
  const full = glyphs.match(FULL)?.length ?? 0;
  const empty = glyphs.match(EMPTY)?.length ?? 0;
  const half = glyphs.includes('½') ? 0.5 : 0;
  const all = full + empty + (half === 0 ? 0 : 1);
  const stars = all <= 5 ? full + half : all === 10 && empty > 0 ? (full + half) / 2 : undefined;
  return { kind: 'stars', stars, length: glyphs.length, one: full === 1 && all === 1, sure: true };
}

function numberAt(said: string): Part | undefined {
  const [all, whole, decimals, half, scale, unit] = NUMBER.exec(said) ?? [];
  if (all === undefined || whole === undefined) return undefined;
  const behind = said.slice(all.length);
  // `3rd`, `2x`, `4-5`, `1.2.3`, `3 or 4`: a number that goes on is none.
  if (/^[\p{L}\d/]|^[-–.,]\s?\d/u.test(behind)) return undefined;
  if (/^\s*(?:[-–—]|to\b|or\b|bis\b|oder\b)\s*\d{1,2}(?:[.,]\d)?\s*(?:\/\s*\d+\s*|stars?\b|[★⭐]|$)/iu.test(behind))
    return undefined;
  // "4 tests fail" counts something else; "4/5 well done" does not.
  if (scale === undefined && unit === undefined && /^\s+\p{L}/u.test(behind)) return undefined;
  const value = Number(`${whole}.${decimals ?? (half === undefined ? '0' : '5')}`);
  const of = unit === '%' ? 100 : Number(scale ?? 5);
  const stars = of === 0 ? undefined : Math.round((value / of) * 50) / 10;
  const sure =
    (scale !== undefined && [5, 10, 100].includes(of)) || unit !== undefined || /^[\s*_`)\].,;:!]*$/.test(behind);
  return { kind: 'number', stars, length: all.length, one: false, sure };
}

function restOf(text: string): string {
  return text
    .replace(/^[\s*_`)\].,;:–—-]+/u, '')
    .replace(/^\(([^()]*)\)$/, '$1')
    .trim();
}

/** `4/5`, `4.5/5`: how Dayshift writes it. */
export function starsText(stars: number): string {
  return `${stars}/5`;
}
