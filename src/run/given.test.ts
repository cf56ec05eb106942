import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homePaths } from '../home/index.ts';
import { keepGiven } from './given.ts';

const ref = { day: '2026-11-23', task: 'a' };

function home() {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-given-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return homePaths(folder);
}

const text = (name: string, words: string) => ({ name, bytes: Buffer.from(words) });

test('files from people are kept beside the checkout, under names that lead nowhere, readable and never run, none over another', async () => {
  const paths = home();
  const names = ['../../../etc/passwd', '.bashrc', '-rf', 'a.csv', 'a.csv', 'pläne & "so".md', '///'];
  const { kept, refused } = await keepGiven(
    paths,
    ref,
    names.map((name, n) => text(name, `words ${n}`)),
  );
  expect(refused).toEqual([]);
  const [folder] = new Set(kept.map((path) => dirname(path)));
  expect(new Set(kept.map((path) => dirname(path))).size).toBe(1);
  expect(kept.map((path) => basename(path))).toEqual([
    'passwd',
    'bashrc',
    'rf',
    'a.csv',
    'a-2.csv',
    'pläne _ _so_.md',
    'file',
  ]);
  expect(readdirSync(folder ?? '')).toHaveLength(7);
  expect(kept.map((path) => readFileSync(path, 'utf8'))).toEqual(names.map((_, n) => `words ${n}`));
  for (const path of kept) expect(statSync(path).mode & 0o333).toBe(0);
});

test('programs, archives and empty files are refused whatever their names say; pictures, PDF and text are taken', async () => {
  const bad = [
    { name: 'notes.txt', bytes: Buffer.from('\x7fELF\x02\x01', 'latin1') },
    { name: 'setup.pdf', bytes: Buffer.from('MZ\x90\x00', 'latin1') },
    { name: 'a.zip', bytes: Buffer.from('PK\x03\x04\x00', 'latin1') },
    { name: 'nothing.txt', bytes: Buffer.alloc(0) },
    { name: 'large.txt', bytes: Buffer.alloc(21 * 1024 * 1024, 'a') },
  ];
  const good = [
    { name: 'p.png', bytes: Buffer.from('\x89PNG\r\n\x1a\n\x00', 'latin1') },
    { name: 'p.jpg', bytes: Buffer.from('\xff\xd8\xff\xe0\x00', 'latin1') },
    { name: 'd.pdf', bytes: Buffer.from('%PDF-1.7\n\x00', 'latin1') },
    text('run.sh', '#!/bin/sh\n'),
  ];
  const { kept, refused } = await keepGiven(home(), ref, [...bad, ...good]);
  expect(refused.map((why) => why.split(':')[0])).toEqual(bad.map(({ name }) => name));
  expect(kept.map((path) => basename(path))).toEqual(good.map(({ name }) => name));
});

test('a task is given two hundred files at most', async () => {
  const paths = home();
  const many = Array.from({ length: 201 }, (_, n) => text(`${n}.txt`, 'x'));
  const { kept, refused } = await keepGiven(paths, ref, many);
  expect([kept.length, refused]).toEqual([200, ['200.txt: the task has 200 files already']]);
});
