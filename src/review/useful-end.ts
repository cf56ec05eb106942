import { printable } from '../base/index.ts';

const trouble =
  /\b(?:errors?|fail(?:ed|ure|ures|s|ing)?|exceptions?|panic(?:ked)?|assert\w*|expected|received|actual|traceback|fatal|cannot|undefined|not ok|unresolved|denied)\b|\w+(?:Error|Exception)\b|[✗✖×❌]|^\s*E\s{2}/iu;
/** What tools print whatever happens, and progress that was drawn over. */
const noise = [
  /^\s*npm (?:err!|error|warn|notice)?\s*(?:a complete log of this run|.*_logs\/|new (?:major|minor|patch) version|changelog:|to update run|lifecycle script|code (?:1|elifecycle)|errno|path |workspace |location |command )/i,
  /^\s*npm (?:notice|http|timing)\b/i,
  /^\s*(?:npm (?:err!|error))\s*$/i,
  /^>\s+\S+@\S+\s+\S+\s*$/,
  /^[\s\d%.,/:|[\]()<>#=\-─━█▇▆▅▄▃▂▁░▒▓⣿⠀-⣿]+$/u,
  /^\s*(?:[⠀-⣿◐◓◑◒|/\\-])\s+\S/u,
  /^.{0,60}\[[#=>.\s-]{5,}\]\s*\d{0,3}\s?%?/,
  /^.{0,60}\b\d{1,3}\s?%\s*[|[(]?[█▇▆▅▄▃▂▁#=>.\s-]{5,}/u,
  /^\s*(?:downloading|resolving|fetching|compiling|receiving objects|resolving deltas|counting objects|remote:|added \d+ packages|\d+ packages are looking for funding|run `npm fund`|debugger (?:attached|listening)|waiting for the debugger)/i,
];
const MAX_LINE = 400;
const GAP = '…';

/**
 * The part of a program's output that says why it failed, at most `max` UTF-16 units: the last lines, and before
 * them the lines that speak of an error with what follows them. Colours, progress bars and footers go. The same
 * output gives the same text.
 */
export function usefulEnd(output: string, max: number): string {
  const lines = linesOf(output);
  const whole = lines.join('\n');
  if (whole.length <= max) return whole;
  return select(lines, max);
}

function linesOf(output: string): string[] {
  const out: string[] = [];
  let repeats = 0;
  const settle = () => {
    if (repeats > 0) out.push(`(the same ${repeats === 1 ? 'once' : `${repeats} times`} more)`);
    repeats = 0;
  };
  for (const raw of output.replaceAll('\r\n', '\n').split('\n')) {
    // A line drawn over itself: what stood there last.
    const line = cutLine(printable(raw.slice(raw.replace(/\r+$/, '').lastIndexOf('\r') + 1)).trimEnd());
    if (
      line === ''
        ? out.length === 0 || out.at(-1) === ''
        : noise.some((pattern) => pattern.test(line)) && !decisive(line)
    )
      continue;
    if (line !== '' && line === out.at(-1)) {
      repeats += 1;
      continue;
    }
    settle();
    out.push(line);
  }
  settle();
  while (out.at(-1) === '') out.pop();
  return out;
}

/** A rule of dashes is noise, a line of pytest's that begins with one and names a failure is not. */
function decisive(line: string): boolean {
  return /\b(?:FAIL(?:ED|URES)?|ERROR)\b/.test(line) && !/^\s*npm /i.test(line);
}

function cutLine(line: string): string {
  if (line.length <= MAX_LINE) return line;
  const half = (MAX_LINE - 3) / 2;
  return `${line.slice(0, Math.ceil(half))}${GAP}${line.slice(-Math.floor(half))}`.toWellFormed();
}

function select(lines: string[], max: number): string {
  const kept = new Set<number>();
  let used = 0;
  const room = max - 2 * GAP.length;
  // Each kept line may need a gap before it.
  const keep = (index: number, limit: number): boolean => {
    if (kept.has(index)) return true;
    const cost = (lines[index]?.length ?? 0) + 1 + GAP.length + 1;
    if (used + cost > limit) return false;
    kept.add(index);
    used += cost;
    return true;
  };
  let end = lines.length - 1;
  while (end >= 0 && keep(end, room * 0.45)) end -= 1;
  for (let index = 0; index < end + 1; index += 1) {
    if (!trouble.test(lines[index] ?? '')) continue;
    let full = !keep(index, room * 0.95);
    for (let after = index + 1; after <= Math.min(index + 4, end) && !full; after += 1)
      full = !keep(after, room * 0.95);
    if (full) break;
  }
  while (end >= 0 && keep(end, room)) end -= 1;
  if (kept.size === 0) return (lines.at(-1) ?? '').slice(-Math.max(0, max)).toWellFormed();
  return joined(lines, kept);
}

function joined(lines: string[], kept: Set<number>): string {
  const out: string[] = [];
  let before = -1;
  for (const index of [...kept].sort((a, b) => a - b)) {
    if (index !== before + 1) out.push(GAP);
    out.push(lines[index] ?? '');
    before = index;
  }
  return out.join('\n');
}
