import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostName, looksLikeAddress, readEntry, ruleFor, rulesOf, showRule } from './index.ts';

/** Any bytes as characters. (fast-check's own unit `binary` takes seconds to make.) */
const anyBytes = fc.uint8Array({ maxLength: 12 }).map((bytes) => String.fromCharCode(...bytes));

const reaches = (list: string[], host: string, port = 443): boolean => {
  const name = hostName(host);
  return name !== undefined && ruleFor(rulesOf(list), name, port) !== undefined;
};

test.each([
  ['docs.example.org', 'docs.example.org', 443, true],
  ['docs.example.org', 'docs.example.org', 80, false],
  ['docs.example.org', 'docs.example.org', 8443, false],
  ['docs.example.org:8443', 'docs.example.org', 8443, true],
  ['docs.example.org:8443', 'docs.example.org', 443, false],
  ['docs.example.org', 'DOCS.Example.ORG', 443, true],
  ['docs.example.org', 'docs.example.org.', 443, true],
  ['docs.example.org', 'docs.example.org..', 443, false],
  ['docs.example.org', 'x.docs.example.org', 443, false],
  ['docs.example.org', 'evildocs.example.org', 443, false],
  ['npm.example', 'evilnpm.example', 443, false],
  ['npm.example', 'npm.example.evil.test', 443, false],
  ['*.npm.example', 'evilnpm.example', 443, false],
  ['*.npm.example', 'npm.example', 443, false],
  ['*.npm.example', 'a.npm.example', 443, true],
  ['*.npm.example', 'b.a.npm.example', 443, true],
  ['*.npm.example', '.npm.example', 443, false],
  ['*.npm.example:8443', 'a.npm.example', 443, false],
  ['bücher.example', 'xn--bcher-kva.example', 443, true],
  ['ｄｏｃｓ.example.org', 'docs.example.org', 443, true],
  ['docs.example.org', 'dосs.example.org', 443, false],
  ['npm.example', 'npm.example\0.evil.test', 443, false],
  ['npm.example', 'user@npm.example', 443, false],
  ['npm.example', 'evil.test#npm.example', 443, false],
  ['npm.example', 'npm%2eexample', 443, false],
])('of the list [%s] %s at port %i: %s', (entry, host, port, expected) => {
  expect(reaches([entry], host, port)).toBe(expected);
});

test.each([
  ['https://docs.example.org', /no scheme/],
  ['docs.example.org/path', /no scheme/],
  ['user@docs.example.org', /no scheme/],
  ['docs example.org', /no scheme/],
  ['127.0.0.1', /addresses cannot be listed/],
  ['10.1', /addresses cannot be listed/],
  ['0x7f.1', /addresses cannot be listed/],
  ['2130706433:443', /addresses cannot be listed/],
  ['017700000001', /addresses cannot be listed/],
  ['[::1]:80', /addresses cannot be listed/],
  ['fe80::1', /addresses cannot be listed/],
  ['*', /only as the whole first part/],
  ['*.*.example.org', /only as the whole first part/],
  ['a.*.example.org', /only as the whole first part/],
  ['docs*.example.org', /only as the whole first part/],
  ['*.org', /nearly everything/],
  ['docs.example.org:0', /a port/],
  ['docs.example.org:', /a port/],
  ['docs.example.org:65536', /a port/],
  ['docs.example.org:0443', /a port/],
  ['', /a host/],
  ['-x.example.org', /a host/],
  [`${'a'.repeat(64)}.example.org`, /a host/],
])('%s is no entry of a list, and it is said why', (text, why) => {
  const entry = readEntry(text);
  expect(entry.kind === 'wrong' ? entry.why : entry).toMatch(why);
  expect(rulesOf([text])).toEqual([]);
});

test('words stand for the person’s own clients, and for nothing by themselves', () => {
  expect(readEntry('npm')).toEqual({ kind: 'preset', preset: 'npm' });
  expect(readEntry('web-search')).toEqual({ kind: 'search' });
  expect(readEntry('npm:443').kind).toBe('host');
  expect(reaches(['npm'], 'npm')).toBe(false);
});

test('an entry is shown as it is written', () => {
  for (const text of ['docs.example.org', '*.example.org', 'nexus:8081', '*.example.org:8443'])
    expect(rulesOf([text]).map(showRule)).toEqual([text]);
});

test('no spelling of an address is a name', () => {
  for (const text of ['1', '127.1', '0x7f000001', '0177.0.0.1', '1.2.3.4.', 'a.b.0', 'x.0x', '0x', '::1', '[::1]'])
    expect([text, hostName(text), looksLikeAddress(text)]).toEqual([text, undefined, true]);
});

test('whatever is asked for, only names on the list are found, and a name never means two', () => {
  const list = ['npm.example', '*.docs.example:8443'];
  const part = fc.constantFrom(
    'npm',
    'example',
    'docs',
    'evil',
    '',
    '*',
    '.',
    '..',
    'xn--',
    '\0',
    '@',
    ':',
    'NPM',
    '0',
    '%',
  );
  const text = fc.oneof(
    anyBytes,
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.')),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(443, 80, 8443), (host, port) => {
      const name = hostName(host);
      if (name === undefined) return;
      expect(hostName(name)).toBe(name);
      expect(name).toMatch(/^[a-z0-9_.-]+$/);
      if (!reaches(list, host, port)) return;
      if (port === 443) expect(name).toBe('npm.example');
      else expect(name.endsWith('.docs.example')).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});
