import { display, toRaw, type RawPath } from './raw.ts';

/** One file's part of a git patch. */
export interface Chunk {
  /** The part as it stands in the patch. */
  text: string;
  kind: 'create' | 'delete' | 'rename' | 'copy' | 'modify';
  oldPath: RawPath;
  newPath: RawPath;
  /** Blob ids in full, where the content changes. */
  oldId?: string;
  newId?: string;
  /** Mode after the patch, such as `100755`, where the patch says it. */
  newMode?: string;
}

/** The parts of a patch, each beginning with its `diff --git` line. Content lines never begin so. */
export function splitChunks(patch: string): string[] {
  const starts = [...patch.matchAll(/^diff --git /gm)].map((match) => match.index);
  return starts.map((start, index) => patch.slice(start, starts[index + 1]));
}

/** What each part of a patch adds to its file, and what it shows of the file as it was. Binary parts show neither. */
export function addedText(patch: string): { path: string; added: string; before: string }[] {
  return splitChunks(patch).map((text) => {
    const lines = text.split('\n');
    const body = lines.slice(
      Math.max(
        0,
        lines.findIndex((line) => line.startsWith('@@ ')),
      ),
    );
    const those = (sign: string) => body.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
    const { newPath } = parseChunk(text);
    const before = [...those('-'), ...those(' ')].join('\n');
    return { path: display(newPath), added: those('+').join('\n'), before };
  });
}

/** Reads the headers of a patch that `git diff --binary --full-index` made. */
export function parsePatch(patch: string): Chunk[] {
  return splitChunks(patch).map(parseChunk);
}

function parseChunk(text: string): Chunk {
  const lines = text.split('\n');
  const names = (lines[0] ?? '').slice('diff --git '.length);
  // Without a rename both names are the same but for a/ and b/, so each is one half.
  const half = names.slice(0, (names.length - 1) / 2);
  const path = unquote(half).slice(2);
  const chunk: Chunk = { text, kind: 'modify', oldPath: path, newPath: path };
  for (const line of lines.slice(1)) {
    if (/^(@@ |GIT binary patch|--- |Binary files )/.test(line)) break;
    readHeader(chunk, line);
  }
  return chunk;
}

function readHeader(chunk: Chunk, line: string): void {
  const index = /^index ([0-9a-f]+)\.\.([0-9a-f]+)(?: (\d+))?$/.exec(line);
  if (index !== null) {
    [, chunk.oldId, chunk.newId] = index as unknown as [string, string, string];
    if (index[3] !== undefined) chunk.newMode = index[3];
    return;
  }
  const header = /^(new file mode|deleted file mode|new mode|rename from|rename to|copy from|copy to) (.*)$/.exec(line);
  if (header === null) return;
  const [, name, value] = header as unknown as [string, string, string];
  switch (name) {
    case 'new file mode':
      chunk.kind = 'create';
      chunk.newMode = value;
      break;
    case 'deleted file mode':
      chunk.kind = 'delete';
      break;
    case 'new mode':
      chunk.newMode = value;
      break;
    case 'rename from':
    case 'copy from':
      chunk.kind = name === 'rename from' ? 'rename' : 'copy';
      chunk.oldPath = unquote(value);
      break;
    case 'rename to':
    case 'copy to':
      chunk.newPath = unquote(value);
      break;
    default:
      break;
  }
}

const escapes: Record<string, string> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };

/** A name as git prints it, C-quoted or not, as bytes. */
function unquote(name: string): RawPath {
  if (!name.startsWith('"')) return toRaw(name);
  return name
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    );
}
