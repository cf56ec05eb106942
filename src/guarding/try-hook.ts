import { spawnSync } from 'node:child_process';
import { DayshiftError } from '../base/index.ts';

/**
 * Runs a hook's command as Claude Code does, on a commit: it must refuse it. Throws DayshiftError where it does not: a hook
 * that never says no looks like one that has nothing to say no to.
 */
export function tryHook(command: string, project: string): void {
  const call = {
    session_id: 'try',
    transcript_path: '/dev/null',
    cwd: project,
    permission_mode: 'default',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command: 'git commit -m x' },
    tool_use_id: 'try',
  };
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], {
    cwd: project,
    input: JSON.stringify(call),
    env: { ...process.env, CLAUDE_PROJECT_DIR: project },
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status === 0 && stdout.includes('"permissionDecision":"deny"')) return;
  const said = stderr.trim().slice(0, 500);
  if (status === 2 && said !== '')
    throw new DayshiftError('usage', said.replace(/^.*so it is blocked: /s, ''), {
      hint: 'nothing was installed: the hook would block every call',
    });
  throw new DayshiftError(
    'usage',
    `the hook did not refuse a commit when it was tried${said === '' ? '' : `: ${said}`}`,
    {
      hint: 'nothing was installed; if rules of yours allow commits, name other rules with --rules',
    },
  );
}
