import { readJson, under, unitOf, valueOf, withMember, withoutMember, type JsonNode } from './json-text.ts';

/** What tells the guard's hook from others in a settings file: the end of its command, a comment to the shell. */
const mark = '# dayshift guard';
/** Seconds after which the CLI gives a hook up, and runs the call: far more than it ever takes. */
const timeout = 60;

/** The command with the mark, as it stands in the settings. */
export const marked = (command: string): string => `${command} ${mark}`;

/** The command of the guard's hook in settings; undefined where there is none. Throws SyntaxError where they cannot be read. */
export function hookIn(text: string): string | undefined {
  return text.trim() === '' ? undefined : places(readJson(text))[0]?.command;
}

/** Settings with the guard's hook in them, once; everything else stays as it is. Throws SyntaxError or TypeError. */
export function withHook(text: string, command: string): string {
  const entry = { matcher: '*', hooks: [{ type: 'command', command: marked(command), timeout }] };
  if (text.trim() === '') return `${JSON.stringify({ hooks: { PreToolUse: [entry] } }, null, 2)}\n`;
  const clean = withoutHook(text, false);
  const root = readJson(clean);
  const json = (value: unknown) => JSON.stringify(value, null, unitOf(clean));
  if (root.kind !== 'object') throw new TypeError('the settings are no object');
  const hooks = under(root, 'hooks');
  if (hooks === undefined) return withMember(clean, root, `"hooks": ${json({ PreToolUse: [entry] })}`);
  if (hooks.kind !== 'object') throw new TypeError('"hooks" is no object');
  const list = under(hooks, 'PreToolUse');
  if (list === undefined) return withMember(clean, hooks, `"PreToolUse": ${json([entry])}`);
  if (list.kind !== 'array') throw new TypeError('"hooks.PreToolUse" is no list');
  return withMember(clean, list, json(entry));
}

/** Settings without the guard's hook; `tidy`: nor the empty lists and objects that held it. */
export function withoutHook(text: string, tidy = true): string {
  let rest = text;
  for (;;) {
    const root = rest.trim() === '' ? undefined : readJson(rest);
    const place = root === undefined ? undefined : places(root)[0];
    if (root === undefined || place === undefined) return rest;
    const { hooks, list, index, entry, at } = place;
    if (entry.items.length > 1) rest = withoutMember(rest, entry, at);
    else if (list.items.length > 1 || !tidy) rest = withoutMember(rest, list, index);
    else if (hooks.entries.length > 1) rest = withoutMember(rest, hooks, indexOf(hooks, 'PreToolUse'));
    else if (root.kind === 'object') rest = withoutMember(rest, root, indexOf(root, 'hooks'));
  }
}

type ObjectNode = Extract<JsonNode, { kind: 'object' }>;
type ArrayNode = Extract<JsonNode, { kind: 'array' }>;

interface HookSpot {
  command: string;
  hooks: ObjectNode;
  list: ArrayNode;
  /** The matcher's place in `list`. */
  index: number;
  /** The hooks of that matcher, and the guard's place among them. */
  entry: ArrayNode;
  at: number;
}

/** Where the guard's hook stands. */
function places(root: JsonNode): HookSpot[] {
  const hooks = under(root, 'hooks');
  const list = hooks === undefined ? undefined : under(hooks, 'PreToolUse');
  if (hooks?.kind !== 'object' || list?.kind !== 'array') return [];
  return list.items.flatMap((item, index) => {
    const entry = under(item, 'hooks');
    if (entry?.kind !== 'array') return [];
    return entry.items.flatMap((hook, at) => {
      const command = (valueOf(hook) as { command?: unknown } | null)?.command;
      return typeof command === 'string' && command.trimEnd().endsWith(mark)
        ? [{ command, hooks, list, index, entry, at }]
        : [];
    });
  });
}

const indexOf = (node: ObjectNode, key: string): number => node.entries.findLastIndex((entry) => entry.key === key);
