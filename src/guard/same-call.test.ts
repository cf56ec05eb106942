import { expect, test } from 'vitest';
import { setting } from './corpus/setting.ts';
import { sameCall } from './index.ts';

const of = (command: string, cwd = '/repo') => sameCall({ tool: 'Bash', input: { command }, cwd }, setting);

test('the same command is the same however it is spelled, and no other is', () => {
  expect(of('git fetch origin')).toBe(of('git  "fetch" orig\'\'in'));
  expect(of('git fetch origin')).not.toBe(of('git fetch upstream'));
  expect(of('git fetch origin')).not.toBe(of('git fetch origin; git fetch upstream'));
  expect(of('git fetch origin')).not.toBe(of('git fetch origin', '/repo/src'));
  expect(of('git fetch origin > a')).not.toBe(of('git fetch origin > b'));
});

test('what is not all known is never the same', () => {
  for (const command of ['curl $URL', 'git fetch $(cat remote)', 'rm *.ts', 'eval "$X"'])
    expect(of(command)).toBeUndefined();
});
