import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DayshiftError } from '../base/index.ts';
import { initHome, loadHome } from '../home/index.ts';
import { judgeDisk, judgeFolders } from './folders.ts';
import { diagnose, type DiagnoseInput, type Finding } from './index.ts';
import { judgeClock } from './machine.ts';
import { isAtLeast } from './programs.ts';

vi.setConfig({ testTimeout: 60_000 });

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'dayshift-doctor-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function home(config = ''): Promise<DiagnoseInput> {
  const dir = folder();
  await initHome(dir);
  writeFileSync(join(dir, 'config', 'dayshift.yaml'), config);
  const { paths, config: read } = await loadHome({ home: dir, env: {}, cwd: dir });
  return { env: { PATH: process.env.PATH }, home: paths, config: read };
}

async function look(input: DiagnoseInput): Promise<Record<string, Finding>> {
  return Object.fromEntries((await diagnose(input)).map((finding) => [finding.name, finding]));
}

/** A program that does what this line of shell says. */
function program(line: string): string {
  const file = join(folder(), 'claude');
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
  return file;
}

test('a home is tested whole, nothing is left in it, and what is not right says what to do', async () => {
  const input = await home();
  const { readdirSync } = await import('node:fs');
  const before = readdirSync(input.home!.home, { recursive: true }).sort();
  const findings = await diagnose(input);
  expect(readdirSync(input.home!.home, { recursive: true }).sort()).toEqual(before);
  expect(findings.filter(({ ok, remedy }) => ok !== 'ok' && (remedy ?? '') === '')).toEqual([]);
  const names = findings.map(({ name }) => name);
  for (const name of [
    'node',
    'claude',
    'account',
    'sandbox',
    'git',
    'home',
    'folders',
    'sockets',
    'disk',
    'loopback',
    'clock',
    'time zone',
  ]) {
    expect(names).toContain(name);
  }
});

test('a trial that a kill left is swept; of a person’s folders, however named, nothing is', async () => {
  const input = await home();
  const { home: root, results, tasks } = input.home!;
  const old = new Date(Date.now() - 2 * 3_600_000);
  const make = (path: string, file?: string, mode = 0o700) => {
    mkdirSync(path, { mode });
    if (file !== undefined) writeFileSync(join(path, file), '');
    utimesSync(path, old, old);
    return path;
  };
  mkdirSync(results, { recursive: true });
  const left = [make(join(results, '.doctor-aB3dE6')), make(join(root, '.doctor-aB3dE6'), 'now')];
  const kept = [
    make(join(results, 'dayshift-voice-models'), 'model.bin'),
    make(join(results, 'dayshift-commit-helper')),
    make(join(results, '.doctor-visits'), 'march'),
    make(join(tasks, '.doctor-report'), 'notes.md'),
    make(join(tasks, '.doctor-drafts'), undefined, 0o755),
    make(join(root, '.doctor-2026ab'), 'now.md'),
  ];
  await diagnose(input);
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
});

test('a trial never sweeps above a folder that is missing', async () => {
  const input = await home();
  const above = folder();
  const path = join(above, '.doctor-aB3dE6');
  mkdirSync(path, { mode: 0o700 });
  utimesSync(path, new Date(0), new Date(0));
  expect((await look({ ...input, home: { ...input.home!, results: join(above, 'results') } })).folders?.ok).toBe('ok');
  expect(existsSync(path)).toBe(true);
});

test('a home that nothing can be written into is one finding, not one a check', async () => {
  const input = await home();
  // Nobody, root neither, makes a folder there.
  const own = '/proc/self/fd';
  const found = await diagnose({ ...input, home: { ...input.home!, home: own, own, results: own } });
  const failed = found
    .filter(({ name }) => /^(?:folders|clock|sockets?)$/.test(name))
    .filter(({ ok }) => ok === 'fail');
  expect(failed.map(({ name }) => name)).toEqual(['folders']);
});

test('without a home the machine is tested', async () => {
  const found = await look({ env: { PATH: process.env.PATH }, problem: new DayshiftError('usage', 'no home here') });
  expect(found.home).toMatchObject({ ok: 'warn', found: 'no home here' });
  expect(found.folders).toBeUndefined();
  expect(found.git?.ok).toBe('ok');
});

test('claude is really run: missing, broken, too old, older than tested, good', async () => {
  const claude = async (command: string) =>
    (await look(await home(`agent: { command: ${JSON.stringify(command)} }`))).claude;
  expect(await claude('no-such-claude')).toMatchObject({
    ok: 'fail',
    found: expect.stringContaining('not on the PATH') as string,
  });
  expect(await claude(program('echo broken >&2; exit 3'))).toMatchObject({ ok: 'fail' });
  expect(await claude(program('echo "1.0.9 (Claude Code)"'))).toMatchObject({
    ok: 'fail',
    remedy: expect.stringContaining('2.1.0') as string,
  });
  expect(await claude(program('echo "2.1.5 (Claude Code)"'))).toMatchObject({ ok: 'warn' });
  expect(await claude(program('echo "2.1.329 (Claude Code)"'))).toMatchObject({ ok: 'ok' });
});

test('the account is named and no secret is shown', async () => {
  const secret = 'sk-ant-api03-very-secret-indeed-0001';
  const input = await home();
  const account = async (env: Record<string, string>) =>
    (await look({ ...input, env: { ...input.env, ...env } })).account;
  expect(await account({ ANTHROPIC_API_KEY: secret })).toMatchObject({ ok: 'ok' });
  expect(await account({ CLAUDE_CODE_OAUTH_TOKEN: secret })).toMatchObject({ ok: 'ok' });
  expect(await account({ ANTHROPIC_API_KEY: secret, ANTHROPIC_BASE_URL: 'gateway' })).toMatchObject({
    ok: 'fail',
    found: 'ANTHROPIC_BASE_URL is not an http(s) address',
  });
  const both = await account({ ANTHROPIC_API_KEY: secret, CLAUDE_CODE_OAUTH_TOKEN: `${secret}x` });
  expect(both?.ok).toBe('warn');
  expect(JSON.stringify(both)).not.toContain('very-secret');
});

test('an interactive login alone is told to make a token', async () => {
  const input = await home();
  const HOME = folder();
  mkdirSync(join(HOME, '.claude'));
  writeFileSync(join(HOME, '.claude', '.credentials.json'), '{}');
  const { account } = await look({ ...input, env: { ...input.env, HOME } });
  expect(account).toMatchObject({ ok: 'fail', found: expect.stringContaining('interactive') as string });
  expect(account?.remedy).toContain('claude setup-token');
});

test('a path too long for sockets is said with how much too long', async () => {
  const input = await home();
  const long = `/${'a'.repeat(90)}`;
  const { sockets } = await look({ ...input, home: { ...input.home!, own: `${long}/.dayshift` } });
  expect(sockets).toMatchObject({ ok: 'warn', found: expect.stringMatching(/is \d+ bytes too long/) as string });
});

test('no sandbox by config is a warning, a missing bubblewrap a failure', async () => {
  expect((await look(await home('sandbox: { mode: none }'))).sandbox?.ok).toBe('warn');
  const input = await home('sandbox: { mode: bubblewrap }');
  expect((await look({ ...input, env: { PATH: '/nowhere' } })).sandbox).toMatchObject({
    ok: 'fail',
    remedy: expect.stringContaining('install bubblewrap') as string,
  });
});

test('clock, disk and versions are judged', () => {
  const now = Date.parse('2026-11-23T08:00:00Z');
  expect(judgeClock(now, now + 2000).ok).toBe('ok');
  expect(judgeClock(now, now - 60_000)).toMatchObject({ ok: 'warn', found: 'a file written now is 60 s off' });
  expect(judgeClock(Date.parse('1970-01-01'), 0).ok).toBe('fail');
  expect([3e9, 1e9, 1e6].map((free) => judgeDisk(free, '/').ok)).toEqual(['ok', 'warn', 'fail']);
  const refused = (code: string, mine: boolean) =>
    judgeFolders([{ place: '/h/tasks', why: code, code, mine }], '/h').remedy;
  expect(refused('EACCES', true)).toContain('chmod -R u+rwX /h');
  expect(refused('EACCES', false)).toContain('chown');
  expect(refused('ENOSPC', true)).toContain('The disk is full');
  expect(refused('EROFS', true)).toContain('read-only');
  expect(isAtLeast('2.1.10', '2.1.9')).toBe(true);
  expect(isAtLeast('2.31', '2.31.0')).toBe(true);
  expect(isAtLeast('2.30.9', '2.31.0')).toBe(false);
});
