import { cutEnd } from '../../base/index.ts';

const SUBJECT_MAX = 300;

/** The one field of a tool's input that says what it is about. */
const SUBJECT: Record<string, string> = {
  Bash: 'command',
  Read: 'file_path',
  Write: 'file_path',
  Edit: 'file_path',
  MultiEdit: 'file_path',
  NotebookEdit: 'notebook_path',
  Grep: 'pattern',
  Glob: 'pattern',
  WebFetch: 'url',
  WebSearch: 'query',
  Task: 'description',
  Agent: 'description',
  Skill: 'skill',
  ToolSearch: 'query',
};

/** A tool call's input in a few words: the command, the path, the question; else its JSON. Cut. */
export function subjectOf(tool: string, input: Record<string, unknown>): string {
  const field = Object.hasOwn(SUBJECT, tool) ? SUBJECT[tool] : undefined;
  const value = field === undefined ? undefined : input[field];
  if (typeof value === 'string') return cutEnd(value, SUBJECT_MAX);
  if (tool === 'AskUserQuestion') {
    const question = firstQuestion(input.questions);
    if (question !== undefined) return cutEnd(question, SUBJECT_MAX);
  }
  return cutEnd(JSON.stringify(input), SUBJECT_MAX);
}

function firstQuestion(questions: unknown): string | undefined {
  const first: unknown = Array.isArray(questions) ? questions[0] : undefined;
  if (typeof first !== 'object' || first === null || !('question' in first)) return undefined;
  return typeof first.question === 'string' ? first.question : undefined;
}
