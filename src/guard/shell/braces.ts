const most = 256;

/** So many characters are looked at, again and again, before the word counts as unknown. */
const mostWork = 200_000;

/**
 * Brace expansion of one word's source text, before any other expansion, as bash does it: `a{b,c}d`, `{1..3}`.
 * Quotes, `$…` and escapes are left as they are. Undefined where it would give more than 256 words, or take too long.
 */
export function expandBraces(source: string): string[] | undefined {
  const results: string[] = [];
  return spread(source, results, 0, { left: mostWork }) ? results : undefined;
}

function spread(source: string, results: string[], from: number, work: Work): boolean {
  work.left -= source.length - from;
  const group = firstGroup(source, from, work);
  if (work.left < 0) return false;
  if (group === undefined) {
    results.push(source);
    return results.length <= most;
  }
  const before = source.slice(0, group.start);
  const after = source.slice(group.end + 1);
  for (const item of group.items) {
    if (!spread(before + item + after, results, before.length, work)) return false;
  }
  return true;
}

interface Work {
  left: number;
}

interface Group {
  start: number;
  end: number;
  items: string[];
}

function firstGroup(source: string, from: number, work: Work): Group | undefined {
  for (let i = from; i < source.length && work.left >= 0; i = next(source, i)) {
    if (source[i] !== '{') continue;
    const group = groupAt(source, i, work);
    if (group !== undefined) return group;
  }
  return undefined;
}

function groupAt(source: string, start: number, work: Work): Group | undefined {
  const cuts = [start];
  let depth = 0;
  for (let i = start; i < source.length; i = next(source, i)) {
    const char = source[i];
    work.left -= 1;
    if (char === '{') depth += 1;
    else if (char === ',' && depth === 1) cuts.push(i);
    else if (char === '}') {
      depth -= 1;
      if (depth > 0) continue;
      if (cuts.length === 1) {
        const items = sequence(source.slice(start + 1, i));
        return items === undefined ? undefined : { start, end: i, items };
      }
      cuts.push(i);
      const items = cuts.slice(1).map((cut, index) => source.slice((cuts[index] ?? start) + 1, cut));
      return { start, end: i, items };
    }
  }
  return undefined;
}

function sequence(body: string): string[] | undefined {
  const numbers = /^(-?\d{1,9})\.\.(-?\d{1,9})(?:\.\.(-?\d{1,9}))?$/.exec(body);
  if (numbers) {
    const [first, last] = [Number(numbers[1]), Number(numbers[2])];
    const step = Math.abs(Number(numbers[3] ?? 1)) || 1;
    const count = Math.floor(Math.abs(last - first) / step) + 1;
    const sign = last < first ? -step : step;
    return Array.from({ length: Math.min(count, most + 1) }, (_, i) => String(first + i * sign));
  }
  const letters = /^([a-zA-Z])\.\.([a-zA-Z])$/.exec(body);
  if (!letters) return undefined;
  const [first, last] = [letters[1]?.charCodeAt(0) ?? 0, letters[2]?.charCodeAt(0) ?? 0];
  const sign = last < first ? -1 : 1;
  return Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => String.fromCharCode(first + i * sign));
}

/** The index after the unit at `i`: an escape, a quoted part, an expansion, or one character. */
function next(source: string, i: number): number {
  const char = source[i];
  if (char === '\\') return i + 2;
  if (char === "'") return closing(source, i, "'");
  if (char === '"' || char === '`') return closing(source, i, char);
  if (char === '$' && source[i + 1] === "'") return closing(source, i + 1, "'", true);
  if (char === '$' && source[i + 1] === '(') return nested(source, i + 1, '(', ')');
  if (char === '$' && source[i + 1] === '{') return nested(source, i + 1, '{', '}');
  return i + 1;
}

function closing(source: string, start: number, quote: string, escapes = quote !== "'"): number {
  for (let i = start + 1; i < source.length; i += 1) {
    if (escapes && source[i] === '\\') i += 1;
    else if (source[i] === quote) return i + 1;
  }
  return source.length;
}

function nested(source: string, start: number, open: string, close: string): number {
  let depth = 0;
  for (let i = start; i < source.length;) {
    if (source[i] === open) depth += 1;
    else if (source[i] === close && (depth -= 1) === 0) return i + 1;
    i = source[i] === open || source[i] === close ? i + 1 : next(source, i);
  }
  return source.length;
}
