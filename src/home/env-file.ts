import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { hasCode, messageOf } from '../base/index.ts';
import { decodeText } from '../document/index.ts';
import type { HomePaths } from './paths.ts';

export interface EnvFile {
  /** What `.env` sets; empty where it is not there or not read. Secrets: never write them anywhere. */
  values: Record<string, string>;
  /** For people, one line each; no value ever. */
  warnings: string[];
  /** It is there and was not read: what it sets is not known. */
  unread?: true;
}

/**
 * Reads the home's `.env`. The environment wins over it (`{...values, ...process.env}`). A file that others may
 * read is not read, and said so. Never throws.
 */
export async function loadEnvFile(paths: HomePaths): Promise<EnvFile> {
  const file = paths.envFile;
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return refused('.env is not a regular file: it is not read');
    if ((stat.mode & 0o177) !== 0) {
      const mode = (stat.mode & 0o777).toString(8).padStart(3, '0');
      return refused(`.env has mode ${mode}, so that others may read it: it is not read; chmod 600 ${file}`);
    }
    if (stat.size > 1_000_000) return refused('.env is larger than a megabyte: it is not read');
    const read = decodeText(await handle.readFile(), '.env');
    return 'problem' in read ? refused(`.env is not read: ${read.problem.message}`) : parseEnv(read.text);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { values: {}, warnings: [] };
    return refused(`.env cannot be read: ${hasCode(error, 'EACCES') ? 'permission denied' : messageOf(error)}`);
  } finally {
    await handle?.close();
  }
}

function refused(warning: string): EnvFile {
  return { values: {}, warnings: [warning], unread: true };
}

/** The text of a small regular file; undefined where it is none or cannot be read. */
export async function readPrivate(file: string): Promise<string | undefined> {
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= 1_000_000 ? await handle.readFile('utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** `KEY=VALUE` lines: `export` before, quotes round the value, `#` comments. Nothing is expanded. */
export function parseEnv(text: string): EnvFile {
  const values: Record<string, string> = {};
  const warnings: string[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*(?:#|$)/.test(line)) return;
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    const value = match === null ? undefined : unquote(match[2] ?? '');
    if (match?.[1] === undefined || value === undefined || match[1] === '__proto__') {
      warnings.push(`.env:${index + 1}: expected KEY=VALUE: the line is passed over`);
    } else values[match[1]] = value;
  });
  return { values, warnings };
}

/** The value without its quotes; undefined where a quote has no end. */
function unquote(text: string): string | undefined {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text.replace(/\s+#.*$/, '').replace(/^#.*$/, '');
  const match = quote === '"' ? /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(text) : /^'([^']*)'\s*(?:#.*)?$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  return quote === "'" ? match[1] : match[1].replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
