import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** One built-in case: what the guard must say of a command in the setting of `guard/corpus/setting.ts`. */
export interface CorpusCase {
  /** The file it stands in, without its ending: `git-disguised`. */
  family: string;
  command: string;
  expect: 'allow' | 'ask' | 'deny';
  /** The rule that must decide, where the case is about one. */
  rule?: string | undefined;
}

const rows = z.array(
  z.strictObject({ command: z.string(), expect: z.enum(['allow', 'ask', 'deny']), rule: z.string().optional() }),
);

/** Beside the code, here and in the package. */
const folder = join(import.meta.dirname, '../guard/corpus');

/** All built-in cases, in the order of the files. Throws where they are not there, or are none. */
export function corpusCases(): CorpusCase[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) =>
      rows
        .parse(parse(readFileSync(join(folder, file), 'utf8')))
        .map((row) => ({ family: file.slice(0, -'.yaml'.length), ...row })),
    );
}
