import { expect, test } from 'vitest';
import { defaultPolicy } from '../guard/index.ts';
import { answerHook, readHookCall } from './hook.ts';

const place = { workspace: '/nowhere/shop', home: '/nowhere/u', settings: '/nowhere/u/.claude', policy: defaultPolicy };
const text = (tool_name: string, tool_input: object) =>
  JSON.stringify({ hook_event_name: 'PreToolUse', cwd: '/nowhere/shop', tool_name, tool_input, session_id: 's' });

function permission(tool: string, input: object, approve = false) {
  return answerHook(readHookCall(text(tool, input)), place, approve)?.hookSpecificOutput.permissionDecision;
}

test('what is denied is refused with its reason and a way out, what is asked about the person is asked', () => {
  expect(answerHook(readHookCall(text('Bash', { command: 'git commit -m x' })), place, false)).toEqual({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: expect.stringMatching(/write.*Leave.*guard, git\.write/s) as string,
    },
  });
  expect(permission('Bash', { command: 'git fetch' })).toBe('ask');
  expect(permission('Write', { file_path: '/nowhere/shop/.claude/settings.json' })).toBe('deny');
  expect(permission('mcp__docs__search', { q: 'x' })).toBe('ask');
});

test('what is allowed goes the CLI’s own way, or at once where the person said so', () => {
  expect(permission('Bash', { command: 'npm test' })).toBeUndefined();
  expect(permission('Bash', { command: 'npm test' }, true)).toBe('allow');
  expect(permission('Write', { file_path: '/nowhere/u/.claude/plans/a.md' })).toBeUndefined();
});

test.each([
  ['', 'JSON'],
  ['[]', 'PreToolUse'],
  ['null', 'no object'],
  [text('Bash', []), 'tool_input'],
  [text('', {}), 'tool_name'],
  [text('Bash', {}).replace('/nowhere/shop', 'shop'), 'cwd'],
  [text('Bash', {}).replace('PreToolUse', 'PostToolUse'), 'PreToolUse'],
])('what is no call is an error: %s', (bad, why) => {
  expect(() => readHookCall(bad)).toThrow(why);
});
