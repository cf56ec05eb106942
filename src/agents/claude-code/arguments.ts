import type { AttemptInput } from '../types.ts';

/** The command line after the binary. The same flags on a start and on every resume: the CLI keeps none of them. The prompt comes by stdin, so that `ps` does not show it and its size does not matter. */
export function commandArguments(
  input: Pick<AttemptInput, 'spec' | 'sessionId'>,
  options: { settingsFile: string; systemPromptFile: string | undefined; known: boolean; prompt: boolean },
): string[] {
  const { spec } = input;
  return [
    '-p',
    ...['--output-format', 'stream-json', '--verbose'],
    ...['--input-format', options.prompt ? 'stream-json' : 'text'],
    ...[options.known ? '--resume' : '--session-id', input.sessionId],
    ...['--settings', options.settingsFile],
    // Neither the person's nor the project's settings, hooks and MCP servers: an agent can write those.
    ...['--setting-sources', '', '--strict-mcp-config', '--disable-slash-commands'],
    // With the hook down nothing runs; with `stdio` the agent is offered AskUserQuestion.
    ...['--permission-mode', 'dontAsk', '--permission-prompt-tool', 'stdio'],
    ...(spec.maxTurns === undefined ? [] : ['--max-turns', String(spec.maxTurns)]),
    ...(options.systemPromptFile === undefined ? [] : ['--append-system-prompt-file', options.systemPromptFile]),
    ...(spec.model === undefined ? [] : ['--model', spec.model]),
  ];
}
