import type { Answer, AnswerBlock } from './answer.ts';

/** An answer as the API's events, in order, each ready to be written. */
export function sseOf(answer: Answer): string[] {
  const start = { ...answer.usage, output_tokens: 1 };
  return [
    event('message_start', {
      message: { ...head(answer), content: [], stop_reason: null, stop_sequence: null, usage: start },
    }),
    ...answer.content.flatMap(blockEvents),
    event('message_delta', {
      delta: { stop_reason: answer.stopReason, stop_sequence: null },
      usage: { output_tokens: answer.usage.output_tokens },
    }),
    event('message_stop', {}),
  ];
}

/** An answer as the one JSON body of a call that does not stream. */
export function jsonOf(answer: Answer): Record<string, unknown> {
  return {
    ...head(answer),
    content: answer.content,
    stop_reason: answer.stopReason,
    stop_sequence: null,
    usage: answer.usage,
  };
}

function head(answer: Answer): Record<string, unknown> {
  return { id: answer.id, type: 'message', role: 'assistant', model: answer.model };
}

function blockEvents(block: AnswerBlock, index: number): string[] {
  const [empty, deltas] =
    block.type === 'text'
      ? [{ type: 'text', text: '' }, pieces(block.text).map((text) => ({ type: 'text_delta', text }))]
      : [
          { ...block, input: {} },
          pieces(JSON.stringify(block.input)).map((part) => ({ type: 'input_json_delta', partial_json: part })),
        ];
  return [
    event('content_block_start', { index, content_block: empty }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta })),
    event('content_block_stop', { index }),
  ];
}

/** Twelve pieces at most, never splitting a character. */
function pieces(text: string): string[] {
  const size = Math.max(16, Math.ceil(text.length / 12));
  const found: string[] = [];
  let piece = '';
  for (const character of text) {
    piece += character;
    if (piece.length >= size) {
      found.push(piece);
      piece = '';
    }
  }
  return piece === '' ? found : [...found, piece];
}

function event(type: string, data: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
