import { expect, test } from 'vitest';
import { sandboxExec, seatbeltProfile } from './seatbelt.ts';
import { policy } from './testing.ts';

const work = '/Users/u/home/work';
const profile = seatbeltProfile(
  policy({
    cwd: work,
    writable: [work],
    readable: [`${work}/.git`, '/Users/u/.nvm'],
    placed: [{ from: '/Users/u/own/settings.json', to: '/run/settings.json' }],
    hidden: [`${work}/.env`],
    sockets: [{ from: '/Users/u/own/door.sock', to: '/run/door.sock' }],
  }),
);
const lines = profile.split('\n');
const at = (line: string) => {
  expect(lines).toContain(line);
  return lines.indexOf(line);
};

test('everything is denied that no later rule allows', () => {
  expect(lines.slice(0, 2)).toEqual(['(version 1)', '(deny default)']);
  expect(profile).not.toMatch(/allow (default|network\*|file\*)/);
  expect(profile).not.toContain('(subpath "/")');
});

test('the workspace can be written, its git directory and what is hidden come later and cannot', () => {
  const written = at(`(allow file-read* file-write* (subpath "${work}"))`);
  expect(at(`(deny file-write* (subpath "${work}/.git"))`)).toBeGreaterThan(written);
  expect(at(`(deny file-read* file-write* (subpath "${work}/.env"))`)).toBeGreaterThan(written);
  expect(at('(deny file-write* (subpath "/Users/u/own/settings.json"))')).toBeGreaterThan(written);
  expect(at('(deny file-write* (subpath "/Users/u/.nvm"))')).toBeGreaterThan(
    at('(allow file-read* (subpath "/Users/u/.nvm"))'),
  );
});

test('the network is the loopback and the door', () => {
  const denied = at('(deny network*)');
  expect(at('(allow network-outbound (remote ip "localhost:*"))')).toBeGreaterThan(denied);
  expect(at('(allow network-outbound (remote unix-socket (path-literal "/Users/u/own/door.sock")))')).toBeGreaterThan(
    denied,
  );
  expect(lines.filter((line) => line.includes('allow network'))).toHaveLength(3);
});

test('a path cannot end its string', () => {
  expect(seatbeltProfile(policy({ writable: ['/a") (allow default) ("\\'] }))).toContain(
    '(subpath "/a\\") (allow default) (\\"\\\\"))',
  );
});

test('the command comes after the profile, with a clean environment', () => {
  const wrapped = sandboxExec().wrap(policy({ env: { A: '1' } }), ['/bin/echo', 'x']);
  expect(wrapped.args.slice(2)).toEqual(['/bin/echo', 'x']);
  expect(wrapped.env).toMatchObject({ A: '1', GIT_OPTIONAL_LOCKS: '0' });
  expect(wrapped.env).not.toHaveProperty('USER');
});
