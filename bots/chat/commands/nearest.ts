import { distance } from 'fastest-levenshtein';

/** The name that was probably meant; undefined where none is near. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const [best] = names.map((name) => ({ name, far: distance(typed, name) })).sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= Math.max(1, typed.length / 3) ? best.name : undefined;
}
