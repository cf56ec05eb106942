import { Ollama } from 'ollama';
import { messageOf } from '../base/index.ts';
import type { Config } from '../home/index.ts';
import { proposalFormat, proposalPrompt, readProposal, type ModelProposal, type Said } from '../learn/index.ts';
import type { LessonState } from '../journal/index.ts';

type Settings = NonNullable<Config['learning']['ollama']>;

/**
 * Asks a model of one's own machine what wishes mean for which the rules know nothing but a line. All of them within the
 * time limit, one after the other; what is late, unreachable or not of the schema is left to the rules. Resolves with
 * proposals by the wish's words; never rejects.
 */
export async function askModel(
  settings: Settings,
  wishes: readonly string[],
  known: readonly LessonState[],
  said: Said,
  log: (text: string) => void,
): Promise<Map<string, ModelProposal>> {
  const found = new Map<string, ModelProposal>();
  const signal = AbortSignal.timeout(settings.timeout_seconds * 1000);
  const ollama = new Ollama({
    host: settings.url,
    fetch: (input, init) => fetch(input, { ...init, signal }),
  });
  try {
    for (const wish of wishes) {
      const { message } = await ollama.chat({
        ...{ model: settings.model, format: proposalFormat, stream: false },
        messages: [{ role: 'user', content: proposalPrompt(wish, known, said) }],
        options: { num_ctx: settings.num_ctx, temperature: 0 },
      });
      const proposal = readProposal(message.content, wish, known, said);
      if (proposal !== undefined) found.set(wish, proposal);
    }
  } catch (error) {
    const why = signal.aborted ? `it took longer than ${settings.timeout_seconds} s` : messageOf(error);
    log(`learning.ollama: ${why}; the rules go on without it`);
  }
  return found;
}
