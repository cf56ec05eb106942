import type { Workspace } from '../workspace/index.ts';
import { readUntrusted } from './untrusted.ts';

/** A larger file, in bytes, is no summary. */
const LARGEST_SUMMARY_FILE = 1024 * 1024;

/** What the agent says of its work in `out/summary.md`: a claim, never proof. Undefined where it says nothing. */
export async function readSummary(workspace: Workspace): Promise<string | undefined> {
  const text = await readUntrusted(workspace.paths.out, '', 'summary.md', LARGEST_SUMMARY_FILE);
  return text === undefined || text.trim() === '' ? undefined : text;
}
