import { printable } from '../base/index.ts';

/** The answer file as it is put beside an agent's question file. */
export function renderAnswerFile(task: string, text: string): string {
  return `# Answer to ${task}\n\n${text.trim()}\n`;
}

/**
 * The answer in a person's file: with or without the heading, comments (`<!-- -->`) left out. Undefined where there
 * is none yet (an empty file, or the heading alone: an editor may just have made it).
 */
export function parseAnswerFile(text: string): string | undefined {
  const lines = withoutComments(printable(text)).trim().split('\n');
  if (/^\s*#{1,6}\s*answer\b/i.test(lines[0] ?? '')) lines.shift();
  const answer = lines.join('\n').trim();
  return answer === '' ? undefined : answer;
}

function withoutComments(text: string): string {
  let out = '';
  let done = 0;
  for (;;) {
    const from = text.indexOf('<!--', done);
    const to = from === -1 ? -1 : text.indexOf('-->', from + 4);
    if (to === -1) return out + text.slice(done);
    out += text.slice(done, from);
    done = to + 3;
  }
}
