import { FILES, ONE, SAFE, STAR, STAR_DOT, UNKNOWN, isKnown } from './marks.ts';

/**
 * What a marked word may stand for. A pattern comes from a hostile command: nothing here takes longer than the two lengths
 * multiplied, which backtracking expressions do.
 */

/** Steps of a marked word: a character, one but a slash, any run but of slashes, any run at all, any one. */
type Step = string | 1 | 2 | 3 | 4;

const stepOf = (char: string): Step => {
  if (char === STAR || char === STAR_DOT) return 2;
  if (char === ONE) return 1;
  return char === UNKNOWN || char === SAFE || char === FILES ? 3 : char;
};

/** The steps of a marked word; of runs in a row one, the widest. */
function stepsOf(marked: string): Step[] {
  const steps: Step[] = [];
  for (const char of marked.split('')) {
    const step = stepOf(char);
    const last = steps.at(-1);
    if ((step === 2 || step === 3) && (last === 2 || last === 3)) {
      if (step === 3) steps[steps.length - 1] = 3;
    } else steps.push(step);
  }
  return steps;
}

/** Which beginnings of `text` the steps fit, by their length. */
function endsOf(steps: readonly Step[], text: string): Uint8Array {
  let reach = new Uint8Array(text.length + 1);
  reach[0] = 1;
  for (const step of steps) {
    const next = new Uint8Array(text.length + 1);
    const many = step === 2 || step === 3;
    if (many) next[0] = reach[0] ?? 0;
    for (let end = 1; end <= text.length; end += 1) {
      const char = text[end - 1];
      const fits = many
        ? reach[end] === 1 || (next[end - 1] === 1 && (step === 3 || char !== '/'))
        : reach[end - 1] === 1 && (step === 4 || (step === 1 ? char !== '/' : step === char));
      if (fits) next[end] = 1;
    }
    reach = next;
  }
  return reach;
}

/** Whether a marked word may stand for this text: for names that are asked once. */
export function mayBe(marked: string, text: string): boolean {
  if (isKnown(marked)) return marked === text;
  // Most names differ in their first or last letter.
  const [first, last] = [stepOf(marked[0] ?? ''), stepOf(marked.at(-1) ?? '')];
  if (typeof first === 'string' && first !== text[0]) return false;
  if (typeof last === 'string' && last !== text.at(-1)) return false;
  return endsOf(stepsOf(marked), text)[text.length] === 1;
}

/** The same for many texts. */
export function matcherOf(marked: string): (text: string) => boolean {
  const steps = stepsOf(marked);
  const runs = steps.filter((step) => step === 2 || step === 3).length;
  if (runs > 2) return (text) => endsOf(steps, text)[text.length] === 1;
  // With so few runs an expression is as quick as anything.
  const pattern = new RegExp(`^${steps.map(sourceOf).join('')}$`, 's');
  return (text) => pattern.test(text);
}

function sourceOf(step: Step): string {
  if (step === 1) return '[^/]';
  if (step === 2) return '[^/]*';
  if (step === 4) return '.';
  return step === 3 ? '.*' : step.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}

/** So much work, in characters of pattern times characters of text, a `${name#pattern}` is worth. */
const mostWork = 100_000;

/**
 * How many characters of `text` the pattern of a `${name#pattern}` takes: at its start, or at its end; the longest or the
 * shortest run of them. Undefined where none, `too long` where it would take too long to say. `*` goes over slashes here.
 */
export function cutOf(
  text: string,
  pattern: string,
  { atStart, longest }: { atStart: boolean; longest: boolean },
): number | undefined | 'too long' {
  const steps = stepsOf(pattern.replace(/[\u0011\u0014]/g, UNKNOWN)).map((step): Step => (step === 1 ? 4 : step));
  if (steps.length * text.length > mostWork) return 'too long';
  const turned = (list: readonly string[]): string => [...list].reverse().join('');
  const ends = atStart ? endsOf(steps, text) : endsOf(steps.reverse(), turned(text.split('')));
  const found = longest ? ends.lastIndexOf(1) : ends.indexOf(1);
  return found < 0 ? undefined : found;
}
