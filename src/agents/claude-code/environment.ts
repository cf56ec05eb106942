import type { AttemptInput } from '../types.ts';

/** What stands in for the credential inside the sandbox. The door puts the real one in; this one opens nothing. */
const PLACEHOLDER = 'placeholder-the-door-has-the-key';

/** Credentials and addresses that the task's own environment must not bring along. */
const OWN = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_UNIX_SOCKET'];

/** The agent's whole environment beside PATH, HOME and LANG, which the sandbox gives. */
export function environment(
  input: Pick<AttemptInput, 'env' | 'doorPort' | 'doorToken' | 'cliDir' | 'account'>,
): Record<string, string> {
  const theirs = Object.fromEntries(Object.entries(input.env).filter(([name]) => !OWN.includes(name)));
  const credential = input.account === 'oauth' ? 'CLAUDE_CODE_OAUTH_TOKEN' : 'ANTHROPIC_API_KEY';
  return {
    ...theirs,
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${input.doorPort}`,
    // It is sent with every model call.
    [credential]: input.doorToken ?? PLACEHOLDER,
    CLAUDE_CONFIG_DIR: input.cliDir,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    // Else an agent can schedule itself, and its timers come back on a resume.
    CLAUDE_CODE_DISABLE_CRON: '1',
    // Else a turn can end while its work goes on, and is lost with the process.
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
    CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
    // A path after an @ in a task's text is text; the agent reads files by its tools, past the guard.
    CLAUDE_CODE_DISABLE_FILE_MENTIONS: '1',
    CLAUDE_CODE_SHELL: '/bin/bash',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
  };
}
