import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectTarget, hostName, plainTarget } from './index.ts';

/** Any bytes as characters. (fast-check's own unit `binary` takes seconds to make.) */
const anyBytes = fc.uint8Array({ maxLength: 12 }).map((bytes) => String.fromCharCode(...bytes));

test.each([
  ['docs.example.org:443', { host: 'docs.example.org', port: 443 }],
  ['DOCS.example.org.:443', { host: 'docs.example.org', port: 443 }],
  ['docs.example.org', { problem: 'malformed' }],
  ['docs.example.org:', { problem: 'malformed' }],
  ['docs.example.org:+443', { problem: 'malformed' }],
  ['docs.example.org:443:443', { problem: 'malformed' }],
  ['docs.example.org@evil.test:443', { problem: 'malformed' }],
  ['user:pass@docs.example.org:443', { problem: 'malformed' }],
  ['https://docs.example.org:443', { problem: 'malformed' }],
  ['docs.example.org/x:443', { problem: 'malformed' }],
  ['docs.example.org\0.evil.test:443', { problem: 'malformed' }],
  ['docs%2eexample%2eorg:443', { problem: 'malformed' }],
  ['127.0.0.1:443', { problem: 'address' }],
  ['127.1:443', { problem: 'address' }],
  ['2130706433:443', { problem: 'address' }],
  ['0x7f000001:443', { problem: 'address' }],
  ['0177.0.0.1:443', { problem: 'address' }],
  ['user@127.0.0.1:443', { problem: 'address' }],
  ['[::1]:443', { problem: 'address' }],
  ['[::ffff:127.0.0.1]:443', { problem: 'address' }],
  ['::1:443', { problem: 'address' }],
  ['', { problem: 'malformed' }],
])('CONNECT %s', (authority, expected) => {
  expect(connectTarget(authority)).toMatchObject(expected);
});

test.each([
  ['http://docs.example.org/a?b=c', { host: 'docs.example.org', port: 80, path: '/a?b=c' }],
  ['HTTP://docs.example.org:8080', { host: 'docs.example.org', port: 8080, path: '/' }],
  ['http://docs.example.org?x', { host: 'docs.example.org', port: 80, path: '/?x' }],
  ['https://docs.example.org/', { problem: 'malformed' }],
  ['ftp://docs.example.org/', { problem: 'malformed' }],
  ['http://user@docs.example.org/', { problem: 'malformed' }],
  ['http://docs.example.org@evil.test/', { problem: 'malformed' }],
  ['http://evil.test\\@docs.example.org/', { problem: 'malformed' }],
  ['http://docs.example.org/a b', { problem: 'malformed' }],
  ['http:///x', { problem: 'malformed' }],
  ['http://[::1]/', { problem: 'address' }],
  ['http://[::1]:80/', { problem: 'address' }],
  ['http://169.254.169.254/latest/meta-data', { problem: 'address' }],
  ['/v1/messages', { problem: 'malformed' }],
])('GET %s', (url, expected) => {
  expect(plainTarget(url)).toMatchObject(expected);
});

test('whatever stands in the line, what comes of it is one name and one port, or a problem that can be printed', () => {
  const piece = fc.constantFrom(
    'docs.example.org',
    ':',
    '443',
    '@',
    '/',
    '\\',
    '[',
    ']',
    '%',
    '\0',
    '\r\n',
    ' ',
    '.',
    'http://',
    '127.0.0.1',
    '#',
    '?',
    'é',
  );
  const line = fc.oneof(
    anyBytes,
    fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(line, (text) => {
      for (const found of [connectTarget(text), plainTarget(text)]) {
        const good =
          'problem' in found
            ? /^[\x21-\x7e]{0,120}$/.test(found.asked)
            : hostName(found.host) === found.host && found.port > 0 && found.port < 65_536;
        if (!good) expect([text, found]).toEqual('a target, or a problem that can be printed');
      }
    }),
    { numRuns: 3_000 },
  );
});
