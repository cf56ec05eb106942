import { expect, test } from 'vitest';
import { readJson, valueOf } from './json-text.ts';
import { hookIn, withHook, withoutHook } from './settings-text.ts';

const command = '/n/node /d/bin.js guard hook || exit 2';
const entry = { matcher: '*', hooks: [{ type: 'command', command: `${command} # dayshift guard`, timeout: 60 }] };
const settings = (text: string) => valueOf(readJson(text)) as { hooks: { PreToolUse: unknown[] } };

const before = {
  'of one line': '{"permissions":{"allow":["Bash(ls:*)"]},"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[]}]}}',
  'with comments and trailing commas': `{
\t// for the tests
\t"env": { "A": "1", }, /* more */
\t"hooks": {
\t\t"PreToolUse": [
\t\t\t{ "matcher": "Bash", "hooks": [{ "type": "command", "command": "mine # not dayshift guard's" }] }, // mine
\t\t],
\t},
}
`,
  'with Windows’ line ends': '{\r\n  "model": "x",\r\n  "hooks": {\r\n    "Stop": []\r\n  }\r\n}\r\n',
  'with other hooks only': '{ "hooks": { "Stop": [ { "hooks": [] } ] } }',
  'with numbers for names': '{ "2": 1, "1": 2 }',
  'with a mark at the start': '\ufeff{ "a": 1 }\n',
};

test.each(Object.entries(before))('settings %s get the hook once, and are as before without it', (_, text) => {
  const once = withHook(text, command);
  expect(settings(once).hooks.PreToolUse.at(-1)).toEqual(entry);
  expect(hookIn(once)).toBe(`${command} # dayshift guard`);
  expect(settings(withHook(once, `other ${command}`)).hooks.PreToolUse).toHaveLength(
    settings(once).hooks.PreToolUse.length,
  );
  expect(withoutHook(once)).toBe(text);
});

test('lists and objects that are there for the hook alone go with it', () => {
  expect(withoutHook(withHook('{ "a": 1 }', command))).toBe('{ "a": 1 }');
  expect(withoutHook(withHook('{}', command))).toBe('{}');
  expect(JSON.parse(withHook('', command))).toEqual({ hooks: { PreToolUse: [entry] } });
});

test('a hook that somebody put beside it stays', () => {
  const mixed = JSON.stringify({
    hooks: { PreToolUse: [{ matcher: '*', hooks: [...entry.hooks, { type: 'command', command: 'mine' }] }] },
  });
  expect(JSON.parse(withoutHook(mixed))).toEqual({
    hooks: { PreToolUse: [{ matcher: '*', hooks: [{ type: 'command', command: 'mine' }] }] },
  });
});

test.each([
  ['{ "a": 1', 'line 1'],
  ['{\n "a" 1 }', 'line 2: ":"'],
  ['[]', 'no object'],
  ['{ "hooks": [] }', '"hooks" is no object'],
  ['{ "hooks": { "PreToolUse": {} } }', 'no list'],
  ['['.repeat(1000), 'too deep'],
])('what cannot be understood is refused: %s', (text, why) => {
  expect(() => withHook(text, command)).toThrow(why);
});
