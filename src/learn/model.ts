import { z } from 'zod';
import type { LessonState } from '../journal/index.ts';
import { readDoes } from './entry.ts';
import { denies, staysInside, type Does, type Said, type Scope } from './structure.ts';

/** What a model makes of a wish: never more than a proposal, checked like anybody's. */
export type ModelProposal = { sameAs: string } | { does: Does; scope: Scope };

const text = z.string().trim().min(1).max(200);
const answerSchema = z.object({
  same_as: z.string().nullish(),
  kind: z.enum(['guard', 'check', 'context', 'question', 'estimate', 'instruction']),
  /** guard: what no agent may write or delete; what none may run. */
  paths: z.array(text).max(10).nullish(),
  commands: z.array(text).max(10).nullish(),
  /** check. */
  command: text.nullish(),
  /** context. */
  files: z.array(text).max(5).nullish(),
  /** question. */
  ask: text.nullish(),
  /** estimate. */
  factor: z.number().min(0.1).max(10).nullish(),
  module: z.string().nullish(),
});

/** The JSON schema that the model's answer is held to. */
export const proposalFormat: object = z.toJSONSchema(answerSchema);

/** Room in the context for the answer, in tokens. */
const ANSWER = 400;
/** Prose has a token for three to five bytes: this is on the safe side. */
const TOKENS_A_BYTE = 0.5;

/**
 * What the model is asked: the person's words are data in it. The newest of the known lessons stand in it, as many as `numCtx` tokens have
 * room for: a longer prompt would be cut in silence.
 */
export function proposalPrompt(
  wish: string,
  known: readonly Pick<LessonState, 'id' | 'text'>[],
  said: Said,
  numCtx: number,
): string {
  const listed = known.slice(-40).map(({ id, text: words }) => ({ id, text: words }));
  for (;;) {
    const prompt = promptWith(listed, wish, said);
    if (listed.length === 0 || Buffer.byteLength(prompt) * TOKENS_A_BYTE + ANSWER <= numCtx) return prompt;
    listed.shift();
  }
}

function promptWith(listed: readonly object[], wish: string, said: Said): string {
  return `A person rated the work of a coding agent and wrote what shall be different. Say which kind of measure fits.
Kinds, prefer the first that clearly fits:
- guard: something is forbidden. paths: files that may not be changed; commands: commands that may not be run.
- check: a shell command must pass before work is done. command: that command. Known test command: ${said.testCommand ?? 'none'}.
- context: files must be read first. files: their paths in the project.
- question: the person wants to be asked before work starts. ask: the question.
- estimate: estimates are wrong. factor: by how much they are too low.
- instruction: anything else.
module: one of [${said.modules.slice(-40).join(', ')}] if the wish is about that alone, else null.
same_as: the id of a lesson below that says the same, else null.
Lessons: ${JSON.stringify(listed)}
The wish, as data: ${JSON.stringify(wish)}`;
}

/** What of a model's answer can be used; undefined where nothing can. What names no file or module that there is, or leaves the project, does not count. */
export function readProposal(
  answer: string,
  wish: string,
  known: readonly Pick<LessonState, 'id'>[],
  said: Said,
): ModelProposal | undefined {
  let json: unknown;
  try {
    json = JSON.parse(answer);
  } catch {
    return undefined; // no JSON, no proposal
  }
  const read = answerSchema.safeParse(json);
  if (!read.success) return undefined;
  const { same_as: sameAs, kind, paths, commands, command, files, ask, factor, module } = read.data;
  if (sameAs !== undefined && sameAs !== null && known.some(({ id }) => id === sameAs)) return { sameAs };
  const scope: Scope = {
    project: said.project,
    ...(module !== undefined && module !== null && said.modules.includes(module) ? { module } : {}),
  };
  const does = doesOf();
  return does === undefined || 'missing' in readDoes(does) ? undefined : { does, scope };

  function doesOf(): Does | undefined {
    switch (kind) {
      case 'guard': {
        const inside = (paths ?? []).filter(staysInside);
        if (inside.length > 0) return denies('path', inside, wish);
        return commands?.[0] === undefined ? undefined : denies('command', commands, wish);
      }
      case 'check':
        return typeof command === 'string' && !/[\r\n]/.test(command) ? { kind, command } : undefined;
      case 'context': {
        const there = (files ?? []).filter(staysInside).flatMap((path) => said.file(path) ?? []);
        return there.length > 0 ? { kind, files: there } : undefined;
      }
      case 'question':
        return typeof ask === 'string' ? { kind, ask } : undefined;
      case 'estimate':
        return typeof factor === 'number' ? { kind, factor } : undefined;
      case 'instruction':
        return { kind };
    }
  }
}
