/** Words that say little about what a sentence is about. */
const little = new Set(
  (
    'a an the and or of to in on for with at by from as is are was were be been it its this that these those i me my you your we our ' +
    'do does did done make made please should must always never not no dont don t more less again also so too very just only ' +
    'all any every each before after when where which what how next time first add use using der die das und nicht immer bitte'
  ).split(' '),
);

/** The words of a text that say what it is about, in lower case, without their endings. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[’']/g, '')
    .split(/[^\p{L}\p{N}./_-]+/u)
    .map((word) => word.replace(/^[./_-]+|[./_-]+$/g, ''))
    .filter((word) => word.length > 1 && !little.has(word))
    .map(stem);
}

/** `tests`, `testing`, `tested` are `test`; `delete`, `deleted` are `delet`; `paginate`, `pagination` are `pagin`. */
function stem(word: string): string {
  if (/[./_\d]/.test(word) || word.length < 5) return word;
  return word.replace(/(?<=.{4})(?:ations?|ating|ated|ates?|ings?|ions?|ed|es|s)$/, '').replace(/(?<=.{4})e$/, '');
}

/** How much two texts are about the same, from 0 to 1: shared words among all words. */
export function likeness(a: string, b: string): number {
  const [one, other] = [new Set(wordsOf(a)), new Set(wordsOf(b))];
  if (one.size === 0 || other.size === 0) return 0;
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / (one.size + other.size - shared);
}

/**
 * Whether a text wants another value than an older one that is otherwise alike: a number or a quoted word that the older one has
 * not, or one or two words in the place of others (tabs, spaces).
 */
export function changesValue(older: string, newer: string): boolean {
  const before = valuesIn(older);
  if (valuesIn(newer).some((value) => !before.includes(value))) return true;
  const [one, other] = [wordsOf(older), wordsOf(newer)];
  if (one.length !== other.length) return false;
  const put = other.filter((word, at) => !isSame(word, one[at] ?? '') && !one.some((own) => isSame(own, word)));
  return (
    put.length > 0 && put.length <= 2 && other.filter((word, at) => !isSame(word, one[at] ?? '')).length === put.length
  );
}

/** Numbers, and what is quoted. */
function valuesIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`|\d+(?:[.,]\d+)?/g)].map(([whole, quoted]) => quoted ?? whole);
}

/** `tab` and `tabs` are one word. */
function isSame(one: string, other: string): boolean {
  return one === other || `${one}s` === other || one === `${other}s`;
}

/** Whether a text speaks of a lesson by its id. An "L1 cache" is none. */
export function namesLesson(text: string, id: string): boolean {
  return new RegExp(`(?<![\\w/.-])${id}(?![\\w/]|[- ](?:cache|norm|loss|regulari))`).test(text);
}

/** What turns a sentence into its opposite. `Stop the server` does not. */
export const NEGATION =
  /\b(?:never|do not|don[’']?t|must not|mustn[’']?t|should not|shouldn[’']?t|no longer|no more|no changes? to|not to|stop(?= \w+ing\b)|avoid|niemals?|nie|kein\w*|nicht)\b/i;

/** Whether a sentence forbids: `never`, `don't`, `no more`, `stop doing …`. What is said twice over (`don't forget to`) asks for it. */
export function forbids(text: string): boolean {
  return demanded(text) === undefined && (NEGATION.test(text) || /\bwithout\b/i.test(text));
}

/**
 * What a double negation asks for: `run the tests` of "Don't forget to run the tests", of "Never finish without running the
 * tests", of "Do not stop before you run the tests". Undefined where there is none.
 */
export function demanded(text: string): string | undefined {
  const negation = NEGATION.exec(text);
  if (negation === null) return undefined;
  const rest = text.slice(negation.index + negation[0].length);
  const [, what] =
    /^\s*(?:ever )?(?:forget|fail|neglect|omit|hesitate)\b(?: to\b)?(.*)$/is.exec(rest) ??
    /\b(?:without|before|until|till)\b(?: you\b| having\b)?(.*)$/is.exec(rest) ??
    [];
  return what?.trim();
}
