import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { identity } from './git.ts';

/**
 * Writes a commit of `tree`, without parents, into the store and returns its id: byte for byte what `git commit-tree` with our
 * identity makes of it, without starting a git. It is on the disk when this resolves. Harmless the second time.
 */
export async function commitTree({ store }: { store: string }, tree: string, label: string): Promise<string> {
  const who = `${identity.name} <${identity.email}> ${identity.date}`;
  return writeCommit(join(store, 'objects'), { tree, parents: [], author: who, committer: who, message: `${label}\n` });
}

/** Writes a commit into a folder of objects. `author`, `committer`: as git has them, `Name <address> seconds zone`. */
export async function writeCommit(
  objects: string,
  commit: { tree: string; parents: readonly string[]; author: string; committer: string; message: string },
): Promise<string> {
  const { tree, parents, author, committer, message } = commit;
  const lines = [
    `tree ${tree}`,
    ...parents.map((one) => `parent ${one}`),
    `author ${author}`,
    `committer ${committer}`,
  ];
  const text = Buffer.from(`${lines.join('\n')}\n\n${message}`);
  const object = Buffer.concat([Buffer.from(`commit ${text.length}\0`), text]);
  // A tree's id says which hash the repository uses.
  const id = createHash(tree.length === 64 ? 'sha256' : 'sha1')
    .update(object)
    .digest('hex');
  await writeObject(objects, id, await promisify(deflate)(object));
  return id;
}

/** As git does: under another name first, so that an object is there whole or not at all. */
async function writeObject(objects: string, id: string, packed: Buffer): Promise<void> {
  const folder = join(objects, id.slice(0, 2));
  const temporary = join(folder, `tmp_obj_${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  const file = await open(temporary, 'wx', 0o444);
  try {
    await file.writeFile(packed);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, id.slice(2)));
}
