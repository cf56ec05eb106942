import { once } from 'node:events';
import { realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { scratchFolder } from '../base/index.ts';
import {
  chooseSandbox,
  kindFor,
  limitsFrom,
  limitWords,
  noLimits,
  pickDoorway,
  runCommand,
  type Sandbox,
} from '../sandbox/index.ts';
import type { Check, Finding } from './types.ts';

/** Runs a program in the sandbox, with a door, and has it say a word through it. */
export const sandbox: Check = async ({ config, env }) => {
  const chosen = await chooseSandbox(config?.sandbox.mode ?? 'auto', env);
  if ('problem' in chosen) {
    const { message, hint = '' } = chosen.problem;
    return { name: 'sandbox', ok: 'fail', found: message, remedy: hint };
  }
  return [ofKind(chosen.sandbox.kind), await door(chosen.sandbox)];
};

function ofKind(kind: Sandbox['kind']): Finding {
  switch (kind) {
    case 'bubblewrap':
      return { name: 'sandbox', ok: 'ok', found: 'bubblewrap works' };
    case 'sandbox-exec':
      return {
        name: 'sandbox',
        ok: 'warn',
        found: 'sandbox-exec works',
        remedy: 'The profile for macOS is younger than the one for Linux: look at what agents do.',
      };
    case 'none':
      return {
        name: 'sandbox',
        ok: 'warn',
        found: 'none, as the config says: agents can do whatever you can do',
        remedy: 'Take `mode: none` out of config/dayshift.yaml where bubblewrap can be had.',
      };
  }
}

async function door(sandbox: Sandbox): Promise<Finding> {
  const folder = await realpath(await scratchFolder('doctor'));
  const server = createServer((connection) => connection.end('through the door\n'));
  try {
    const socket = join(folder, 's');
    await once(server.listen(socket), 'listening');
    const doorway = await pickDoorway(sandbox.kind);
    const policy = { writable: [], readable: [], placed: [], hidden: [], sockets: [], env: {} };
    const bare = { ...policy, cwd: '/tmp', limits: noLimits };
    const line = `read -r word </dev/tcp/127.0.0.1/${doorway.port}; echo "$word"`;
    const options = { timeoutMs: 20_000, door: { socket, ...doorway } };
    const { exitCode, tail } = await runCommand(sandbox, bare, line, options);
    if (exitCode === 0 && tail === 'through the door') {
      return { name: 'door', ok: 'ok', found: 'can be reached from inside' };
    }
    const remedy =
      'The bridge inside is the Node that runs Dayshift, and it sees /usr only: use a Node that needs no libraries elsewhere (the official one, or that of your distribution).';
    return { name: 'door', ok: 'fail', found: `cannot be reached from inside: ${tail || String(exitCode)}`, remedy };
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

/** The limits of agents here, and whether they can be kept. */
export const limits: Check = ({ config }) => {
  if (config === undefined) return [];
  const { words, problems } = limitWords(limitsFrom(config.sandbox), kindFor(config.sandbox.mode));
  if (problems.length === 0) return { name: 'limits', ok: 'ok', found: `of each agent: ${words}` };
  const user = process.getuid?.() === 0 ? ' Or use an ordinary user, whose processes can be counted.' : '';
  const remedy = `Run Dayshift as a service of systemd’s with Delegate=yes, which gives it control groups.${user}`;
  return { name: 'limits', ok: 'warn', found: `of each agent: ${words}; ${problems.join('; ')}`, remedy };
};
