import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { DayshiftError } from '../../base/index.ts';
import { scriptSchema, type Script, type ScriptInput } from './schema.ts';

/** A script with its defaults filled in. Throws a ZodError where it is none. */
export function scriptOf(input: ScriptInput): Script {
  return scriptSchema.parse(input);
}

/** Reads a script from YAML. Throws DayshiftError that names every fault with file, line and column. */
export function parseScript(text: string, file: string): Script {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw invalid(document.errors.map((error) => `${place(error.pos[0])}  ${error.message.split('\n')[0] ?? ''}`));
  const parsed = scriptSchema.safeParse(toPlain(document, file));
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map((issue) => {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      return `${place(offsetOf(document, path))}  ${nameOf(path)}: ${issue.message}`;
    }),
  );
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new DayshiftError('usage', `${file}: it unfolds into too much: are there aliases of aliases?`, {
      cause: error,
    });
  }
}

/** Where a path stands in the file; where it is missing, what should hold it. */
function offsetOf(document: Document, path: (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range !== undefined && node.range !== null) return node.range[0];
  }
  return 0;
}

function nameOf(path: (string | number)[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return name === '' ? 'the script' : name.replace(/^\./u, '');
}

function invalid(faults: string[]): DayshiftError {
  return new DayshiftError('usage', faults.join('\n'), { hint: 'docs/rehearsing.md explains the format of scripts' });
}
