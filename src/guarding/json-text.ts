/**
 * JSON with comments and trailing commas, as people keep settings in it, with the place of each value: so that one
 * value can be put in or taken out and every other byte stays as it is.
 */
export type JsonNode = { start: number; end: number } & (
  | { kind: 'object'; entries: { key: string; start: number; value: JsonNode }[] }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'plain'; value: unknown }
);

/** Nested deeper than this is no settings file. */
const deepest = 100;

/** Throws SyntaxError, with the line. */
export function readJson(text: string): JsonNode {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const fail = (what: string): never => {
    throw new SyntaxError(`line ${text.slice(0, at).split('\n').length}: ${what}`);
  };
  const skip = (): void => {
    const blank = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
  };
  const take = (char: string): boolean => {
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };
  const plain = (): JsonNode => {
    const token = /"(?:[^"\\\u0000-\u001f]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
    token.lastIndex = at;
    const found = token.exec(text)?.[0] ?? fail('a value was expected');
    const start = at;
    at += found.length;
    return { kind: 'plain', start, end: at, value: JSON.parse(found) as unknown };
  };
  const members = (end: string, one: () => void): void => {
    skip();
    while (!take(end)) {
      one();
      skip();
      if (!take(',') && text[at] !== end) fail(`"," or "${end}" was expected`);
      skip();
    }
  };
  const value = (depth: number): JsonNode => {
    if (depth > deepest) fail('nested too deep');
    const start = at;
    if (take('{')) {
      const entries: { key: string; start: number; value: JsonNode }[] = [];
      members('}', () => {
        const key = plain();
        if (key.kind !== 'plain' || typeof key.value !== 'string') return fail('a name in quotes was expected');
        skip();
        if (!take(':')) fail('":" was expected');
        skip();
        entries.push({ key: key.value, start: key.start, value: value(depth + 1) });
      });
      return { kind: 'object', start, end: at, entries };
    }
    if (take('[')) {
      const items: JsonNode[] = [];
      members(']', () => void items.push(value(depth + 1)));
      return { kind: 'array', start, end: at, items };
    }
    return plain();
  };
  skip();
  const root = value(0);
  skip();
  if (at < text.length) fail('nothing more was expected');
  return root;
}

/** The value as JavaScript has it. */
export function valueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, valueOf(value)]));
    case 'array':
      return node.items.map(valueOf);
    case 'plain':
      return node.value;
  }
}

/** The value under a name; undefined where there is none, or `node` is no object. The last counts, as everywhere. */
export const under = (node: JsonNode, key: string): JsonNode | undefined =>
  node.kind === 'object' ? node.entries.findLast((entry) => entry.key === key)?.value : undefined;

type Container = Extract<JsonNode, { kind: 'object' | 'array' }>;

/** The text with one more member at the end of an object or array, indented as its neighbours are. */
export function withMember(text: string, container: Container, member: string): string {
  const members = spans(container);
  const last = members.at(-1);
  if (last === undefined) {
    const outer = indentAt(text, container.start);
    const inner = outer + unitOf(text);
    const body = `\n${inner}${reindent(member, inner)}\n${outer}`;
    return `${text.slice(0, container.start + 1)}${body}${text.slice(container.end - 1)}`;
  }
  const ownLine = /\n[^\S\n]*$/.test(text.slice(container.start, last.start));
  const indent = indentAt(text, last.start);
  const gap = ownLine ? `,\n${indent}` : ', ';
  return `${text.slice(0, last.end)}${gap}${reindent(member, indent)}${text.slice(last.end)}`;
}

/** The text without the member at this index, and without the comma that went with it. */
export function withoutMember(text: string, container: Container, index: number): string {
  const members = spans(container);
  const [before, one, after] = [members[index - 1], members[index], members[index + 1]];
  if (one === undefined) return text;
  if (before !== undefined) return text.slice(0, before.end) + text.slice(one.end);
  if (after !== undefined) return text.slice(0, one.start) + text.slice(after.start);
  return text.slice(0, container.start + 1) + text.slice(container.end - 1);
}

const spans = (node: Container): { start: number; end: number }[] =>
  node.kind === 'array' ? node.items : node.entries.map(({ start, value }) => ({ start, end: value.end }));

/** What the text indents by; two blanks where nothing shows it. */
export const unitOf = (text: string): string => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';

const indentAt = (text: string, at: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1, at))?.[0] ?? '';

const reindent = (member: string, indent: string): string => member.replaceAll('\n', `\n${indent}`);
