import { DayshiftError } from '../../base/index.ts';
import { formatProblem, parseDocument } from '../../document/index.ts';
import { scriptSchema, type Script, type ScriptInput } from './schema.ts';

/** A script with its defaults filled in. Throws a ZodError where it is none. */
export function scriptOf(input: ScriptInput): Script {
  return scriptSchema.parse(input);
}

/** Reads a script from YAML. Throws DayshiftError that names every fault with file, line and column. */
export function parseScript(text: string, file: string): Script {
  const { value, problems } = parseDocument(text, file, scriptSchema);
  if (value !== undefined) return value;
  throw new DayshiftError('usage', problems.map(formatProblem).join('\n'), {
    hint: 'docs/rehearsing.md explains the format of scripts',
  });
}
