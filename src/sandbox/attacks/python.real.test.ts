import { execa } from 'execa';
import { expect, test } from 'vitest';
import { python } from './python.ts';

test.each([
  [
    'a way that was open is open though the program broke after it',
    "attempt('a way', lambda: None)\n1 / 0",
    'OPEN a way',
  ],
  [
    'a program that broke before it found anything proves nothing',
    '1 / 0',
    'BROKEN ZeroDivisionError division by zero',
  ],
  ['a way that raises is shut', "attempt('a way', lambda: opens('/nowhere', os.O_RDONLY))", 'SHUT 1'],
  ['what is not there is no socket', "shut('nowhere', is_socket('/nowhere/x'))", 'SHUT 1'],
])('%s', async (_, body, said) => {
  const { stdout } = await execa('python3', ['-c', python(body)], { reject: false });
  expect(stdout).toBe(said);
});
