import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { printable, scratchFolder } from '../../src/base/index.ts';
import type { Call } from './commands/types.ts';
import type { InFile } from './input.ts';

/** A transcription may take so long, in ms, and say so much, in characters. */
const LONGEST_MS = 120_000;
const MOST_WORDS = 8000;

/** The words of a voice note, by the command that config names; it gets the file as its last argument and prints them. Never rejects. */
export async function transcribe(call: Call, voice: InFile): Promise<{ text: string } | { problem: string }> {
  const command = call.home.config.chat.transcribe;
  if (command === undefined)
    return {
      problem:
        'Voice notes are not understood here: chat.transcribe in config/dayshift.yaml names no command. Please type.',
    };
  const [file, ...args] = command.trim().split(/\s+/);
  if (file === undefined) return { problem: 'chat.transcribe in config/dayshift.yaml is empty.' };
  const folder = await scratchFolder('voice');
  try {
    const sound = join(folder, `voice${/\.[a-z0-9]{1,5}$/i.exec(voice.name)?.[0] ?? '.ogg'}`);
    await writeFile(sound, await call.platform.fetchFile(voice.ref), { mode: 0o600 });
    const ran = await execa(file, [...args, sound], {
      ...{ timeout: LONGEST_MS, reject: false, stdin: 'ignore', maxBuffer: 1_000_000 },
      extendEnv: false,
      env: { PATH: call.env.PATH ?? '', HOME: call.env.HOME ?? '' },
    });
    const text = printable(ran.stdout).trim();
    if (ran.exitCode === 0 && text !== '') return { text: text.slice(0, MOST_WORDS) };
    const why = ran.timedOut
      ? 'it took too long'
      : ran.exitCode === 0
        ? 'it heard nothing'
        : call.redact(ran.stderr === '' ? (ran.shortMessage ?? '') : ran.stderr).trim();
    return { problem: `The voice note could not be understood: ${why.slice(0, 300)}. Please type.` };
  } catch (error) {
    return { problem: `The voice note could not be fetched: ${call.redact(String(error)).slice(0, 300)}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
