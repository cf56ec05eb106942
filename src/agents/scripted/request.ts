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

/** The request as a conversation. System messages in mid-conversation are the CLI's own and are left out. */
export function conversationOf(request: ModelRequest): Conversation {
  const inputs = [''];
  let lastAnswer = '';
  let first: string | undefined;
  for (const message of request.messages) {
    if (message.role === 'assistant') {
      inputs.push('');
    } else if (message.role === 'user') {
      const text = textOf(message.content);
      first ??= text;
      const at = inputs.length - 1;
      inputs[at] = inputs[at] === '' ? text : `${inputs[at] ?? ''}\n${text}`;
      lastAnswer = answerIn(text) ?? lastAnswer;
    }
  }
  const system = request.system === undefined ? '' : textOf(request.system);
  return { opening: `${system}\n${first ?? ''}`, inputs, lastAnswer };
}

/** All words of a content: texts and the texts of tool results. */
export function textOf(content: Content): string {
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
  const byPrompt = /The answer to your question:\n+([\s\S]+?)(?:\n\n|$)/u.exec(text)?.[1];
  // The prompt puts the option's letter before its label: the tool does not.
  return byPrompt?.replace(/^[A-Z]\) /u, '').trim();
}

/** The first line `<name>: …` of the opening, which is in the head of Dayshift's prompt; empty where there is none. */
export function headLine(opening: string, name: string): string {
  const prefix = `${name}: `;
  const line = opening.split('\n').find((candidate) => candidate.startsWith(prefix));
  return line?.slice(prefix.length).trim() ?? '';
}
