/** What a model call can ask of its provider that reaches out from there, past this door. */
export type Errand = 'web search' | 'web fetch' | 'tool server' | 'file by address';

const inWords: Record<Errand, string> = {
  'web search': 'to search the web',
  'web fetch': 'to fetch from the web',
  'tool server': 'to connect to a server of tools',
  'file by address': 'to get a file from an address',
};

/** The errand that may not be given to the provider, in words, where one of these may not. */
export function forbidden(errands: readonly Errand[], search: boolean): string | undefined {
  const found = errands.find((errand) => errand !== 'web search' || !search);
  return found === undefined ? undefined : inWords[found];
}

/** Each with a part that is looked for in its place: short, with a rare first letter, it is found twenty times as fast. */
const words = ['web_search', 'web_fetch', 'mcp_servers', 'mcp_toolset'].map((word) => ({
  whole: Buffer.from(word),
  part: Buffer.from(word.slice(3, 8)),
  before: 3,
}));
const url = { whole: Buffer.from('"url"'), part: Buffer.from('rl"'), before: 2 };
/** Backslashes are in every line of code that JSON holds. */
const escape = { whole: Buffer.from('\\u00'), part: Buffer.from('u00'), before: 1 };

/**
 * The errands that the request in `body` (JSON, UTF-8) gives to the model's provider: to search or fetch in the web, to connect
 * to a server of tools, to get a file from an address. Throws where that cannot be told.
 *
 * To parse half a megabyte takes longer than all else that the door does with a call: it is done only where the bytes hold a
 * word that could matter, or hide one behind an escape that no client needs.
 */
export function errandsOf(body: Buffer): Errand[] {
  if (!namesErrand(body) && !namesUrl(body) && !hidesLetters(body)) return [];
  let request: unknown;
  try {
    request = JSON.parse(body.toString());
  } catch (cause) {
    throw new Error('it is not valid JSON', { cause });
  }
  const found = new Set<Errand>();
  if (isRecord(request)) {
    for (const tool of listOf(request.tools)) if (isRecord(tool)) addTool(tool, found);
    if (listOf(request.mcp_servers).length > 0 || isRecord(request.mcp_servers)) found.add('tool server');
    addSources([request.system, request.messages], found);
  }
  return [...found];
}

function addTool(tool: Record<string, unknown>, found: Set<Errand>): void {
  const type = typeof tool.type === 'string' ? tool.type : '';
  if (type.startsWith('web_search')) found.add('web search');
  if (type.startsWith('web_fetch')) found.add('web fetch');
  if (type.startsWith('mcp')) found.add('tool server');
}

/** Images and documents that lie at an address, however deep; what a tool was told is data and no source. */
function addSources(value: unknown, found: Set<Errand>): void {
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (Array.isArray(next)) rest.push(...(next as unknown[]));
    else if (isRecord(next)) {
      if (isRecord(next.source) && next.source.type === 'url') found.add('file by address');
      rest.push(next.content, next.source);
    }
  }
}

function namesErrand(body: Buffer): boolean {
  return words.some((word) => placesOf(word, body).next().done !== true);
}

/** Where a word stands; it is looked for by a part of it, before which so many bytes come. */
function* placesOf({ whole, part, before }: (typeof words)[number], body: Buffer): Generator<number> {
  for (let at = body.indexOf(part); at >= 0; at = body.indexOf(part, at + 1)) {
    const start = at - before;
    if (start >= 0 && body.compare(whole, 0, whole.length, start, start + whole.length) === 0) yield start;
  }
}

/** `"url"` as a value, not as the name of one. */
function namesUrl(body: Buffer): boolean {
  for (const at of placesOf(url, body)) {
    let before = at - 1;
    while (before >= 0 && isSpace(body[before])) before -= 1;
    if (body[before] === colon) return true;
  }
  return false;
}

const colon = 58;

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/** A letter, digit or sign of ASCII written as `\u00..`: a client of no ill will writes it as itself. */
function hidesLetters(body: Buffer): boolean {
  for (const at of placesOf(escape, body)) {
    const high = body[at + 4] ?? 0;
    if (high >= 50 && high <= 55) return true;
  }
  return false;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
