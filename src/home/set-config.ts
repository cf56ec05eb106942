import { readFile, rename, writeFile } from 'node:fs/promises';
import { isCollection, isMap, parseDocument, stringify, type Document, type YAMLMap } from 'yaml';
import { DayshiftError, hasCode } from '../base/index.ts';
import { formatProblem } from '../document/index.ts';
import { parseConfig } from './load.ts';
import type { HomePaths } from './paths.ts';

/**
 * Changes one setting in `config/dayshift.yaml`. All else stays as it was written, to the byte where that is possible;
 * comments and order stay in any case. Nothing is written where the config would not be valid afterwards: throws
 * DayshiftError (usage) that says why. Done twice it is done once.
 */
export async function setConfig(paths: HomePaths, path: readonly string[], value: unknown): Promise<void> {
  const text = await textOf(paths.configFile);
  const next = withSetting(text, path, value);
  const { problems } = parseConfig(next, 'config/dayshift.yaml');
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new DayshiftError('usage', `${path.join('.')} was not changed: ${errors.map(formatProblem).join('\n')}`, {
      hint: `change it in ${paths.configFile} by hand`,
    });
  if (next === text) return;
  const temporary = `${paths.configFile}.new`;
  await writeFile(temporary, next, { mode: 0o600 });
  await rename(temporary, paths.configFile);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}

/** The text of a YAML file with one value set. */
export function withSetting(text: string, path: readonly string[], value: unknown): string {
  const before = parseDocument(text);
  const wanted = parseDocument(text);
  wanted.setIn(path, wanted.createNode(value));
  const same = (candidate: string | undefined) => {
    if (candidate === undefined) return false;
    const { errors, ...document } = parsed(candidate);
    return errors.length === 0 && JSON.stringify(document.value) === JSON.stringify(wanted.toJS());
  };
  if (before.errors.length === 0 && JSON.stringify(before.toJS()) === JSON.stringify(wanted.toJS())) return text;
  const spliced = splice(text, before, path, value);
  return spliced !== undefined && same(spliced) ? spliced : wanted.toString({ lineWidth: 0 });
}

function parsed(text: string): { errors: unknown[]; value: unknown } {
  const document = parseDocument(text);
  return { errors: document.errors, value: document.errors.length === 0 ? document.toJS() : undefined };
}

/** Puts the value into the text where it belongs, and touches nothing else; undefined where that is not plain. */
function splice(text: string, document: Document, path: readonly string[], value: unknown): string | undefined {
  const flow = stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trimEnd();
  const node: unknown = document.getIn(path, true);
  const range = rangeOf(node);
  if (range !== undefined && range[1] > range[0] && text.slice(range[0], range[1]).trim() !== '') {
    const block = isCollection(node) && node.flow !== true;
    const end = block ? range[0] + text.slice(range[0], range[1]).trimEnd().length : range[1];
    return `${text.slice(0, range[0])}${flow}${text.slice(end)}`;
  }
  const parents = path.slice(0, -1);
  const key = path.at(-1) ?? '';
  const parent: unknown = parents.length === 0 ? document.contents : document.getIn(parents, true);
  if (isMap(parent) && parent.items.length > 0) return intoMap(text, parent, `${key}: ${flow}`);
  if (parents.length !== 1 || document.has(parents[0])) {
    if (parents.length > 0 || document.contents !== null) return undefined;
  }
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return parents.length === 0 ? `${start}${key}: ${flow}\n` : `${start}${parents[0] ?? ''}:\n  ${key}: ${flow}\n`;
}

/** At the end of a mapping's entries, as the last of them is written. */
function intoMap(text: string, map: YAMLMap, line: string): string | undefined {
  const last = map.items.at(-1);
  const key = rangeOf(last?.key);
  const end = rangeOf(last?.value)?.[1] ?? key?.[1];
  if (key === undefined || end === undefined) return undefined;
  if (map.flow === true) return `${text.slice(0, end)}, ${line}${text.slice(end)}`;
  const lineStart = text.lastIndexOf('\n', key[0] - 1) + 1;
  const indent = text.slice(lineStart, key[0]);
  if (indent.trim() !== '') return undefined;
  // After the last value's own line, with the comment behind it.
  const valueEnd = text.slice(0, end).trimEnd().length;
  const newline = text.indexOf('\n', valueEnd);
  const at = newline === -1 ? text.length : newline;
  return `${text.slice(0, at)}\n${indent}${line}${text.slice(at)}`;
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' && typeof range[1] === 'number'
    ? [range[0], range[1]]
    : undefined;
}
