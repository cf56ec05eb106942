import { expect, test } from 'vitest';
import { chooseSandbox, remedy } from './choose.ts';
import { folder } from './testing.ts';

async function problem(mode: Parameters<typeof chooseSandbox>[0], PATH: string) {
  const chosen = await chooseSandbox(mode, { PATH });
  if (!('problem' in chosen)) throw new Error('it was chosen');
  return chosen.problem;
}

test('none is only chosen by name', async () => {
  expect(await chooseSandbox('none', {})).toMatchObject({ sandbox: { kind: 'none' } });
});

test('a missing bubblewrap says how to install it and how to go without', async () => {
  const { message, hint } = await problem('bubblewrap', folder());
  expect(message).toContain('not installed');
  expect(hint).toMatch(/apt-get install bubblewrap.*dnf.*pacman.*mode: none/s);
});

test('one that is too old is named as that', () => {
  expect(remedy('bwrap: Unknown option --disable-userns')).toContain('0.8 or newer');
});

test('a relative place on the PATH is not searched', async () => {
  expect((await problem('bubblewrap', '.:bin:')).message).toContain('not installed');
});
