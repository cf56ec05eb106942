import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, oneLine } from '../base/index.ts';
import type { HomePaths } from '../home/index.ts';
import { workspacePaths } from '../workspace/index.ts';
import type { TaskRef } from './context.ts';

/** A file that a person sends to a task. */
export interface GivenFile {
  name: string;
  bytes: Uint8Array;
}

/** The largest file that is passed on, in bytes, and the most of them that a task is given. */
const LARGEST = 20 * 1024 * 1024;
const MOST = 200;

/** Where a task's files from people lie: its agent reads them there, and cannot write. */
function givenFolder(paths: HomePaths, ref: Pick<TaskRef, 'day' | 'task'>): string {
  return join(workspacePaths(paths, ref.day, ref.task).root, 'given');
}

/** Keeps files for a task. Programs and what is neither text, picture nor PDF are refused, whatever their name says. Nothing is ever run. */
export async function keepGiven(
  paths: HomePaths,
  ref: Pick<TaskRef, 'day' | 'task'>,
  files: readonly GivenFile[],
): Promise<{ kept: string[]; refused: string[] }> {
  const folder = givenFolder(paths, ref);
  await mkdir(folder, { recursive: true });
  const taken = new Set(await readdir(folder));
  const kept: string[] = [];
  const refused: string[] = [];
  for (const file of files) {
    const why = taken.size >= MOST ? `the task has ${MOST} files already` : whyNot(file.bytes);
    if (why !== undefined) {
      refused.push(`${oneLine(file.name).slice(0, 80)}: ${why}`);
      continue;
    }
    const name = await write(folder, safeName(file.name), file.bytes);
    taken.add(name);
    kept.push(join(folder, name));
  }
  return { kept, refused };
}

/** Never over another file: a number goes into the name. */
async function write(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot <= 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${stem}-${number}${extension}`;
    try {
      await writeFile(join(folder, tried), bytes, { flag: 'wx', mode: 0o444 });
      return tried;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

/** Letters, digits and a few signs; no path, nothing hidden, no option. */
function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[.\s-]+/, '')
    .slice(-80)
    .trim();
  return plain === '' ? 'file' : plain;
}

function whyNot(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength === 0) return 'it is empty';
  if (bytes.byteLength > LARGEST) return `it is larger than ${LARGEST / 1024 / 1024} MB`;
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (/^(?:\x7fELF|MZ|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf])/.test(head))
    return 'it is a program';
  if (/^(?:\x89PNG|\xff\xd8\xff|GIF8|%PDF-)/.test(head) || /^RIFF[^]{4}WEBP/.test(head)) return undefined;
  return isText(bytes) ? undefined : 'it is neither text, a picture nor a PDF';
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
