import { isKnown } from './marks.ts';
import type { Rule } from './policy/rule.ts';
import type { Interpretation } from './interpret.ts';
import type { Decision, Facts } from './types.ts';

type Violation = Decision['violation'];

const order: readonly Violation[] = [undefined, 'plain', 'disguised', 'tamper'];

export const worse = (a: Violation, b: Violation): boolean => order.indexOf(a) > order.indexOf(b);

/** What a denied effect says of the agent: that it did not know better, or that it meant to get round a rule. */
export function violationOf(
  rule: Rule,
  { effect, place }: Facts,
  { commands }: Interpretation,
  command: number | undefined,
  isShown: IsShown,
): Violation {
  if (rule.counts === false) return undefined;
  switch (effect.kind) {
    case 'tamper':
      return 'tamper';
    case 'write':
    case 'delete':
      return place?.watches === true ? 'tamper' : 'plain';
    case 'git_write':
    case 'database': {
      const owner = command === undefined ? undefined : commands[command];
      return owner !== undefined && isDisguised(owner.words, owner.via, isShown) ? 'disguised' : 'plain';
    }
    default:
      return 'plain';
  }
}

/** Found in a file or a script of the project: whoever called that need not have known what is in it. */
const inFile = /^(?:script |target |\/|\$\(shell\))/;
/** Found in another language's code. */
const inCode =
  /^(?:python|pypy|ipython|node|nodejs|deno|bun|tsx|ts-node|perl|ruby|php|lua|luajit|awk|gawk|mawk)\d*(?:\.\d+)*$/;

/**
 * True where a command does not show what it does: the program's name or what it is told to do cannot be read in one
 * place of the text (`g''it`, `$G commit`, `echo commit | xargs git`), or another language starts it.
 */
function isDisguised(words: readonly string[], via: readonly string[], isShown: IsShown): boolean {
  if (via.some((step) => inFile.test(step))) return false;
  if (via.some((step) => inCode.test(step))) return true;
  const [program = '', ...args] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  const told = args.find((arg) => /^[A-Za-z][\w:-]*$/.test(arg) && isKnown(arg));
  return !isShown(name, told);
}

/** Whether a program's name and what it is told stand, as words, in one simple command of the text. */
export type IsShown = (name: string, told: string | undefined) => boolean;

/** Looks for words in one text, which is taken apart once, and for the same words once. */
export function wordsShownIn(source: string): IsShown {
  const known = new Map<string, boolean>();
  let parts: string[] | undefined;
  return (name, told) => {
    const key = `${name}\n${told ?? ''}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    parts ??= source.toLowerCase().split(/[;&|\n]/);
    const [first, second] = [name.toLowerCase(), told?.toLowerCase()];
    const found = parts.some((part) => {
      const at = wordAt(part, first, 0);
      return at >= 0 && (second === undefined || wordAt(part, second, at + first.length) >= 0);
    });
    known.set(key, found);
    return found;
  };
}

function wordAt(text: string, word: string, from: number): number {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/[\w-]/.test(text[at - 1] ?? ' ') && !/[\w]/.test(text[at + word.length] ?? ' ')) return at;
    if (word === '') return at;
  }
  return -1;
}
