import { distance } from 'fastest-levenshtein';

/** Comparing with very many or very long words takes time and helps nobody. */
const mostWords = 2000;
const longest = 64;

/**
 * The candidate that `word` was probably meant to be; undefined where none is near. Case, dashes and
 * underscores do not count: `maxCostUsd` is near `max_cost_usd`.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > longest || candidates.length > mostWords) return undefined;
  const plain = bare(word);
  let best: { candidate: string; steps: number } | undefined;
  for (const candidate of candidates) {
    const other = bare(candidate);
    // Letters that changed places are one slip of the fingers, not two.
    const steps = letters(plain) === letters(other) ? Math.min(1, distance(plain, other)) : distance(plain, other);
    if (best === undefined || steps < best.steps) best = { candidate, steps };
  }
  if (best === undefined) return undefined;
  const allowed = Math.max(1, Math.floor(Math.max(plain.length, bare(best.candidate).length) * 0.34));
  return best.steps <= allowed ? best.candidate : undefined;
}

/** `: did you mean "module"?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates);
  return found === undefined || found === word ? '' : `: did you mean ${JSON.stringify(found)}?`;
}

/** `low, medium or high`. */
export function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function letters(word: string): string {
  return Array.from(word).sort().join('');
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}
