import { messageOf } from '../base/index.ts';
import { account } from './account.ts';
import { discord, telegram } from './chats.ts';
import { envFile } from './env-file.ts';
import { claude, git, node } from './programs.ts';
import { clock, memory, network, root, timezone, watches } from './machine.ts';
import { disk, folders, homeFile, socket } from './folders.ts';
import { limits, sandbox } from './sandbox.ts';
import type { Check, DiagnoseInput, Finding } from './types.ts';

export type { DiagnoseInput, Finding };
export { tryAttacks } from './safety/index.ts';
export type { AttackResult } from '../sandbox/index.ts';

const checks: [string, Check][] = [
  ['node', node],
  ['claude', claude],
  ['account', account],
  ['sandbox', sandbox],
  ['limits', limits],
  ['root', root],
  ['git', git],
  ['home', homeFile],
  ['.env', envFile],
  ['folders', folders],
  ['socket', socket],
  ['disk', disk],
  ['network', network],
  ['telegram', telegram],
  ['discord', discord],
  ['clock', clock],
  ['time zone', timezone],
  ['memory', memory],
  ['file watches', watches],
];

/** Tests for real what a day needs on this machine and in this home. Takes a second or two; never rejects. */
export async function diagnose(input: DiagnoseInput): Promise<Finding[]> {
  const found = await Promise.all(checks.map(([name, check]) => tried(name, check, input)));
  return found.flat();
}

async function tried(name: string, check: Check, input: DiagnoseInput): Promise<Finding[]> {
  try {
    return [await check(input)].flat();
  } catch (error) {
    const remedy = 'This test itself failed: look at the message, and report it where it says nothing to you.';
    return [{ name, ok: 'fail', found: messageOf(error), remedy }];
  }
}
