import { unescape } from '../shell/text.ts';

const quoted = /(?:\b[rbuf]{1,2})?("""|'''|"|'|`)((?:\\.|(?!\1)[^\\])*)\1/gs;
const operators = /(?:\bq[qx]?|%[qQx]?)\s*([({[<|/!])([^)}\]>|/!\n]*)[)}\]>|/!]/g;

/** The string literals of code, unescaped; comments of the language's line kind are left out. */
export function literalsIn(code: string, language: string): string[] {
  const source =
    language === 'node' || language === 'php'
      ? code.replace(/(^|\s)\/\/[^\n]*/g, '$1')
      : code.replace(/(^|\s)#[^\n!{]*$/gm, '$1');
  const found = [...source.matchAll(quoted)].map((match) => unescape(match[2] ?? ''));
  if (language === 'perl' || language === 'ruby')
    found.push(...[...source.matchAll(operators)].map((match) => match[2] ?? ''));
  return found;
}

/**
 * Literals that stand next to each other, as one command: `['git', 'commit']`, `"git", ["commit"]`, `"gi" + "t x"`,
 * `%w[git commit]`, `execa('git', ['commit'])`, `'git commit'.split()`.
 */
export function callsIn(code: string): string[] {
  const commands: string[] = [];
  let current: string[] = [];
  let end = -1;
  for (const match of code.matchAll(quoted)) {
    const between = end < 0 ? undefined : code.slice(end, match.index);
    const text = unescape(match[2] ?? '');
    if (between !== undefined && /^[\s+.]*[+.][\s+.]*$|^$/.test(between)) {
      current[current.length - 1] = (current.at(-1) ?? '') + text;
    } else if (between !== undefined && /^[\s,[\]()]*$/.test(between)) current.push(text);
    else {
      if (current.length > 0) commands.push(current.join(' '));
      current = [text];
    }
    end = match.index + match[0].length;
  }
  if (current.length > 0) commands.push(current.join(' '));
  for (const match of code.matchAll(/(?:%w|qw)\s*[[({]([^\])}]*)[\])}]/g)) commands.push((match[1] ?? '').trim());
  // `sh -c "…"` as a list: the last word is a script.
  return commands.flatMap((command) => {
    const script = /^(?:\/bin\/)?(?:ba)?sh -l?c (.+)$/s.exec(command)?.[1];
    return script === undefined ? [command] : [script];
  });
}
