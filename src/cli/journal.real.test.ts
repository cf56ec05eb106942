import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { homePaths } from '../home/index.ts';
import { openJournal } from '../journal/index.ts';

async function home() {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'config'));
  writeFileSync(join(folder, 'config', 'dayshift.yaml'), '');
  const paths = homePaths(folder);
  const journal = await openJournal(paths);
  const actor = { kind: 'person', id: 'ann', via: 'cli' } as const;
  await journal.append({ type: 'day.started', day: '2026-11-23', data: {}, actor });
  for (let n = 0; n < 30; n += 1) {
    await journal.append({
      type: 'agent.said',
      day: '2026-11-23',
      task: `t${n % 3}`,
      data: { text: `word ${n}\n\u001b[2Jsecond line` },
    });
  }
  await journal.close();
  return paths;
}

test('--follow shows the last events and what comes, and a reader that goes away ends it quietly, a full disk with words', async () => {
  const paths = await home();
  const bin = new URL('./bin.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [bin, 'journal', '--follow', '--home', paths.home], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  await expect.poll(() => out).toContain('word 29');
  expect(out.split('\n').filter(Boolean)).toHaveLength(20);
  const journal = await openJournal(paths);
  await journal.append({ type: 'day.warned', day: '2026-11-23', data: { message: 'just now' } });
  await journal.close();
  await expect.poll(() => out).toContain('just now');
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  child.kill('SIGINT');
  expect(await ended).toBe(0);

  const head = `"${process.execPath}" "${bin}" journal --home "${paths.home}" | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const said = execFileSync('bash', ['-c', head], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  expect(said.split('\n')[1]).toBe('0');

  // Linux has a file that is always full.
  const full = spawnSync('bash', ['-c', `"${process.execPath}" "${bin}" journal --home "${paths.home}" > /dev/full`]);
  expect([full.status, full.stderr.toString()]).toEqual([
    1,
    'the output cannot be written: ENOSPC: no space left on device, write\n→ the disk is full: free some space, then start again\n',
  ]);
});
