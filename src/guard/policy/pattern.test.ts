import { expect, test } from 'vitest';
import { SAFE, STAR, UNKNOWN } from '../marks.ts';
import { compilePattern } from './pattern.ts';

test.each([
  ['terraform apply*', 'terraform apply -auto-approve', true],
  ['terraform apply*', 'terraform plan', false],
  ['git * --force', 'git push origin --force', true],
  ['git * --force', 'git push --force origin', false],
  ['a*b*c', 'abc', true],
  ['a*b*c', 'acb', false],
  ['ab', 'abc', false],
  ['a*a', 'a', false],
  ['*', '', true],
])('%s and %s: %s', (pattern, text, expected) => {
  expect([compilePattern(pattern).may(text), compilePattern(pattern).must(text)]).toEqual([expected, expected]);
});

test.each([
  ['src/*.ts', 'src/a.ts', true],
  ['src/*.ts', 'src/x/a.ts', false],
  ['src/**', 'src/x/a.ts', true],
  ['**/*.pem', 'a/b/c.pem', true],
])('of paths: %s and %s: %s', (pattern, path, expected) => {
  expect(compilePattern(pattern, true).must(path)).toBe(expected);
});

test.each([
  // pattern, text, may it be, is it for certain
  ['terraform apply*', `terraform ${UNKNOWN}`, true, false],
  ['terraform apply*', `terraform apply ${UNKNOWN}`, true, true],
  ['terraform apply', `terra${UNKNOWN}`, true, false],
  ['terraform apply', `tofu ${UNKNOWN}`, false, false],
  ['rm -rf *', `rm -rf ${STAR}`, true, true],
])('text that is not all known: %s', (pattern, text, may, must) => {
  const compiled = compilePattern(pattern);
  expect([compiled.may(text), compiled.must(text)]).toEqual([may, must]);
});

test.each([
  ['src/*', `src/${UNKNOWN}`, true, false],
  ['src/**', `src/${SAFE}`, true, true],
  ['src/*', `src/${STAR}`, true, true],
  ['src/*.ts', `src/${STAR}`, true, false],
  ['a/b.ts', `${STAR}/b.ts`, true, false],
  ['a/b/c', `${STAR}/c`, false, false],
])('paths that are not all known: %s', (pattern, path, may, must) => {
  const compiled = compilePattern(pattern, true);
  expect([compiled.may(path), compiled.must(path)]).toEqual([may, must]);
});
