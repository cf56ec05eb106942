import type { Language } from './languages.ts';
import { squeezed } from './literals.ts';
import { unescape } from '../shell/text.ts';

/** Code with its strings, regular expressions and comments told apart from what it does. */
export interface Masked {
  /** What is left without comments: each literal is `""`, its interpolations stand beside it as code. */
  code: string;
  /** The same with the words of the literals, without whatever in them reads like a call or a quote. */
  text: string;
  /** The words of the literals as they are written. */
  literals: string[];
}

/** Longer code is judged without this, in UTF-16 units. */
const longest = 65_536;
/** Marks of what is not known, and line ends of which a language may think otherwise. */
const odd = /[\u0000-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029]/;
/** Words after which an expression begins, so that `/` begins a regular expression. */
const beforeValue = {
  node: /^(?:return|typeof|case|in|delete|void|throw|new|else|do|instanceof)$/,
  ruby: /^(?:return|and|or|not|if|elsif|unless|while|until|when|in|else|do|then|case)$/,
  python: /(?!)/,
  php: /(?!)/,
};
/** Words of which it depends on the place whether an expression begins. */
const unsure = /^(?:of|await|yield|async|let|static|get|set)$/;
const loading = /^(?:require|require_relative|from|import|load)$/;
const word = /[A-Za-z_$][\w$]*/y;
const number = /\d[\w.]*/y;
const prefix = /^(?:[rbuft]|[rbf][rbf]|tr|rt)$/i;

/** Words without what reads like a call, a quote or an interpolation: a path in them stays what it is. */
export function defused(words: string): string {
  if (words.length > 400) return '_';
  return words
    .replace(/["'`()[\]{}\\$#<>|;\n]/g, (char) => (char === '\n' ? ' ' : '_'))
    .replace(/\b(env|Dir)\s*\.(?=\s*(?:HOME|home)\b)/g, '$1_');
}

/**
 * Tells literals and comments from code. Undefined where that is not certain: a string without an end, quoting of
 * which there are two readings, a character that is none of plain code. Goes over the text once.
 */
export function masked(source: string, language: Language): Masked | undefined {
  if (source.length > longest || odd.test(source)) return undefined;
  // Of its first two lines one may say that the letters mean others.
  if (language === 'python') {
    const ends = source.indexOf('\n', source.indexOf('\n') + 1);
    if (/coding[:=](?!\s{0,9}utf-?8\b)/i.test(source.slice(0, ends < 0 ? undefined : ends))) return undefined;
  }
  if (language === 'php') {
    const opened = /^\s*<\?php\b/.exec(source)?.[0] ?? '';
    if (/<\?|\?>/.test(source.slice(opened.length))) return undefined;
    return lex(source.slice(opened.length), language);
  }
  if (language === 'ruby' && /^(?:=|__END__)/m.test(source)) return undefined;
  return language === 'python' || language === 'node' || language === 'ruby' ? lex(source, language) : undefined;
}

/** The index of the quote that ends a string begun before `from`; -1 where there is none, or a line ends first. */
function endOf(source: string, from: number, quote: string, lines: boolean): number {
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === quote[0] && source.startsWith(quote, at)) return at;
    else if (char === '\n' && !lines) return -1;
  }
  return -1;
}

/** The index after a regular expression's flags; -1 where it does not end on its line. */
function endOfRegex(source: string, from: number): number {
  let inClass = false;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\n') return -1;
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) {
      at += 1;
      while (/[a-z]/.test(source[at] ?? '')) at += 1;
      return at;
    }
  }
  return -1;
}

/** Parts of an f-string's words: code between braces stays code. Undefined where Pythons differ about it. */
function interpolated(words: string): { code: string; text: string } | undefined {
  const codes: string[] = [];
  let text = '';
  let from = 0;
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] !== '{' && words[at] !== '}') continue;
    if (words[at + 1] === words[at]) {
      at += 1;
      continue;
    }
    const end = words[at] === '{' ? words.indexOf('}', at) : -1;
    if (end < 0) return undefined;
    const inner = words.slice(at + 1, end);
    // Quotes, braces and line ends inside are read differently before and after Python 3.12.
    if (/["'`\\#{\n]/.test(inner)) return undefined;
    const code = lex(inner, 'python');
    if (code === undefined) return undefined;
    codes.push(code.code);
    text += `${defused(words.slice(from, at))}{${inner}}`;
    from = end + 1;
    at = end;
  }
  return { code: codes.map((code) => `+( ${code} )`).join(''), text: text + defused(words.slice(from)) };
}

type Before = 'start' | 'operator' | 'word' | 'value' | 'close';

function lex(source: string, language: 'python' | 'node' | 'ruby' | 'php'): Masked | undefined {
  let code = '';
  let text = '';
  const literals: string[] = [];
  let before = 'start' as Before;
  let last = '';
  let earlier = '';
  /** Braces open in each interpolation of a template that is open. */
  const templates: number[] = [];
  let at = 0;
  /** Letters before a string of Python's that say what it is. */
  let marked = '';

  const add = (plain: string, kind: Before): void => {
    code += plain;
    text += plain;
    before = kind;
    earlier = last;
    last = plain;
  };
  const literal = (words: string, kept = false): void => {
    literals.push(words);
    const named = kept && /^[\w:./@-]{1,100}$/.test(words);
    code += named ? `"${words}"` : '""';
    text += `"${defused(words.includes('\\') ? unescape(words) : words)}"`;
    before = 'value';
    last = '"';
  };
  /** True where `require(` or `from` stands before: what is loaded stays to be seen. */
  const loads = (): boolean => loading.test(last === '(' ? earlier : last);
  /** A template's words up to its end or the next interpolation. */
  const template = (from: number): number => {
    for (let end = from; end < source.length; end += 1) {
      const char = source[end];
      if (char === '\\') end += 1;
      else if (char === '`' || (char === '$' && source[end + 1] === '{')) {
        const words = source.slice(from, end);
        literals.push(words);
        text += defused(words.includes('\\') ? unescape(words) : words);
        if (char === '`') {
          text += '`';
          before = 'value';
          last = '"';
          return end + 1;
        }
        templates.push(0);
        code += '+(';
        text += '${';
        before = 'operator';
        last = '(';
        return end + 2;
      }
    }
    return -1;
  };

  while (at < source.length) {
    const char = source[at] ?? '';
    const next = source[at + 1] ?? '';
    if (char === ' ' || char === '\t' || char === '\n') {
      code += char;
      text += char;
      at += 1;
      continue;
    }
    if (char > '~') return undefined;
    // Comments.
    const line =
      char === '#' ? language !== 'node' || at === 0 : char === '/' && next === '/' && /^(?:node|php)$/.test(language);
    if (line) {
      if (char === '#' && language === 'php' && next === '[') return undefined;
      if (char === '#' && language === 'node' && next !== '!') return undefined;
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
      continue;
    }
    if (char === '/' && next === '*' && /^(?:node|php)$/.test(language)) {
      const end = source.indexOf('*/', at + 2);
      if (end < 0) return undefined;
      code += ' ';
      text += ' ';
      at = end + 2;
      continue;
    }
    // Strings.
    if (char === '"' || char === "'") {
      if (language === 'python' && marked === '' && /\w/.test(source[at - 1] ?? '')) return undefined;
      const triple = language === 'python' && source.startsWith(char.repeat(3), at);
      const quote = triple ? char.repeat(3) : char;
      const end = endOf(source, at + quote.length, quote, triple || language === 'php' || language === 'ruby');
      if (end < 0) return undefined;
      const words = source.slice(at + quote.length, end);
      const f = marked;
      marked = '';
      if (/[ft]/i.test(f)) {
        const parts = interpolated(words);
        if (parts === undefined) return undefined;
        literals.push(words);
        code += `""${parts.code}`;
        text += `f"${parts.text}"`;
        before = 'value';
        last = '"';
      } else {
        if (language === 'ruby' && (/^\s*\|/.test(words) || (char === '"' && /#[{$@]/.test(words)))) return undefined;
        if (language === 'php' && char === '"' && /\{\s*\$|\$\s*\{/.test(words)) return undefined;
        literal(words, loads());
      }
      at = end + quote.length;
      continue;
    }
    if (char === '`') {
      if (language !== 'node' || before === 'close' || before === 'value') return undefined;
      if (before === 'word' && !beforeValue[language].test(last)) return undefined;
      code += '""';
      text += '`';
      at = template(at + 1);
      if (at < 0) return undefined;
      continue;
    }
    if (templates.length > 0 && (char === '{' || char === '}')) {
      const depth = templates.at(-1) ?? 0;
      if (char === '}' && depth === 0) {
        templates.pop();
        code += ')';
        text += '}';
        at = template(at + 1);
        if (at < 0) return undefined;
        continue;
      }
      templates[templates.length - 1] = depth + (char === '{' ? 1 : -1);
    }
    // Regular expressions, and divisions.
    if (char === '/' && (language === 'node' || language === 'ruby')) {
      if (before === 'close' || (before === 'word' && unsure.test(last))) return undefined;
      if (last === '++' || last === '--') return undefined;
      const value = before === 'value' || (before === 'word' && !beforeValue[language].test(last));
      // Ruby takes `x /y` for a call, or for none.
      if (value && language === 'ruby' && before === 'word') return undefined;
      if (before === 'word' && !value && earlier === '.') return undefined;
      if (!value) {
        const end = endOfRegex(source, at + 1);
        if (end < 0) return undefined;
        const words = source.slice(at + 1, end);
        if (language === 'ruby' && /#[{$@]/.test(words)) return undefined;
        literals.push(words);
        code += ' "" ';
        text += ' "" ';
        before = 'value';
        last = '"';
        at = end;
        continue;
      }
    }
    if (language === 'ruby' && char === '?' && /\S/.test(next)) return undefined;
    if (language === 'ruby' && char === '%') return undefined;
    if (language === 'ruby' && char === '<' && next === '<' && source[at + 2] !== ' ') return undefined;
    if (language === 'php' && (char === '`' || source.startsWith('<<<', at))) return undefined;
    // `<a>` of JSX is text of its own.
    if (language === 'node' && char === '<') {
      if (before === 'start' || before === 'operator' || (before === 'word' && beforeValue[language].test(last)))
        return undefined;
      if (next === '/' || source.startsWith('<!--', at)) return undefined;
    }
    if (language === 'node' && (source.startsWith('-->', at) || (char === '/' && next === '>'))) return undefined;
    if (char === '\\') {
      if (language !== 'python' || next !== '\n') return undefined;
      code += ' ';
      text += ' ';
      at += 2;
      continue;
    }
    // Ruby's `$'` and `$"` are names.
    if (language === 'ruby' && char === '$' && !/[\w]/.test(next)) return undefined;
    word.lastIndex = at;
    const named = word.exec(source)?.[0];
    if (named !== undefined) {
      if (language === 'python' && prefix.test(named) && /["']/.test(source[at + named.length] ?? '')) {
        marked = named;
        at += named.length;
        continue;
      }
      const question =
        language === 'ruby' && /[?!]/.test(source[at + named.length] ?? '') && source[at + named.length + 1] !== '=';
      const whole = question ? named + (source[at + named.length] ?? '') : named;
      add(whole, 'word');
      at += whole.length;
      continue;
    }
    number.lastIndex = at;
    const digits = number.exec(source)?.[0];
    if (digits !== undefined) {
      add(digits, 'value');
      at += digits.length;
      continue;
    }
    const twice = (char === '+' || char === '-') && next === char;
    add(twice ? char + char : char, /[)\]}]/.test(char) ? 'close' : 'operator');
    at += twice ? 2 : 1;
  }
  // The marks are looked for in what is left: long runs of blanks would be gone over again and again.
  return templates.length > 0 ? undefined : { code: squeezed(code), text: squeezed(text), literals };
}
