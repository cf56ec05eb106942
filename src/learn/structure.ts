import type { Lesson } from '../journal/index.ts';
import { demanded, forbids, NEGATION, wordsOf } from './words.ts';

export type Does = Lesson['does'];
export type Scope = Lesson['scope'];

/** What is known of the task that a wish was said about. */
export interface Said {
  project: string;
  module?: string | undefined;
  /** Modules of the project's tasks so far. */
  modules: readonly string[];
  /** How the project's tests are run, where that is known. */
  testCommand?: string | undefined;
  /** What is checked already. */
  checks?: readonly string[] | undefined;
  /** The project's file that a name means: itself, or the one with that name; undefined for none. */
  file: (name: string) => string | undefined;
  /** How much dearer or longer than it was foreseen the task was; undefined where that is not known. */
  overrun?: number | undefined;
}

/**
 * What a wish asks for, by rules: the most certain kind whose words and facts are there, else a line in the
 * instructions. The text itself stays the person's own.
 */
export function structureOf(text: string, said: Said): { does: Does; scope: Scope } {
  return { does: doesOf(text, said), scope: scopeOf(text, said) };
}

function doesOf(text: string, said: Said): Does {
  return (
    guardOf(text) ??
    checkOf(text, said) ??
    contextOf(text, said) ??
    questionOf(text) ??
    estimateOf(text, said) ?? { kind: 'instruction' }
  );
}

const QUOTED = /`([^`\n]{1,200})`/g;
const PATH = /(?:^|[\s"'(])((?:[\w.*-]+\/)+[\w.*-]*|[\w*-]+\.[A-Za-z][\w]{0,7}|\.env[\w.-]*)(?=$|[\s"'),.;:!?])/g;
/** Programs that people name without quoting them. */
const PROGRAMS =
  /\b(?:run|use|call|start|execute|running|using|calling|starting|executing)\s+(curl|wget|sed|awk|npm|npx|yarn|pnpm|pip|make|docker|kubectl|terraform|ssh|rm|python3?|node)\b/i;
/** Programs whose first words say what they do: `npm publish` is not `npm`. */
const WITH_VERBS = /^(?:npm|npx|yarn|pnpm|pip|make|docker|kubectl|terraform)$/i;
/** Words that go on with the sentence, not with the command. */
const SENTENCE =
  /^(?:for|in|on|to|at|with|without|from|here|there|directly|again|any\w*|ever|as|by|and|or|during|inside|into|manually|yourself|while|since|of|the|an?|this|that|our|my|commands?|locally|globally|instead|please|now|after|before|under|over|against|just|only|every|each|first|twice|alone|because|but|so|too|unless|when|if|until|at all)$/i;
/** Words that name no one command. */
const SEVERAL = /^(?:scripts?|tasks?|images?|containers?|targets?|packages?|jobs?|things?|programs?|code)$/i;
/** What is a program without "run" before it; another quoted word may be one of the language. */
const KNOWN = new Set(
  (
    'curl wget sed awk npm npx yarn pnpm pip pip3 make docker podman kubectl helm terraform ssh scp rsync rm mv cp dd chmod chown sudo ' +
    'python python3 node deno bun git gh cargo rustc go pytest tox ruff mypy flake8 black eslint prettier tsc jest vitest biome mvn gradle ' +
    'bundle rails rake composer php ruby perl psql mysql sqlite3 redis-cli mongosh aws gcloud az ansible bash sh zsh kill pkill killall tar'
  ).split(' '),
);
const RUN = '(?:run|runs|ran|running|execut\\w+|start|starts|starting|invok\\w+|call|calls|calling)';
const TOUCH = /\b(?:touch|edit|chang|modif|writ|delet|remov|overwrit|renam|mov)\w*/i;
/** Nothing in a file, but the file. */
const WHOLE = /\b(?:files?|code|anything|something|things?|stuff|contents?|everything|nothing|folders?|migrations?)\b/i;

/** "Never touch migrations/", "Don't run `npm publish`": a rule that denies it. */
function guardOf(text: string): Does | undefined {
  const part = forbidden(text);
  if (part === undefined) return undefined;
  const runs = /\b(?:run|use|call|execut\w+|start|running|using|calling|starting)\b/i.test(part);
  const touches = TOUCH.test(withoutNames(part));
  const commands = commandsIn(part);
  const program = unquoted(part);
  if (commands.length === 0 && program !== undefined) commands.push(program);
  if (runs && !touches && commands.length > 0) return denies('command', commands, text);
  const paths = touches && !isAboutParts(part) ? pathsIn(part) : [];
  return paths.length === 0 ? undefined : denies('path', paths, text);
}

/** The command that a sentence names without quotes: `npm publish` of "run npm publish again"; undefined where it is not clear which. */
function unquoted(part: string): string | undefined {
  const found = PROGRAMS.exec(part);
  const program = found?.[1];
  if (found === null || program === undefined) return undefined;
  const args: string[] = [];
  for (const word of part.slice(found.index + found[0].length).split(/(?<=\S)\s+/)) {
    const plain = word.trim().replace(/[.,;:!?]+$/, '');
    if (plain === '' || SENTENCE.test(plain) || args.length === 4) break;
    if (SEVERAL.test(plain) || !/^-{0,2}[a-z0-9][\w@/.:=-]*$/i.test(plain)) return undefined;
    args.push(plain);
    if (plain !== word.trim()) break;
  }
  if (args.length === 0) return program;
  return WITH_VERBS.test(program) || args.every((arg) => arg.startsWith('-'))
    ? [program, ...args].join(' ')
    : undefined;
}

/**
 * What a sentence forbids: what follows the word that does, to the end of that clause; undefined where it forbids nothing, or only
 * on a condition. "Never edit src/gen/; change the schema" says nothing against the schema.
 */
function forbidden(text: string): string | undefined {
  if (
    !forbids(text) ||
    /\b(?:unless|except|without|before|until|till|instead of|(?<!even )(?:if|when|while))\b/i.test(text)
  )
    return undefined;
  const passive =
    /^\s*(\S.{0,100}?)\s+(?:must|should|may|shall|can)(?: not|n[’']t| never)(?: ever)? be ((?:touch|edit|chang|modifi|writ|delet|remov|overwrit|renam|mov)\w*)/i.exec(
      text,
    );
  if (passive !== null) return `${passive[2] ?? ''} ${passive[1] ?? ''}`;
  const negation = NEGATION.exec(text);
  if (negation === null) return undefined;
  const [clause = ''] = text
    .slice(negation.index + negation[0].length)
    .split(
      /[;:]|[.!?](?=\s|$)|\s[–—-]+\s|,\s*(?=(?:please |just |always |rather )*(?:use|prefer|fix|mend|change|edit|write|run|keep|leave|add|move|do|let|put|call|ask|take|make|it|they|that|we)\b)|,?\s*\b(?:but|instead|rather|because|since|so that|even)\b/i,
    );
  const changes = /^no changes?/i.test(negation[0]) ? 'change ' : '';
  const inside = /^\s*(?:in|under|inside|within) (\S+?)[,:]?\s+$/i.exec(text.slice(0, negation.index))?.[1] ?? '';
  return `${changes}${clause}${inside === '' ? '' : ` in ${inside}`}`;
}

/** "Remove tests from a.test.ts", "change the version in package.json": the file itself may be written. */
function isAboutParts(part: string): boolean {
  const [, what] =
    /\b(?:touch|edit|chang|modif|writ|delet|remov|overwrit|renam|mov)\w*\s+(.*?)\b(?:in|into|to|from|of|inside|under|within|at|on)\s+\S*[./*]/i.exec(
      part,
    ) ?? [];
  if (what === undefined || what.trim() === '') return false;
  // It names the file before that word.
  return pathsIn(what).length === 0 && !WHOLE.test(what);
}

/** A rule that refuses these commands, or to write or delete in these paths, for the person's reason. */
export function denies(what: 'command' | 'path', named: readonly string[], text: string): Does {
  const reason = reasonOf(text);
  const when =
    what === 'command'
      ? { command: named.flatMap((command) => [command, `${command} *`]) }
      : { effect: ['write', 'delete'], path: named.map((path) => (path.endsWith('/') ? `${path}**` : path)) };
  return { kind: 'guard', rule: { when, then: 'deny', reason } };
}

function reasonOf(text: string): string {
  return text.replace(/[{}]/g, '').slice(0, 200);
}

/** "Always run `npm test`", "Tests must pass", "Never finish without running `make check`": a command that must pass. */
function checkOf(text: string, { testCommand }: Said): Does | undefined {
  if (forbids(text)) return undefined;
  const part = demanded(text) ?? text;
  const asks = /\b(?:run|running|pass\w*|must|always|mandatory|required?|check|green|ensure|make sure)\b/i.test(part);
  const [command] = commandsIn(part);
  if (asks && command !== undefined) return { kind: 'check', command };
  const tests =
    /\btest(?:s|ing|suite)?\b[^.]*\b(?:pass|mandatory|required|green|run)|\b(?:run|pass|require|mandatory)\w*[^.]*\btest(?:s|ing|suite)?\b/i;
  return testCommand !== undefined && tests.test(part) ? { kind: 'check', command: testCommand } : undefined;
}

/** "Add PAGINATION.md to the context", "Read docs/api.md first": files that the agent is told to read. */
function contextOf(text: string, { file }: Said): Does | undefined {
  if (forbids(text) || !/\bcontext\b|\bread\b|\blook at\b|\bsee\b|\bfollow\b|\binclude\b|\battach\b/i.test(text))
    return undefined;
  const files = pathsIn(text).flatMap((path) => file(path) ?? []);
  return files.length === 0 ? undefined : { kind: 'context', files: [...new Set(files)] };
}

/** "Ask which database to use before you start": the person is asked before the task begins. */
function questionOf(text: string): Does | undefined {
  const [, rest] =
    /^(?:please |always |next time,? )*(?:ask|clarify|check with me)\b(?: me)?(?: first)?[:,]?\s*(?:about |if |on )?(.{3,180})$/i.exec(
      text.trim(),
    ) ?? [];
  // "Ask me before you change it", "ask if in doubt" want to be asked then, not before every task.
  if (
    rest === undefined ||
    /^(?:me )?(?:before|when\w*|unless|after|until|for (?:help|permission|approval))\b/i.test(rest)
  )
    return undefined;
  if (/\bif (?:you|it|in doubt|unsure|unclear|anything|something|not)\b/i.test(text)) return undefined;
  const asked = rest
    .replace(/\s*\b(?:first|before (?:you )?(?:start|begin|coding|work|the work)\w*.*|beforehand|up front)[.!]?$/i, '')
    .replace(/[.!?]+$/, '')
    .trim();
  return asked.length < 3 ? undefined : { kind: 'question', ask: `${asked[0]?.toUpperCase() ?? ''}${asked.slice(1)}?` };
}

/** "Estimates for api tasks are twice too low": estimates are corrected by so much. */
function estimateOf(text: string, { overrun }: Said): Does | undefined {
  if (!/\bestimat\w*|\bschätzung\w*|\b(?:took|takes?) (?:twice|\d+(?:[.,]\d+)? times|longer)/i.test(text))
    return undefined;
  const [, times] = /(\d+(?:[.,]\d+)?)\s*(?:x\b|×|times\b|fold\b)/i.exec(text) ?? [];
  const [, percent] = /(\d{1,3})\s*(?:%|percent)/i.exec(text) ?? [];
  const up =
    /\btoo (?:low|small|short|optimistic)\b|\bunderestimat|\blonger\b|\bdearer\b|\btook (?:twice|\d)|\bzu (?:niedrig|knapp)\b/i.test(
      text,
    );
  const down =
    /\btoo (?:high|long|big|large|pessimistic)\b|\boverestimat|\bshorter\b|\bfaster\b|\bcheaper\b|\bzu hoch\b/i.test(
      text,
    );
  const double = /\btwice\b|\bdoubl/i.test(text);
  if (up === down) return double && !up ? { kind: 'estimate', factor: 2 } : undefined;
  let factor: number | undefined;
  if (times !== undefined) factor = Number(times.replace(',', '.'));
  else if (percent !== undefined) factor = 1 + Number(percent) / 100;
  else if (double || (down && /\bhalf\b|\bhalv/i.test(text))) factor = 2;
  // What the task really came to says how much, where it says the same as the person.
  else if (overrun !== undefined && overrun > 1 === up) factor = up ? overrun : 1 / overrun;
  if (factor === undefined || !(factor > 0)) return undefined;
  // "0.5x too low" and the like mean the same direction.
  const size = Math.min(10, Math.max(factor, 1 / factor));
  return { kind: 'estimate', factor: Math.round((up ? size : 1 / size) * 100) / 100 };
}

/** Said of tasks, these words pick out none. */
const GENERAL =
  /^(?:all|these|future|any|other|such|simple|default|same|last|new|own|current|upcoming|similar|most|some|both|many|few|later|previous|whole|entire|agents?|coding|given|today[’']?s|tomorrow[’']?s|their|his|her|its|one|two)$/i;

/** Words such as "for pagination tasks" narrow a lesson down; else it is about the whole project. */
function scopeOf(text: string, { project, module, modules }: Said): Scope {
  const [, tag] = /\b(?:for|in|of) (?:(?:all|the|any) )?([\p{L}\d_-]{3,30}) (?:tasks?|work)\b/iu.exec(text) ?? [];
  const named = modules.find((name) => isNamed(name, text));
  const meant = named ?? (/\b(?:this|the|that) module\b/i.test(text) ? module : undefined);
  // "for every task", "at the end of the task": all of them.
  const isGeneral = (word: string) => GENERAL.test(word) || wordsOf(word).length === 0;
  return {
    project,
    ...(meant === undefined ? {} : { module: meant }),
    ...(tag === undefined || isGeneral(tag) || tag.toLowerCase() === meant?.toLowerCase()
      ? {}
      : { tags: [tag.toLowerCase()] }),
  };
}

/** A text without what it quotes and the paths that it names: CHANGELOG.md is no change. */
export function withoutNames(text: string): string {
  return text.replace(QUOTED, ' ').replace(PATH, ' ');
}

/** The commands that a text quotes: those of programs that are known, and what is to be run, or to pass. */
export function commandsIn(text: string): string[] {
  return [...text.matchAll(QUOTED)].flatMap((found) => {
    const [whole, quoted = ''] = found;
    if (!isCommand(quoted)) return [];
    const before = text.slice(0, found.index);
    const after = text.slice(found.index + whole.length);
    const known = KNOWN.has(quoted.split(' ')[0] ?? '');
    const run =
      new RegExp(`\\b${RUN}(?: the| our)?(?: command)? $`, 'i').test(before) ||
      /^ (?:must|has to|should|to|needs to|shall) (?:pass|succeed|be green|run)\b/i.test(after);
    return known || run ? [quoted] : [];
  });
}

/** The paths that a text names. */
export function pathsIn(text: string): string[] {
  const bare = text.replace(QUOTED, ' $1 ');
  const found = [...bare.matchAll(PATH)].map(([, path = '']) => path.replace(/^\.\//, ''));
  return [...new Set(found)].filter((path) => !/^(?:e\.g|i\.e|node\.js|\d+\.\w+)$/i.test(path) && staysInside(path));
}

/** Whether a path is one of the project's, as it is written: no lesson, whoever words it, names what lies outside. */
export function staysInside(path: string): boolean {
  return !/^[/\\~]|^[a-z]:/i.test(path) && !path.split(/[/\\]/).includes('..');
}

/** A quoted text that is a command and no file: several words, or a program's bare name. */
function isCommand(text: string): boolean {
  return /^(?:\.\/)?[a-z][\w./-]*(?:\s+\S+)+$/.test(text) || /^[a-z][a-z0-9-]*$/.test(text);
}

/** `in the api module`, `for api tasks`, `api: …`: the word alone may mean anything. */
function isNamed(name: string, text: string): boolean {
  const word = escaped(name);
  return new RegExp(
    `\\b(?:in|for|of|on|to) (?:the )?(?:module )?${word}(?![\\w/.])|(?<![\\w/.])${word} (?:module|tasks?|code)\\b|^${word}:|\\bmodule ${word}(?![\\w/.])|^${word} (?:took|takes)\\b`,
    'i',
  ).test(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
