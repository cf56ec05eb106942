import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path } from './problem.ts';
import type { YamlDocument } from './syntax.ts';

/** What stands at a path of a document. */
export interface Spot {
  /** Offset of the value; of the key where the value is empty; of the nearest parent where there is nothing. */
  offset: number;
  /** Offset of the key that leads there, where there is one. */
  keyOffset: number | undefined;
  /** The value's node with aliases followed; undefined where there is nothing. */
  node: Node | undefined;
}

/** Finds what stands at `path`; never throws. */
export function findSpot(document: YamlDocument, path: Path): Spot {
  let node: Node | undefined = document.contents ?? undefined;
  let offset = node?.range?.[0] ?? 0;
  let keyOffset: number | undefined;
  for (const part of path) {
    const container = follow(document, node);
    const step = enter(container, part);
    if (step === undefined) return { offset, keyOffset: undefined, node: undefined };
    keyOffset = step.keyOffset;
    node = step.value;
    offset = node?.range?.[0] ?? keyOffset ?? offset;
    if (isEmpty(node)) offset = keyOffset ?? offset;
  }
  return { offset, keyOffset, node: follow(document, node) };
}

/** An empty value (`module:`) has a range behind its key, often on a later line. */
function isEmpty(node: Node | undefined): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}

function follow(document: YamlDocument, node: Node | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(document) : node;
}

function enter(
  container: Node | undefined,
  part: string | number,
): { keyOffset: number | undefined; value: Node | undefined } | undefined {
  if (isSeq(container)) {
    const value = typeof part === 'number' ? (container.items[part] as Node | undefined) : undefined;
    return value === undefined ? undefined : { keyOffset: undefined, value };
  }
  if (!isMap(container)) return undefined;
  const pair = pairsOf(container).get(String(part));
  if (pair === undefined || !isScalar(pair.key)) return undefined;
  return { keyOffset: pair.key.range?.[0], value: (pair.value as Node | null) ?? undefined };
}

const known = new WeakMap<YAMLMap, Map<string, Pair>>();

/** The pairs of a mapping by key; the last one counts where a key stands twice, as in the value. */
function pairsOf(map: YAMLMap): Map<string, Pair> {
  const found = known.get(map);
  if (found !== undefined) return found;
  const pairs = new Map<string, Pair>();
  for (const item of map.items) if (isScalar(item.key)) pairs.set(String(item.key.value), item);
  known.set(map, pairs);
  return pairs;
}

/** What was found, in words: `the number 3`, `a list of 2`, `nothing`. */
export function describeFound(node: Node | undefined): string {
  if (node === undefined) return 'nothing';
  if (isSeq(node)) return node.items.length === 0 ? 'an empty list' : `a list of ${node.items.length}`;
  if (isMap(node)) {
    const keys = node.items.slice(0, 3).map((item) => (isScalar(item.key) ? String(item.key.value) : '…'));
    const more = node.items.length > 3 ? ', …' : '';
    return keys.length === 0 ? 'an empty mapping' : `a mapping with ${keys.join(', ').slice(0, 60)}${more}`;
  }
  if (!isScalar(node)) return 'something else';
  const { value } = node;
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return value === '' ? 'an empty string' : `the string ${quote(value)}`;
  if (typeof value === 'number') return `the number ${node.source ?? value}`;
  if (typeof value === 'boolean') return String(value);
  return 'something else';
}

/** The same without a word of it. */
export function kindOf(node: Node | undefined): string {
  if (node === undefined) return 'nothing';
  if (isSeq(node)) return 'a list';
  if (isMap(node)) return 'a mapping';
  return isScalar(node) && typeof node.value === 'string' ? 'a text' : 'something else';
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
