import type { Lesson } from '../journal/index.ts';
import { forbids } from './words.ts';

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
  /** How much longer or dearer than estimated the task was; undefined where that is not known. */
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
  /\b(?:run|use|call|start|execute)\s+(curl|wget|sed|awk|npm|npx|yarn|pnpm|pip|make|docker|kubectl|terraform|ssh|rm|python3?|node)\b/i;

/** "Never touch migrations/", "Don't run `npm publish`": a rule that denies it. */
function guardOf(text: string): Does | undefined {
  if (!forbids(text) || /\bunless\b|\bexcept\b|\bwithout (?:asking|tests?)\b/i.test(text)) return undefined;
  const runs = /\b(?:run|runs|running|use|using|call|calling|execut\w+|start)\b/i.test(text);
  const touches = /\b(?:touch|edit|chang|modif|writ|delet|remov|overwrit|renam|mov)\w*/i.test(withoutNames(text));
  const commands = commandsIn(text);
  const program = PROGRAMS.exec(text)?.[1];
  if (commands.length === 0 && program !== undefined && runs) commands.push(program);
  if (runs && !touches && commands.length > 0) {
    return denies('command', commands, text);
  }
  const paths = touches ? pathsIn(text) : [];
  return paths.length === 0 ? undefined : denies('path', paths, text);
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

/** "Always run `npm test`", "Tests must pass", "Make testing mandatory": a command that must pass. */
function checkOf(text: string, { testCommand }: Said): Does | undefined {
  if (forbids(text)) return undefined;
  const asks = /\b(?:run|pass\w*|must|always|mandatory|required?|check|green|ensure|make sure)\b/i.test(text);
  const [command] = commandsIn(text);
  if (asks && command !== undefined) return { kind: 'check', command };
  const tests =
    /\btest(?:s|ing|suite)?\b[^.]*\b(?:pass|mandatory|required|green|run)|\b(?:run|pass|require|mandatory)\w*[^.]*\btest(?:s|ing|suite)?\b/i;
  return testCommand !== undefined && tests.test(text) ? { kind: 'check', command: testCommand } : undefined;
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
  if (rest === undefined) return undefined;
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
  const low = !/\btoo high\b|\btoo long\b|\boverestimat/i.test(text);
  let factor = overrun;
  if (times !== undefined) factor = Number(times.replace(',', '.'));
  else if (percent !== undefined) factor = 1 + Number(percent) / 100;
  else if (/\btwice\b|\bdoubl/i.test(text)) factor = 2;
  else if (/\bhalf\b|\bhalv/i.test(text)) return { kind: 'estimate', factor: 0.5 };
  if (factor === undefined || !(factor > 0)) return undefined;
  const clear = times !== undefined || percent !== undefined || /\btwice\b|\bdoubl/i.test(text);
  const meant = clear && !low && factor > 1 ? 1 / factor : factor;
  return { kind: 'estimate', factor: Math.round(Math.min(10, Math.max(0.1, meant)) * 100) / 100 };
}

/** Words such as "for pagination tasks" narrow a lesson down; else it is about the whole project. */
function scopeOf(text: string, { project, module, modules }: Said): Scope {
  const [, tag] = /\b(?:for|in|of) (?:all )?([\p{L}\d_-]{3,30}) (?:tasks?|work)\b/iu.exec(text) ?? [];
  const named = modules.find((name) => isNamed(name, text));
  const meant = named ?? (/\b(?:this|the|that) module\b/i.test(text) ? module : undefined);
  const general = /^(?:all|these|future|any|other|such|such|simple|default)$/i;
  return {
    project,
    ...(meant === undefined ? {} : { module: meant }),
    ...(tag === undefined || general.test(tag) || tag.toLowerCase() === meant?.toLowerCase()
      ? {}
      : { tags: [tag.toLowerCase()] }),
  };
}

/** A text without what it quotes and the paths that it names: CHANGELOG.md is no change. */
export function withoutNames(text: string): string {
  return text.replace(QUOTED, ' ').replace(PATH, ' ');
}

/** The commands that a text quotes. */
export function commandsIn(text: string): string[] {
  return [...text.matchAll(QUOTED)].flatMap(([, quoted = '']) => (isCommand(quoted) ? [quoted] : []));
}

/** The paths that a text names. */
export function pathsIn(text: string): string[] {
  const bare = text.replace(QUOTED, ' $1 ');
  const found = [...bare.matchAll(PATH)].map(([, path = '']) => path.replace(/^\.\//, ''));
  return [...new Set(found)].filter(
    (path) => !/^(?:e\.g|i\.e|node\.js|\d+\.\w+)$/i.test(path) && !path.startsWith('/') && !path.includes('..'),
  );
}

/** A quoted text that is a command and no file: several words, or a program's bare name. */
function isCommand(text: string): boolean {
  return /^[a-z][\w.-]*(?:\s+\S+)+$/.test(text) || /^[a-z][a-z0-9-]*$/.test(text);
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
