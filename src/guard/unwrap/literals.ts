import { unescape } from '../shell/text.ts';

const quoted = /(?:\b[rbuf]{1,2})?("""|'''|"|'|`)((?:\\.|(?!\1)[^\\])*)\1/gs;
const operators = /(?:\bq[qx]?|%[qQx])\s*([({[<|/!])([^)}\]>|/!\n]{0,400})[)}\]>|/!]/g;
const lists = /(?:%w|\bqw)\s*[[({]([^\])}]{0,400})[\])}]/g;
/** Functions whose words are for people or for comparison, not for a shell. */
const forPeople =
  /(?:^|\.)(?:print\w*|puts|echo|log|info|warn|warning|error|debug|fatal|write|describe|it|test|expect|assert\w*|format|includes|startsWith|endsWith|indexOf|match|replace|Error|\w+Error|\w*Exception|raise|throw|die|help|usage|title|add_argument|getenv|get|set|add|push|append|t|_|gettext|toBe|toEqual|contains?)$/;

/** Text in code that may be a command. */
export interface Candidate {
  text: string;
  /** False where it is plainly for people: printed, compared, thrown. */
  called: boolean;
}

/** Code whose long runs of white space are short: expressions would go over each again and again. */
export function squeezed(code: string): string {
  return code.replace(/\s{64,}/g, (run) => (run.includes('\n') ? '\n' : ' '));
}

/** True where the strings of code cannot be told apart in a time that anybody would wait: very many escaped quotes. */
export function isTangled(code: string): boolean {
  if (code.length < 8000) return false;
  return (code.match(/\\["'`]/g)?.length ?? 0) * code.length > 50_000_000;
}

/** Such code without its escaped quotes: its strings can be told apart, their words are not all as they were. */
export function untangled(code: string): string {
  return code.replace(/\\["'`]/g, ' ');
}

/** The code without its line comments, as far as they can be told from strings. */
export function withoutComments(code: string, language: string): string {
  return language === 'node' || language === 'php'
    ? code.replace(/(^|\s)\/\/[^\n]*/g, '$1')
    : code.replace(/(^|\s)#[^\n!{]*$/gm, '$1');
}

/** All string literals of code, unescaped. */
export function literalsIn(code: string): string[] {
  const found = [...code.matchAll(quoted)].map((match) => unescape(match[2] ?? ''));
  found.push(...[...code.matchAll(operators)].map((match) => match[2] ?? ''));
  return found;
}

/**
 * Commands in code: single literals, and literals that stand next to each other as one: `['git', 'commit']`,
 * `execa('git', ['commit'])`, `"gi" + "t x"`, `%w[git commit]`, `{ cmd: 'git', args: ['commit'] }`.
 */
export function commandsIn(code: string): Candidate[] {
  const found: Candidate[] = [];
  let words: string[] = [];
  let called = false;
  let end = -1;
  const flush = (): void => {
    if (words.length > 0) found.push({ text: words.join(' '), called });
    words = [];
  };
  for (const match of code.matchAll(quoted)) {
    const between = end < 0 ? undefined : code.slice(end, match.index);
    const text = unescape(match[2] ?? '');
    if (between !== undefined && (between === '' || /^\s*(?:\+|\.(?!\w)|\.concat\()\s*$/.test(between))) {
      words[words.length - 1] = (words.at(-1) ?? '') + text;
    } else if (
      between?.includes(',') === true &&
      // The second would look through a long one again and again: there only the first is asked.
      (!/[^\s,[\](){}]/.test(between) ||
        (between.length < 1000 && /^[\s,[\](){}]*(?:args|argv|command|cmd)\s*[:=]\s*[\s,[\](){}]*$/.test(between)))
    ) {
      words.push(text);
    } else {
      flush();
      words = [text];
      called = isCalled(code.slice(Math.max(0, match.index - 80), match.index), match[1] ?? '');
    }
    end = match.index + match[0].length;
  }
  flush();
  for (const match of code.matchAll(lists)) found.push({ text: (match[1] ?? '').trim(), called: true });
  for (const match of code.matchAll(operators)) found.push({ text: match[2] ?? '', called: true });
  return found.map((candidate) => {
    // `['sh', '-c', '…']`: the last word is a script.
    const script = /^(?:\/bin\/)?(?:ba)?sh -l?c (?!["'])(.+)$/s.exec(candidate.text)?.[1];
    return script === undefined ? candidate : { ...candidate, text: script };
  });
}

function isCalled(before: string, quote: string): boolean {
  if (quote === '`' && /[\w$)]\s*$/.test(before)) return true;
  const call = /([\w.$:]+)\s*\(?\s*[[{(]?\s*(?:(?:args|argv|command|cmd)\s*[:=]\s*)?\[?\s*$/.exec(before);
  if (call === null) return quote === '`' || /\[\s*$/.test(before);
  return !forPeople.test(call[1] ?? '');
}
