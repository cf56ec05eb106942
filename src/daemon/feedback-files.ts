import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, messageOf } from '../base/index.ts';
import { takeAllFeedback, takeFeedback, takeLessons, takenWords, type OperatorContext } from '../operator/index.ts';
import type { Service } from './service.ts';

/** How often the folder is looked at, in ms: with the time that a file has to stay as it is, it is read within two seconds. */
const LOOK_EVERY_MS = 1000;

const LESSONS = 'config/lessons.yaml';

/** Takes feedback files, and what people change in `config/lessons.yaml`, into the journal as they save them, and says what of them was not understood. */
export const feedbackFiles: Service = {
  name: 'feedback',
  async start({ run: ctx }) {
    const { journal, clock, redact, namedSecrets, newId, newItemId } = ctx;
    const context: OperatorContext = {
      ...{ journal, clock, redact, namedSecrets, newId, newItemId, runner: undefined },
      // Its settings may be read anew.
      get home() {
        return ctx.home;
      },
    };
    const folder = ctx.home.paths.feedback;
    /** By file name: what it looked like last, and what was said of it. */
    const seen = new Map<string, { mark: string; taken: boolean }>();
    let told = '';
    let stopped = false;
    let cancel: () => void = () => undefined;

    async function look(): Promise<void> {
      const mark = await markOf(ctx.home.paths.lessonsFile);
      const last = seen.get(LESSONS);
      // What Dayshift wrote itself is read again too, which changes nothing: a person may have saved it right after.
      if (last?.mark !== mark) seen.set(LESSONS, { mark, taken: false });
      else if (!last.taken) {
        for (const line of await takeLessons(context)) ctx.log(line);
        last.taken = true;
      }
      for (const name of await filesIn(folder)) {
        const mark = await markOf(join(folder, name));
        const last = seen.get(name);
        // A file is taken when it is the same as a look ago: an editor may still be writing.
        if (last?.mark !== mark) seen.set(name, { mark, taken: false });
        else if (!last.taken) {
          // One that failed (a full disk) is tried again at the next look.
          await take(name.slice(0, -'.md'.length));
          last.taken = true;
        }
      }
    }

    async function take(date: string): Promise<void> {
      for (const line of takenWords(await takeFeedback(context, date, { kind: 'person', via: 'file' }))) ctx.log(line);
    }

    const again = () => {
      if (stopped) return;
      cancel = clock.after(LOOK_EVERY_MS, () => {
        looking = look()
          .then(() => (told = ''))
          .catch((error: unknown) => {
            // The same fault is told once.
            if (told !== messageOf(error)) ctx.log(`feedback: ${messageOf(error)}`);
            told = messageOf(error);
          })
          .finally(again);
      });
    };
    for (const line of await takeAllFeedback(context)) ctx.log(line);
    let looking: Promise<unknown> = look();
    await looking;
    again();
    return {
      async stop() {
        stopped = true;
        cancel();
        await looking;
      },
    };
  },
};

async function filesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^\d{4}-\d{2}-\d{2}\.md$/.test(name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Stands for a file as it is now. */
async function markOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return `${size} ${mtimeMs} ${ino}`;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'gone';
    throw error;
  }
}
