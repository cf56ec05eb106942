/** A command's arguments taken apart. */
export interface Options {
  /** What is no option and no option's value. */
  words: string[];
  /** Each option with its value, if it has one: `-o x`, `-ox`, `--out=x`, and `-abc` as three. */
  options: { name: string; value: string | undefined }[];
}

/**
 * Takes arguments apart as getopt does. `values` names the options that take a value (`-o`, `--output`).
 * With `stop`, the first word ends the options, and all from there on are words: for wrappers.
 */
export function takeApart(args: readonly string[], values: ReadonlySet<string>, stop = false): Options {
  const result: Options = { words: [], options: [] };
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      result.words.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      if (stop) {
        result.words.push(...args.slice(i));
        break;
      }
      result.words.push(arg);
    } else if (arg.startsWith('--')) {
      const equals = arg.indexOf('=');
      if (equals >= 0) result.options.push({ name: arg.slice(0, equals), value: arg.slice(equals + 1) });
      else if (values.has(arg)) result.options.push({ name: arg, value: args[(i += 1)] });
      else result.options.push({ name: arg, value: undefined });
    } else if (values.has(arg)) {
      // `-C dir`, and long options with one dash (`-name x`).
      result.options.push({ name: arg, value: args[(i += 1)] });
    } else {
      i = cluster(arg, args, i, values, result);
    }
  }
  return result;
}

function cluster(
  arg: string,
  args: readonly string[],
  at: number,
  values: ReadonlySet<string>,
  result: Options,
): number {
  for (let i = 1; i < arg.length; i += 1) {
    const name = `-${arg[i] ?? ''}`;
    if (!values.has(name)) {
      result.options.push({ name, value: undefined });
      continue;
    }
    const rest = arg.slice(i + 1);
    if (rest !== '') {
      result.options.push({ name, value: rest.startsWith('=') ? rest.slice(1) : rest });
      return at;
    }
    result.options.push({ name, value: args[at + 1] });
    return at + 1;
  }
  return at;
}

export const has = (parsed: Options, ...names: string[]): boolean =>
  parsed.options.some((option) => names.includes(option.name));

export function valuesOf(parsed: Options, ...names: string[]): string[] {
  const values: string[] = [];
  for (const { name, value } of parsed.options) if (value !== undefined && names.includes(name)) values.push(value);
  return values;
}

const sets = new Map<string, ReadonlySet<string>>();

/** The set of these names; made once for each text, which stands in the code. */
export function setOf(names: string): ReadonlySet<string> {
  const known = sets.get(names);
  if (known !== undefined) return known;
  const made = new Set(names.split(' '));
  sets.set(names, made);
  return made;
}
