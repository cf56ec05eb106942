import { messageOf } from '../../src/base/index.ts';
import type { Outcome } from '../../src/operator/index.ts';
import type { Call } from './commands/types.ts';
import type { InFile } from './input.ts';

/** Sends words and files on to a task. What cannot be fetched is said, and holds up nothing else. */
export async function passOn(call: Call, task: string, text: string, files: readonly InFile[]): Promise<Outcome> {
  const got: { name: string; data: string }[] = [];
  const missing: string[] = [];
  for (const file of files) {
    try {
      if (file.bytes > call.platform.limits.fileBytes) throw new Error('it is too large for this chat');
      got.push({ name: file.name, data: Buffer.from(await call.platform.fetchFile(file.ref)).toString('base64') });
    } catch (error) {
      missing.push(`${file.name}: ${call.redact(messageOf(error))}`);
    }
  }
  if (got.length === 0 && text.trim() === '') return { ok: false, message: `Nothing was sent. ${missing.join('; ')}` };
  const outcome = await call.operator.tell({ task, text, ...(got.length === 0 ? {} : { files: got }) }, call.by);
  const left = missing.length === 0 ? '' : ` Could not be fetched: ${missing.join('; ')}.`;
  return { ...outcome, message: `${outcome.message}${left}` };
}
