import { expect, test } from 'vitest';
import { bodyOf } from './body.ts';
import { toDiscord, splitRich } from '../chat/rich/index.ts';

const said = (text: string) => toDiscord([{ type: 'text', spans: [{ text }] }]);

test('an address stays as it is, what stands round it does not become markup', () => {
  expect(said('open: https://github.com/my_org/my_repo/pull/3 _now_')).toBe(
    'open: https://github.com/my_org/my_repo/pull/3 \\_now\\_',
  );
  expect(said('https://a.example/b**bold**')).toBe('https://a.example/b\\*\\*bold\\*\\*');
});

test('words that are sent plainly are all there', () => {
  const text = 'a_b*c`d|'.repeat(240);
  const [part] = splitRich([{ type: 'pre', text }], 2000, (rich) => toDiscord(rich).length);
  const { content } = bodyOf({ rich: part ?? [], plain: true });
  expect(content.length).toBeLessThanOrEqual(2000);
  const words = part?.[0]?.type === 'pre' ? part[0].text : '';
  expect(content).toContain(words);
});
