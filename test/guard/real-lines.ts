/**
 * The guard over command lines that people really write: `npm run guard:lines [FOLDER…] [--sample N] [--seed N]`.
 * Gathers scripts of package.json files, shell scripts, CI steps, Dockerfiles, Makefiles and shell examples of manuals
 * below the folders (default `node_modules`), judges each, and prints how many the guard would stop by rule, and a
 * sample of the stopped ones for judging by hand. Nothing of them is kept.
 */
import { readFileSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse as parseShell } from 'unbash';
import { parse as parseYaml } from 'yaml';
import { decide } from '../../src/guard/index.ts';
import { setting } from '../../src/guard/corpus/setting.ts';

/** Files larger than this are data, not something that somebody wrote. Bytes. */
const largest = 200_000;

function* filesBelow(folder: string): Generator<string> {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** Lines that stand by themselves: no comment, no part of a longer construct. */
function wholeLines(text: string): string[] {
  const joined = text.replaceAll(/\\\r?\n\s*/g, ' ').split(/\r?\n/);
  return joined
    .map((line) => line.trim().replace(/^\$\s+/, ''))
    .filter((line) => line !== '' && !/^(?:#|then$|do$|done|fi$|else$|elif|esac|\}|\)|;;|<|\/\/)/.test(line))
    .filter((line) => (parseShell(line).errors ?? []).length === 0);
}

function stepsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(stepsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const runs = /^(?:run|script|before_script|after_script|install|before_install|after_success|command|test)$/.test(
      key,
    );
    const texts = [inner].flat().filter((item): item is string => typeof item === 'string');
    return runs && texts.length > 0 ? texts : stepsOf(inner);
  });
}

/** The command lines of one file, by what kind of file it is. */
function linesOf(path: string): [kind: string, line: string][] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const kind =
    name === 'package.json'
      ? 'package scripts'
      : /\.(?:sh|bash)$/.test(name)
        ? 'shell scripts'
        : /\.ya?ml$/.test(name) && /travis|github|circleci|appveyor|gitlab|workflow|azure|\bci\b/.test(path)
          ? 'CI'
          : name.startsWith('Dockerfile')
            ? 'Dockerfiles'
            : name === 'Makefile'
              ? 'Makefiles'
              : /\.(?:md|markdown)$/i.test(name)
                ? 'manuals'
                : undefined;
  if (kind === undefined) return [];
  const text = readFileSync(path, 'utf8');
  if (text.length > largest) return [];
  const lines = ((): string[] => {
    switch (kind) {
      case 'package scripts': {
        const parsed = JSON.parse(text) as { scripts?: Record<string, unknown> };
        return Object.values(parsed.scripts ?? {}).filter((script): script is string => typeof script === 'string');
      }
      case 'shell scripts':
        return wholeLines(text);
      case 'CI':
        return stepsOf(parseYaml(text));
      case 'Dockerfiles':
        return [...text.replaceAll(/\\\r?\n\s*/g, ' ').matchAll(/^RUN\s+(?!\[)(.+)$/gm)].map((match) => match[1] ?? '');
      case 'Makefiles':
        return wholeLines(text.match(/^\t.*/gm)?.join('\n') ?? '').map((line) => line.replace(/^[@-]+/, ''));
      case 'manuals':
        return [...text.matchAll(/^```(?:sh|shell|bash|console|zsh)\s*\n([\s\S]*?)^```/gm)].flatMap((match) =>
          wholeLines(match[1] ?? ''),
        );
    }
  })();
  return lines.filter((line) => line.trim() !== '' && line.length < 4000).map((line) => [kind, line.trim()]);
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean' },
  },
});
const found = new Map<string, string>();
for (const folder of positionals.length > 0 ? positionals : ['node_modules']) {
  for (const path of filesBelow(folder)) {
    try {
      for (const [kind, line] of linesOf(path)) found.set(line, kind);
    } catch {
      // Not JSON, not YAML, not readable: nothing to judge.
    }
  }
}
const kinds = new Map<string, { lines: number; allow: number; ask: number; deny: number }>();
const rules = new Map<string, number>();
const judged = [...found].map(([line, kind]) => {
  const { decision, rule } = decide({ tool: 'Bash', input: { command: line }, cwd: setting.workspace }, setting);
  const row = kinds.get(kind) ?? { lines: 0, allow: 0, ask: 0, deny: 0 };
  row.lines += 1;
  row[decision] += 1;
  kinds.set(kind, row);
  if (decision !== 'allow') rules.set(rule, (rules.get(rule) ?? 0) + 1);
  return { line, decision, rule };
});
const random = randomOf(Number(values.seed));
const sample = judged
  .map((row) => ({ row, at: random() }))
  .sort((a, b) => a.at - b.at)
  .slice(0, values.all === true ? judged.length : Number(values.sample))
  .map(({ row }) => row);
console.table(Object.fromEntries(kinds));
console.table(Object.fromEntries([...rules].sort((a, b) => b[1] - a[1])));
const stopped = sample.filter(({ decision }) => decision !== 'allow');
console.log(`sample of ${sample.length}: ${stopped.length} stopped`);
for (const { line, decision, rule } of stopped)
  console.log(`${decision} ${rule}\t${line.replaceAll('\n', '⏎').slice(0, 300)}`);
