import { z } from 'zod';

/** A Messages API request, as far as the scripted model reads it. */
const blockSchema = z.looseObject({ type: z.string() });
const contentSchema = z.union([z.string(), z.array(blockSchema)]);

export const requestSchema = z.looseObject({
  model: z.string().default('scripted'),
  stream: z.boolean().default(false),
  system: contentSchema.optional(),
  tools: z.array(z.unknown()).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })).default([]),
});

export type ModelRequest = z.infer<typeof requestSchema>;
type Content = z.infer<typeof contentSchema>;

export interface Conversation {
  /** System prompt and the first words of the user: what a script's `match` looks at. */
  opening: string;
  /** What was said to the model before its answer number k, and last what it must answer now: one entry more than there are answers. */
  inputs: string[];
  /** The newest answer of a person, if there was one. */
  lastAnswer: string;
}

/** What the CLI puts into a session that goes on after it was killed: in place of an answer, and of a tool's result. */
const NO_ANSWER = 'No response requested.';
const NO_RESULT = /\[Tool call interrupted|\[Tool result missing/u;
/** How the CLI hands on what a hook wants the model to read: a person's message to a running agent comes so. */
const HOOK_WORDS = 'hook additional context: ';
/** Before a person's answer in Dayshift's prompts. */
const ANSWER_HEAD = 'The answer to your question:\n';

/**
 * The request as a conversation. System messages in its middle are the CLI's own and are left out, but for a hook's words. An answer whose
 * tools were interrupted by a kill does not count, so that its turn is played again; but a question that the next
 * prompt answers is not asked again.
 */
export function conversationOf(request: ModelRequest): Conversation {
  const said = [{ text: '', asked: false }];
  let lastAnswer = '';
  let first: string | undefined;
  for (const { role, content } of request.messages) {
    const text = textOf(content);
    if (role === 'assistant' && text !== NO_ANSWER) {
      said.push({ text: '', asked: typeof content !== 'string' && content.some(isQuestion) });
    } else if (role === 'user' || (role === 'system' && text.includes(HOOK_WORDS))) {
      if (role === 'user') first ??= text;
      const last = said.at(-1);
      if (last !== undefined) last.text = joined(last.text, text);
      lastAnswer = answerIn(text) ?? lastAnswer;
    }
  }
  const inputs: string[] = [];
  for (const { text, asked } of said) {
    const again = NO_RESULT.test(text) && !(asked && text.includes(ANSWER_HEAD));
    if (again && inputs.length > 0) inputs.push(joined(inputs.pop() ?? '', text));
    else inputs.push(text);
  }
  const system = request.system === undefined ? '' : textOf(request.system);
  return { opening: `${system}\n${first ?? ''}`, inputs, lastAnswer };
}

function joined(before: string, text: string): string {
  return before === '' ? text : `${before}\n${text}`;
}

function isQuestion(block: z.infer<typeof blockSchema>): boolean {
  return block.type === 'tool_use' && block.name === 'AskUserQuestion';
}

/** All words of a content: texts and the texts of tool results. */
function textOf(content: Content): string {
  if (typeof content === 'string') return content;
  return content.map(blockText).join('\n');
}

function blockText(block: z.infer<typeof blockSchema>): string {
  if (typeof block.text === 'string') return block.text;
  const inner = contentSchema.safeParse(block.content);
  return inner.success ? textOf(inner.data) : '';
}

/** A person's answer, as the CLI puts it into the question tool's result, or as Dayshift puts it into a prompt. */
function answerIn(text: string): string | undefined {
  const byTool = /answered: ".*?"="(.*?)"(?:[.,]|$)/su.exec(text);
  if (byTool?.[1] !== undefined) return byTool[1];
  const at = text.lastIndexOf(ANSWER_HEAD);
  if (at === -1) return undefined;
  const byPrompt = text.slice(at + ANSWER_HEAD.length).split('\n\n')[0];
  // The prompt puts the option's letter before its label: the tool does not.
  return byPrompt?.replace(/^[A-Z]\) /u, '').trim();
}

/** The first line `<name>: …` of the opening, which is in the head of Dayshift's prompt; empty where there is none. */
export function headLine(opening: string, name: string): string {
  const prefix = `${name}: `;
  const line = opening.split('\n').find((candidate) => candidate.startsWith(prefix));
  return line?.slice(prefix.length).trim() ?? '';
}
