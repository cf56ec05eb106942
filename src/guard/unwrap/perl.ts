import { defused, type Masked } from './masked.ts';
import { squeezed } from './literals.ts';

/** Longer code is judged without this, in UTF-16 units. */
const longest = 65_536;
/** Marks of what is not known, and white space of which Perls may think otherwise. */
const odd = /[\u0000-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029]/;
const setOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Words after which an operand begins: `/` is an expression there, and `s…` a substitution. */
const beforeOperand = setOf(`if unless while until and or not xor return print split map grep push unshift join
  eq ne lt gt le ge cmp x`);
/** Further words that run no text, start nothing and open nothing, whatever they are given. */
const plainWords =
  setOf(`printf else elsif for foreach my our local last next redo reverse sort keys values each exists delete
  defined scalar length substr index rindex uc lc ucfirst lcfirst sprintf chomp chop chr ord abs int hex oct eof undef die
  warn exit wantarray pop shift splice say close lstat pos quotemeta sqrt time localtime gmtime STDIN STDOUT STDERR BEGIN END`);
const quoting = setOf('q qq qw m qr s y tr');
/** Words after which `%` begins a hash. */
const beforeHash = setOf('my our local keys values each delete exists defined scalar sort reverse');
/** Words after which a variable is no place to print to. */
const beforeValue = setOf(`if unless while until and or not xor eq ne lt gt le ge cmp x for foreach my our local`);
/** Names that name files or commands to be opened, what is called on a signal, and where code comes from. */
const reaching = setOf('ARGV SIG INC ARGVOUT ISA EXPORT DB CORE');

const name = /[A-Za-z_]\w*/y;
const blanks = /[ \t\n]*/y;
const number = /\d+(?:\.\d+)?(?![\w.]|\s*\.\d)|\d+(?=\.\.)/y;
const closing: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']', '<': '>' };
/** What may begin and end a quoted text; with others it is read in more than one way. */
const delimiters = /[/{([<!|,~;%'"]/;

/** The index of the delimiter that ends a text begun before `from`; -1 where there is none. */
function endOf(source: string, from: number, open: string): number {
  const close = closing[open] ?? open;
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (char === close && depth === 0) return at;
    else if (char === close) depth -= 1;
    else if (char === open) depth += 1;
  }
  return -1;
}

/** A subscript in a text that names or counts something, and calls nothing. */
const subscript =
  /(?:\[(?:-?\d{1,9}|\$[a-z_]\w{0,80})\]|\{(?:[A-Za-z_]\w{0,80}|\d{1,5},?\d{0,5}|\$[a-z_]\w{0,80})\})/iy;
const interpolated = /\{\w{1,80}\}|&|\w+(?:(?:::|')\w+)*/y;

/** True where a text that is interpolated may hold code: `@{[ … ]}`, `${\ … }`, `$x[ … ]`. */
function interpolatesCode(words: string, isPattern: boolean): boolean {
  for (let at = 0; at < words.length; at += 1) {
    const char = words[at];
    if (char === '\\') at += 1;
    if (char !== '$' && char !== '@') continue;
    const next = words[at + 1] ?? '';
    if (char === '@' && !/[\w:'{$+-]/.test(next)) continue;
    // The end of what is matched.
    if (char === '$' && isPattern && (next === '' || /[)|]/.test(next))) continue;
    interpolated.lastIndex = at + 1;
    const named = interpolated.exec(words)?.[0];
    if (named === undefined) return true;
    let end = at + 1 + named.length;
    subscript.lastIndex = end;
    end += subscript.exec(words)?.[0].length ?? 0;
    if (/^(?:[[{]|->\s?[^\s\w]|::|')/.test(words.slice(end, end + 4))) return true;
    at = end - 1;
  }
  return false;
}

/** `(?{ … })`, `(??{ … })`, `(*{ … })`: code in an expression. */
const codeInPattern = /\(\s*[?*][?*p\s]*\{/;

/** The same, where a backslash before a delimiter may be taken away before the text is read. */
function holdsCode(words: string, delimiter: string, isPattern: boolean): boolean {
  const bare = words.replace(/\\(.)/gs, (pair, char: string) =>
    char === delimiter || char === closing[delimiter] ? char : pair,
  );
  return [words, bare].some((text) => codeInPattern.test(text) || interpolatesCode(text, isPattern));
}

type Before = 'operand' | 'value' | 'word' | 'close' | 'handle';

/**
 * Tells the strings, expressions and comments of Perl from what its code does, where that is certain and the code does
 * nothing but plain work on the lines that it is given: it opens no file, starts nothing, calls nothing by a name, loads
 * nothing. Undefined for any other, and for text that interpolates code. Goes over the text once.
 */
export function plainPerl(source: string): Masked | undefined {
  if (source.length > longest || odd.test(source) || /^=/m.test(source)) return undefined;
  let code = '';
  let text = '';
  const literals: string[] = [];
  let before = 'operand' as Before;
  let last = '';
  /** Of each brace and bracket that is open: whether it is a subscript. */
  const open: boolean[] = [];
  let at = 0;

  const blank = (from: number): number => {
    blanks.lastIndex = from;
    return from + (blanks.exec(source)?.[0].length ?? 0);
  };
  const add = (plain: string, kind: Before): void => {
    code += plain;
    text += plain;
    before = kind;
    last = plain;
    at += plain.length;
  };
  const startsOperand = (): boolean => before === 'operand' || (before === 'word' && beforeOperand.has(last));
  /** A quoted text whose delimiter stands at `from`: where it ends, or -1. */
  const quoted = (from: number, kind: 'text' | 'words' | 'pattern'): number => {
    const delimiter = source[from] ?? '';
    const end = endOf(source, from + 1, delimiter);
    if (end < 0) return -1;
    const words = source.slice(from + 1, end);
    if (kind !== 'text' && holdsCode(words, delimiter, kind === 'pattern')) return -1;
    // A string may be taken for an expression later.
    if (codeInPattern.test(words)) return -1;
    literals.push(words);
    return end + 1;
  };
  /** The letters that follow a pattern, where all of them are of `allowed`; -1 for any other. */
  const flags = (from: number, allowed: RegExp): number => {
    if (from < 0) return -1;
    name.lastIndex = from;
    const letters = name.exec(source)?.[0] ?? '';
    return /\w/.test(source[from + letters.length] ?? '') || !allowed.test(letters) ? -1 : from + letters.length;
  };
  /** `s{…} {…}`, `tr/…/…/`: where the second part ends, or -1. */
  const second = (first: number, delimiter: string, kind: 'text' | 'words'): number => {
    if (first < 0) return -1;
    if (closing[delimiter] === undefined) return quoted(first - 1, kind);
    const from = blank(first);
    return closing[source[from] ?? ''] === undefined ? -1 : quoted(from, kind);
  };
  /** `q`, `m`, `s` and their like, whose delimiter stands at `from`: where the whole ends, or -1. */
  const operator = (word: string, from: number): number => {
    const delimiter = source[from] ?? '';
    if (!delimiters.test(delimiter)) return -1;
    switch (word) {
      case 'q':
      case 'qw':
        return quoted(from, 'text');
      case 'qq':
        return quoted(from, 'words');
      case 'm':
      case 'qr':
        return flags(quoted(from, 'pattern'), /^[msixogc]*$/);
      case 's':
        // With an `e` among them the replacement is code.
        return flags(second(quoted(from, 'pattern'), delimiter, 'words'), /^(?!or$)[msixogcr]*$/);
      default:
        return flags(second(quoted(from, 'text'), delimiter, 'text'), /^[cdsr]*$/);
    }
  };
  const literal = (end: number, shown = ''): boolean => {
    if (end < 0) return false;
    code += ' "" ';
    text += ` "${defused(shown)}" `;
    before = 'value';
    last = '"';
    at = end;
    return true;
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
    // After `print $x` it is guessed whether that is where to print to.
    if (before === 'handle' && /[/?<%&*]/.test(char)) return undefined;
    if (before === 'close' && /[/?<%&*]/.test(char)) return undefined;
    if (char === '#') {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
      continue;
    }
    if (char === '"' || char === "'") {
      const end = quoted(at, char === '"' ? 'words' : 'text');
      if (!literal(end, source.slice(at + 1, end - 1))) return undefined;
      continue;
    }
    if (char === '`' || char === '\\') return undefined;
    const two = char + next;
    if (two === '->' || two === '::' || (two === '<<' && source.slice(at, at + 4) !== '<<>>')) return undefined;
    if (char === '-' && /[A-Za-z_]/.test(next)) return undefined;
    if (
      char === '$' ||
      char === '@' ||
      (char === '%' && (startsOperand() || (before === 'word' && beforeHash.has(last))))
    ) {
      const variable =
        /^(?:[$@%][A-Za-z_]\w{0,80}(?![\w':])|\$#[A-Za-z_]\w{0,80}(?![\w':])|\$\d{1,3}(?!\w)|\$[&.,/\\|!;])/.exec(
          source.slice(at, at + 90),
        )?.[0];
      if (variable === undefined || (reaching.has(variable.replace(/^\$#|^./, '')) && variable !== '$ARGV'))
        return undefined;
      if (before === 'value' || before === 'handle') return undefined;
      const handle = before === 'word' && !beforeValue.has(last);
      add(variable, handle ? 'handle' : 'value');
      const from = blank(at);
      const bracket = source[from] ?? '';
      if (bracket !== '{' && bracket !== '[') continue;
      // `$ARGV[0]` is of another name than `$ARGV`.
      if (variable.endsWith('ARGV') || !/\w$/.test(variable)) return undefined;
      at = from;
      const word = /^\{[A-Za-z_]\w{0,80}\}/.exec(source.slice(at, at + 84))?.[0];
      if (word === undefined) {
        open.push(true);
        add(bracket, 'operand');
      } else {
        add(word, 'value');
      }
      continue;
    }
    name.lastIndex = at;
    const word = name.exec(source)?.[0];
    if (word !== undefined) {
      const end = at + word.length;
      if (quoting.has(word)) {
        if (!startsOperand() && before !== 'close') return undefined;
        if (!literal(operator(word, end))) return undefined;
        continue;
      }
      if (word === 'use' || word === 'no') {
        const pragma = /^use[ \t]+(?:strict|warnings|utf8)[ \t]*;/.exec(source.slice(at, at + 60))?.[0];
        if (pragma === undefined || (before !== 'operand' && before !== 'close') || open.length > 0) return undefined;
        add(pragma, 'operand');
        continue;
      }
      if (source[end] === "'" || (!beforeOperand.has(word) && !plainWords.has(word))) return undefined;
      if (word === 'x' && before !== 'value') return undefined;
      add(word, 'word');
      continue;
    }
    number.lastIndex = at;
    const digits = number.exec(source)?.[0];
    if (digits !== undefined) {
      if (before === 'value' || before === 'handle') return undefined;
      add(digits, 'value');
      continue;
    }
    if (/\d/.test(char)) return undefined;
    if (char === '/' && startsOperand()) {
      if (!literal(flags(quoted(at, 'pattern'), /^[msixogc]*$/))) return undefined;
      continue;
    }
    if (char === '<' && startsOperand()) {
      const line = /^(?:<(?:STDIN)?>|<<>>)/.exec(source.slice(at, at + 8))?.[0];
      if (line === undefined) return undefined;
      add(line, 'value');
      continue;
    }
    // An operator stands behind a value.
    if (/[/<?%&*]/.test(char) && before !== 'value') return undefined;
    // What a name in a string stands for would be reached by a second subscript: `$x{a}[0]`, `$x[0]("a")`.
    if (/[[{(]/.test(char) && (before === 'value' || before === 'handle')) {
      const isVariable = /^\$[\w]/.test(last);
      if (char === '(' ? !isVariable : last !== ')') return undefined;
    }
    if (char === '{' || char === '[') {
      open.push(false);
      add(char, 'operand');
    } else if (char === '}' || char === ']') {
      const wasSubscript = open.pop();
      if (wasSubscript === undefined) {
        // `-n` and `-p` put braces around: `}{` leaves them.
        const from = blank(at + 1);
        if (char === ']' || source[from] !== '{') return undefined;
        at = from;
        add('}{', 'operand');
        at = from + 1;
        continue;
      }
      add(char, wasSubscript || char === ']' ? 'value' : 'close');
    } else if (char === '(') add(char, 'operand');
    else if (char === ')') add(char, 'value');
    else if (two === '++' || two === '--') {
      const kept = before === 'value' || before === 'handle' ? 'value' : 'operand';
      if (before === 'word' || before === 'close') return undefined;
      add(two, kept);
    } else if (/^(?:\/\/|&&|\|\||\*\*|=~|!~|==|!=|<=|>=|\.\.)$/.test(two)) add(two, 'operand');
    else if (/[-+.,;=!~<>|&*/%?:^]/.test(char)) add(char, 'operand');
    else return undefined;
  }
  return open.length > 0 ? undefined : { code: squeezed(code), text: squeezed(text), literals };
}
