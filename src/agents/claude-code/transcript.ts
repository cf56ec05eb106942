import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../base/index.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
/** A message that was written a moment ago stands so near to the end of its file, in bytes. */
const TAIL = 4 * 1024 * 1024;

/**
 * The files in which the CLI keeps a session: `projects/<folder as a name>/<session>.jsonl`, and what its subagents said in
 * `projects/<folder as a name>/<session>/`. Empty where it has none.
 */
export async function transcriptsOf(cliDir: string, sessionId: string): Promise<string[]> {
  const folder = join(cliDir, 'projects');
  try {
    const files = await readdir(folder, { recursive: true });
    return files
      .filter((file) => file.endsWith('.jsonl') && file.includes(sessionId))
      .map((file) => join(folder, file));
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

/**
 * Whether a session's files hold all of these messages. The CLI gathers what it writes for a tenth of a second: who ends it in
 * between takes its last turn from it. Never rejects: what cannot be read holds nothing.
 */
export async function keeps(cliDir: string, sessionId: string, messages: readonly string[]): Promise<boolean> {
  const left = new Set(messages);
  try {
    for (const file of await transcriptsOf(cliDir, sessionId)) {
      if (left.size === 0) break;
      const tail = await tailOf(file);
      for (const message of left) if (tail.includes(`"${message}"`)) left.delete(message);
    }
  } catch {
    return false; // the agent can make of its folder what it likes
  }
  return left.size === 0;
}

async function tailOf(file: string): Promise<Buffer> {
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return Buffer.alloc(0);
    const from = Math.max(0, stat.size - TAIL);
    const bytes = Buffer.alloc(stat.size - from);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
