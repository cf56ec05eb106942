/** What was read as a rating: its stars, and the words behind it. */
export interface Stars {
  /** 0 to 5, one decimal. */
  stars: number;
  rest: string;
}

const FULL = /[★⭐🌟✭✮]/gu;
const GLYPHS = /^(?:[★⭐🌟✭✮☆✩½]\uFE0F?\s?)+/u;
const NUMBER =
  /^[*_`]{0,2}(\d{1,3})(?:[.,](\d{1,2}))?(½)?(?:\s*(?:\/|out of\b|of\b|von\b|aus\b)\s*(\d{1,3})\b)?\s*(%|stars?\b|sterne?n?\b|[★⭐]\uFE0F?)?[*_`]{0,2}/iu;

/**
 * A rating as people write it: `4`, `4.5/5`, `4,5`, `4 of 5`, `8/10`, `80 %`, `★★★★☆`, `⭐⭐⭐⭐`, `4 stars`. Undefined
 * where the text does not begin with one, or where it is none between 0 and 5.
 */
export function readStars(text: string): Stars | undefined {
  const said = text.trimStart().slice(0, 300);
  const glyphs = GLYPHS.exec(said)?.[0];
  if (glyphs !== undefined) {
    const stars = (glyphs.match(FULL)?.length ?? 0) + (glyphs.includes('½') ? 0.5 : 0);
    return stars > 5 ? undefined : { stars, rest: restOf(text, glyphs) };
  }
  const [all, whole, decimals, half, scale, unit] = NUMBER.exec(said) ?? [];
  if (all === undefined || whole === undefined) return undefined;
  // `3rd`, `2x`, `4-5`: a number that goes on is none.
  if (/^[\p{L}\d/]|^[-–]\s?\d/u.test(said.slice(all.length))) return undefined;
  const value = Number(`${whole}.${decimals ?? (half === undefined ? '0' : '5')}`);
  const of = unit === '%' ? 100 : Number(scale ?? 5);
  const stars = of === 0 ? NaN : Math.round((value / of) * 50) / 10;
  return stars >= 0 && stars <= 5 ? { stars, rest: restOf(text, all) } : undefined;
}

function restOf(text: string, taken: string): string {
  return text
    .trimStart()
    .slice(taken.length)
    .replace(/^[\s*_`)\].,;:–—-]+/u, '')
    .replace(/^\(([^()]*)\)$/, '$1')
    .trim();
}

/** `4/5`, `4.5/5`: how Dayshift writes it. */
export function starsText(stars: number): string {
  return `${stars}/5`;
}
