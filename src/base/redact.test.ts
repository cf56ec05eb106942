import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorMs } from './testing.ts';
import { createRedactor, redactDeep } from './redact.ts';

const redact = createRedactor([]);
/** Split, so that no scanner takes this file for a leak. */
const fake = (...parts: string[]) => parts.join('');
const hex = 'abcdef0123456789abcdef0123456789abcdef01';
const alnum = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5hJ7kL9nP';

const secrets: [string, string][] = [
  ['Anthropic key', fake('sk-', 'ant-api03-', alnum, '-AA')],
  ['Anthropic OAuth token', fake('sk-', 'ant-oat01-', alnum)],
  ['OpenAI key', fake('sk-', 'proj-', alnum)],
  ['GitHub token', fake('gh', 'p_', alnum.slice(0, 36))],
  ['GitHub fine-grained token', fake('github', '_pat_', alnum, '_', alnum)],
  ['GitLab token', fake('gl', 'pat-', alnum.slice(0, 20))],
  ['Slack token', fake('xox', 'b-123456789012-', alnum.slice(0, 24))],
  ['AWS key', fake('AK', 'IAIOSFODNN7EXAMPLE')],
  ['Google key', fake('AI', 'za', alnum.slice(0, 35))],
  ['Google OAuth token', fake('ya', '29.', alnum)],
  ['Stripe key', fake('sk', '_live_', alnum.slice(0, 24))],
  ['npm token', fake('npm', '_', alnum.slice(0, 36))],
  ['JWT', fake('eyJ', 'hbGciOiJIUzI1NiJ9.eyJ', 'zdWIiOiIxMjM0NTY3ODkwIn0.', alnum)],
  ['the token of a door', fake('dayshift-', 'door-', alnum.slice(0, 36))],
  [
    'the same in Basic credentials',
    fake('', Buffer.from(`dayshift:dayshift-door-${alnum.slice(0, 30)}`).toString('base64')),
  ],
  ['Telegram token', fake('123456789', ':', 'AAF', alnum.slice(0, 32))],
  ['Discord token', fake('M', alnum.slice(0, 23), '.', 'GhIjKl', '.', alnum.slice(0, 38))],
  ['Slack hook', fake('https://hooks.slack', '.com/services/T00000000/B00000000/', alnum.slice(0, 24))],
];

test.each(secrets)('the shape is known: %s', (_name, secret) => {
  for (const [before, after] of [
    ['', ''],
    ['the key is ', ', keep it'],
    ['"', '"'],
    ['token=', '&x=1'],
    ['line\n', '\nline'],
  ] as const) {
    const out = redact(`${before}${secret}${after}`);
    expect(out).toContain('[redacted]');
    expect(out).not.toContain(secret.slice(-12));
    expect(redact(out)).toBe(out);
  }
});

test.each([
  [`Authorization: Bearer ${hex}`, 'Authorization: Bearer [redacted]'],
  ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [redacted]'],
  [`{"Authorization":"Bearer ${hex}"}`, '{"Authorization":"Bearer [redacted]"}'],
  [`{\\"x-api-key\\": \\"${hex}\\"}`, '{\\"x-api-key\\": \\"[redacted]\\"}'],
  ['x-api-key: hunter22', 'x-api-key: [redacted]'],
  [`curl -H 'X-Api-Key: ${hex}' http://a.b`, "curl -H 'X-Api-Key: [redacted]' http://a.b"],
  ['postgres://app:hunter2@db.example.com:5432/x', 'postgres://app:[redacted]@db.example.com:5432/x'],
  ['postgres://app:p@ss/w0rd@db/x', 'postgres://app:[redacted]@db/x'],
  ['redis://:s3cret@localhost', 'redis://:[redacted]@localhost'],
  ['https://user:12345@h/x', 'https://user:[redacted]@h/x'],
  [
    fake('https://api.telegram.org/bot123456789', ':AAF', alnum.slice(0, 32), '/getMe'),
    'https://api.telegram.org/bot123456789:[redacted]/getMe',
  ],
  ['DB_PASSWORD=hunter2', 'DB_PASSWORD=[redacted]'],
  ['export MY_SECRET="two words"', 'export MY_SECRET="[redacted]"'],
  ["note: API_KEY='abc'", "note: API_KEY='[redacted]'"],
  ['docker run -e STRIPE_PRIVATE=abc x', 'docker run -e STRIPE_PRIVATE=[redacted] x'],
  ['aws_secret_access_key = wJalrXUtnFEMI7K', 'aws_secret_access_key = [redacted]'],
  ['mysql --password=hunter2x', 'mysql --password=[redacted]'],
  ['{"password":"correct-horse"}', '{"password":"[redacted]"}'],
  ['{\\"client_secret\\":\\"abcdef99\\"}', '{\\"client_secret\\":\\"[redacted]\\"}'],
  ['GET /x?access_token=abc123def&y=1', 'GET /x?access_token=[redacted]&y=1'],
])('a named value goes: %s', (text, expected) => {
  expect(redact(text)).toBe(expected);
  expect(redact(redact(text))).toBe(expected);
});

test('a private key goes, whole, cut off, or escaped into one line; a mention of one stays', () => {
  const body = Array.from({ length: 6 }, () => alnum + alnum.slice(0, 20)).join('\n');
  const begin = fake('-----BEGIN RSA PRIV', 'ATE KEY-----');
  const end = fake('-----END RSA PRIV', 'ATE KEY-----');
  expect(redact(`a\n${begin}\n${body}\n${end}\nb`)).toBe(`a\n${begin}[redacted]${end}\nb`);
  expect(redact(`a\n${begin}\nProc-Type: 4,ENCRYPTED\n\n${body}\nThe rest. Of it`)).toBe(
    `a\n${begin}[redacted]\nThe rest. Of it`,
  );
  expect(redact(JSON.stringify(`${begin}\n${body}\n${end}`))).toBe(`"${begin}[redacted]${end}"`);
  expect(redact(`looks for "${begin}" in files`)).toBe(`looks for "${begin}" in files`);
});

const harmless = [
  'token count: 5',
  'max_tokens: 4096, cache_read_tokens=1200',
  'MAX_TOKENS=4096',
  'const token = await getToken();',
  'const token = lexer.next()',
  'password: string;',
  "type: 'password'",
  "import { createSecret } from './secret.ts';",
  'The secret: start early, and password reset links expire.',
  'SECRET_KEY=$SECRET_KEY',
  'API_KEY=${API_KEY}',
  'apiKey: process.env.API_KEY,',
  'private: true,',
  '"private": true',
  'privateKeyPath: ./keys/a.pem',
  'Authorization: required',
  'Authorization: Bearer <token>',
  'commit 3f2a9c1d4e5b6a7980c1d2e3f4a5b6c7d8e9f0a1',
  'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  '550e8400-e29b-41d4-a716-446655440000',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'http://localhost:3000/@vite/client and mail me@example.com',
  'http://[::1]:3000/@vite/client',
  'ssh://git@github.com:22/a/b@v1',
  'git@github.com:owner/repo.git',
  'https://example.com/a?b=c#d@e',
  '2026-11-23T10:15:30.123Z at 12:34:56',
  'src/auth/token-service.ts:120:5 error TS2322',
  'task-001: sk-learn is a library, risk-averse',
  'eyJust a word. MNOPQRSTUV.abc.def',
  'integrity sha512-9Xz3TcXf7kCV3iVLHmYq0a8i2Fh1m9G5kR4Q==',
  'version: 2.1.329, port 8080:80',
];
test.each(harmless)('ordinary text stays: %s', (text) => {
  expect(redact(text)).toBe(text);
});

test('a known secret goes in every spelling', () => {
  const secret = 'p@ss "w/ö+rd\\1';
  const hide = createRedactor([secret, 'short', '']);
  const json = JSON.stringify(secret).slice(1, -1);
  const spellings = [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase().replace('%c3%b6', '%c3%b6'),
    json,
    JSON.stringify(json).slice(1, -1),
  ];
  for (const spelling of spellings) expect(hide(`x ${spelling} y`)).toBe('x [redacted] y');
  for (const before of ['', 'u', 'us', 'use', 'user:']) {
    const encoded = Buffer.from(`${before}${secret}`).toString('base64');
    expect(hide(encoded)).toContain('[redacted]');
    expect(Buffer.from(hide(encoded).replace('[redacted]', ''), 'base64').toString()).not.toContain('ss "w');
  }
  expect(hide('short stays')).toBe('short stays');
});

test('a longer secret is taken before a shorter one that it begins with; words of the mark itself are no secret', () => {
  const hide = createRedactor(['hunter2', 'hunter2-and-more', 'redacted']);
  expect(hide('hunter2-and-more hunter2 redacted')).toBe('[redacted] [redacted] redacted');
});

test('two secrets that are glued together both go', () => {
  const discord = secrets.find(([name]) => name === 'Discord token')?.[1] ?? '';
  const anthropic = secrets[0]?.[1] ?? '';
  expect(redact(discord.slice(0, 70) + anthropic)).toBe('M[redacted][redacted]');
});

test('whatever the text, a second pass changes nothing', () => {
  const hide = createRedactor(['hunter2', 'letmein99']);
  const pieces = fc.oneof(
    fc.constantFrom(...secrets.map(([, secret]) => secret)),
    fc.constantFrom('hunter2', 'letmein99', 'PASSWORD=', 'token: ', '"', "'", '\\"', ' ', '\n', '://u:', '@', '/', '='),
    fc.constantFrom('Authorization: ', 'Bearer ', 'x-api-key=', '[redacted]', '.', '-', '&', 'a1b2c3d4'),
    fc.constantFrom(fake('-----BEGIN PRIV', 'ATE KEY-----'), fake('-----END PRIV', 'ATE KEY-----')),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
      const once = hide(parts.join(''));
      expect(hide(once)).toBe(once);
    }),
    { numRuns: 2000 },
  );
});

test('hostile text of a megabyte costs linear time', () => {
  const hide = createRedactor(['hunter2', 'aaaaaaaaaaaaaab']);
  const units = [
    'a',
    'A',
    '0',
    ' ',
    '"',
    '\\"',
    'sk-',
    fake('sk-', 'ant-'),
    'eyJ',
    'eyJaaaaaaaaa.',
    '://',
    '://a:',
    '://a:b@',
    'TOKEN',
    'TOKEN=',
    'TOKEN="',
    'token: ',
    "API_KEY='",
    'bearer ',
    'authorization:',
    'Authorization: Bearer ',
    'PASSWORD_',
    '-',
    '=',
    'a=',
    '123456:',
    'MNO.',
    fake('-----BEGIN PRIV', 'ATE KEY-----'),
    fake('-----BEGIN PRIV', 'ATE KEY-----\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
    'xoxb-',
    'secret',
  ];
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const started = processorMs();
    hide(text);
    // Quadratic would be minutes; a busy machine must not matter.
    expect(processorMs() - started, unit).toBeLessThan(3000);
  }
});

test('a whole value is redacted, strings only, into a new one', () => {
  const hide = createRedactor(['hunter2']);
  const value = {
    a: ['x hunter2', 5, null, true],
    env: { DB_PASSWORD: 'abc', A_TOKEN: '$A_TOKEN', PATH: '/bin' },
    n: { apiKeySource: 'ANTHROPIC_API_KEY' },
  };
  const before = structuredClone(value);
  expect(redactDeep(value, hide)).toEqual({
    a: ['x [redacted]', 5, null, true],
    env: { DB_PASSWORD: '[redacted]', A_TOKEN: '$A_TOKEN', PATH: '/bin' },
    n: { apiKeySource: 'ANTHROPIC_API_KEY' },
  });
  expect(value).toEqual(before);
});
