import { Ollama, type ChatResponse } from 'ollama';
import { messageOf } from '../base/index.ts';
import type { Config } from '../home/index.ts';
import { proposalFormat, proposalPrompt, readProposal, type ModelProposal, type Said } from '../learn/index.ts';
import type { LessonState } from '../journal/index.ts';

type Settings = NonNullable<Config['learning']['ollama']>;

/** Resolves with proposals by the wish's words, for those that the model made something of; never rejects. */
export type AskModel = (
  wishes: readonly string[],
  known: readonly LessonState[],
  said: Said,
) => Promise<Map<string, ModelProposal>>;

/**
 * A model of one's own machine that is asked what wishes mean for which the rules know nothing but a line. One time limit, from the first
 * wish on, holds for all that are asked of it, one after the other. What is late, unreachable, cut off or not of the schema is left to
 * the rules; after the first that is late or fails none is asked any more, and `log` says why.
 */
export function modelAsker(
  settings: Settings,
  log: (text: string) => void,
  limit: (ms: number) => AbortSignal = (ms) => AbortSignal.timeout(ms),
): AskModel {
  let signal: AbortSignal | undefined;
  let failed = false;
  const ollama = new Ollama({
    host: settings.url,
    fetch: (input, init) => fetch(input, { ...init, ...(signal === undefined ? {} : { signal }) }),
  });
  return async (wishes, known, said) => {
    const found = new Map<string, ModelProposal>();
    if (failed || wishes.length === 0) return found;
    signal ??= limit(settings.timeout_seconds * 1000);
    try {
      for (const wish of wishes) {
        const answer = await ollama.chat({
          ...{ model: settings.model, format: proposalFormat, stream: false },
          messages: [{ role: 'user', content: proposalPrompt(wish, known, said, settings.num_ctx) }],
          options: { num_ctx: settings.num_ctx, temperature: 0 },
        });
        if (isCut(answer, settings.num_ctx))
          log(`learning.ollama: num_ctx ${settings.num_ctx} is too small for “${wish}”; the rules decide about it`);
        const proposal = isCut(answer, settings.num_ctx)
          ? undefined
          : readProposal(answer.message.content, wish, known, said);
        if (proposal !== undefined) found.set(wish, proposal);
      }
    } catch (error) {
      failed = true;
      log(
        `learning.ollama: ${signal.aborted ? lateness(settings) : reasonOf(error, settings)}; the rules go on without it`,
      );
    }
    return found;
  };
}

/** Whether the model had not all that it was asked, or could not end its answer: Ollama cuts both in silence. */
function isCut({ done_reason, prompt_eval_count }: Partial<ChatResponse>, numCtx: number): boolean {
  return done_reason === 'length' || (prompt_eval_count !== undefined && prompt_eval_count >= numCtx);
}

function lateness({ timeout_seconds: seconds }: Settings): string {
  return `it took longer than ${seconds} s`;
}

function reasonOf(error: unknown, { url, model }: Settings): string {
  const said = messageOf(error);
  if (/model .*not found/i.test(said)) return `${said}: “ollama pull ${model}” brings it`;
  return /fetch failed/i.test(said) ? `nothing answers at ${url}` : said;
}
