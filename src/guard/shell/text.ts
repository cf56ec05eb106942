import { UNKNOWN, asKnown } from '../marks.ts';

const simple: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** Backslash escapes as `echo -e` and `printf` read them. */
export function unescape(text: string): string {
  return asKnownKeepingMarks(text, /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|0?([0-7]{1,3})|(.))/gs);
}

function asKnownKeepingMarks(text: string, escapes: RegExp): string {
  return text.replace(escapes, (whole, hex?: string, unicode?: string, octal?: string, char?: string) => {
    if (char !== undefined) return simple[char] ?? whole;
    const code = octal === undefined ? parseInt(hex ?? unicode ?? '0', 16) : parseInt(octal, 8);
    return asKnown(String.fromCharCode(code));
  });
}

/** What `printf` prints; UNKNOWN for directives that change their argument. */
export function format(template: string, args: readonly string[]): string {
  const directives = template.match(/%(?:%|[^%a-zA-Z]*[a-zA-Z])/g) ?? [];
  const taking = directives.filter((directive) => directive !== '%%').length;
  let next = 0;
  let output = '';
  do {
    output += unescape(template).replace(/%(?:%|([^%a-zA-Z]*)([a-zA-Z]))/g, (whole, flags: string, kind: string) => {
      if (whole === '%%') return '%';
      const arg = args[next] ?? '';
      next += 1;
      if (flags !== '') return UNKNOWN;
      if (kind === 's' || kind === 'd' || kind === 'i') return arg;
      return kind === 'b' ? unescape(arg) : UNKNOWN;
    });
  } while (taking > 0 && next < args.length && output.length < 65_536);
  return output;
}
