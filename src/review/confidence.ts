const words: Record<string, number> = { high: 0.9, medium: 0.6, moderate: 0.6, low: 0.3 };

/**
 * The confidence that an agent's summary states, from 0 to 1 (`Confidence: 85%`, `0.85`, `8/10`, `high`);
 * undefined where it states none, or none that can be.
 */
export function confidenceOf(summary: string): number | undefined {
  const pattern =
    /\bconfidence(?:[ \t]{1,3}(?:level|score|is|in this work))?[^\p{L}\p{N}\n-]{0,12}\n{0,2}[^\p{L}\p{N}\n-]{0,6}(?:(\d{1,3}(?:[.,]\d{1,3})?)[ \t]?(%|percent|\/[ \t]?(?:100|10|5)\b)?|(high|medium|moderate|low)\b)/giu;
  for (const [, number, unit, word] of summary.matchAll(pattern)) {
    if (word !== undefined) return words[word.toLowerCase()];
    const value = Number(number?.replace(',', '.'));
    const share = value / scaleOf(value, unit?.replaceAll(/[ \t]/g, ''));
    if (share >= 0 && share <= 1) return share;
  }
  return undefined;
}

function scaleOf(value: number, unit: string | undefined): number {
  if (unit?.startsWith('/') === true) return Number(unit.slice(1));
  // A bare number up to 1 is a share; a larger one can only be percent.
  return unit === undefined && value <= 1 ? 1 : 100;
}
