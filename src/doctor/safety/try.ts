import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, oneLine } from '../../base/index.ts';
import { runCommand, type Arena, type Attack, type AttackResult, type Sandbox } from '../../sandbox/index.ts';
import { changesSince, checkpoint, diffText, measure, rollback } from '../../workspace/index.ts';
import { isMarked, type OpenArena } from './arena.ts';
import { differences, pictureOf, processesNamed } from './host.ts';

/** An attack that has not come to an end by then proves nothing, in ms. */
const longest = 120_000;
/** What is ended takes a moment to be gone, in ms. */
const grace = 5000;

/** Tries one attack in the arena, and looks from outside what came of it. Never rejects. */
export async function tryAttack(sandbox: Sandbox, arena: OpenArena, attack: Attack): Promise<AttackResult> {
  const began = performance.now();
  const { id, layer, tries } = attack;
  const result = (verdict: AttackResult['verdict'], detail: string): AttackResult => ({
    ...{ id, layer, tries, verdict, detail },
    ms: Math.round(performance.now() - began),
  });
  try {
    await reset(arena);
    const word = `attack-${randomUUID()}`;
    const facts: Arena = { ...arena.facts, word, mark: join(arena.facts.root, 'marks', word) };
    const watched = [facts.gitDir, join(facts.checkout, '.git'), ...facts.secrets.map(({ path }) => path)];
    const before = pictureOf(watched);
    const { verdict, detail } = await carryOut(sandbox, arena, attack, facts);
    const done = differences(before, pictureOf(watched));
    if (done.length > 0) return result('open', `changed: ${done.slice(0, 3).join(', ')}`);
    const left = await stillThere(word);
    for (const pid of left) process.kill(Number(pid), 'SIGKILL');
    if (left.length > 0) return result('open', `${left.length} processes were left`);
    if (id.startsWith('planted/')) await runOwnGit(arena);
    if (isMarked(facts.mark)) return result('open', 'Dayshift’s own git ran what was planted');
    return result(verdict, detail);
  } catch (error) {
    return result('unclear', messageOf(error));
  }
}

async function carryOut(
  sandbox: Sandbox,
  arena: OpenArena,
  attack: Attack,
  facts: Arena,
): Promise<Pick<AttackResult, 'verdict' | 'detail'>> {
  const { policy, command } = arena.inside([`/bin/bash`, '-c', lineFor(attack, facts)]);
  const limits = arena.change({ ...policy.limits, ...attack.limits });
  const [file, ...args] = command;
  const line = [file, ...args].map(quoted).join(' ');
  const {
    timedOut,
    tail,
    exitCode,
    limits: reached = [],
  } = await runCommand(sandbox, { ...policy, limits }, `exec ${line}`, {
    timeoutMs: attack.endAfterMs ?? longest,
    // As an agent gets it.
    onListener: arena.serve,
  });
  if (attack.endAfterMs !== undefined)
    return timedOut
      ? { verdict: 'refused', detail: 'all of it ended' }
      : { verdict: 'unclear', detail: `it ended by itself (${String(exitCode)}): ${oneLine(tail)}` };
  const said = verdictOf(tail, timedOut ? 'it took too long' : `exit code ${String(exitCode)}`);
  // Ended for a limit that it was given it came to no verdict: that is one.
  const isEnded = said.verdict === 'unclear' && attack.limits !== undefined && !timedOut && reached.length > 0;
  return isEnded ? { verdict: 'refused', detail: reached.join(' ') } : said;
}

/** Reads the verdict of a program. */
export function verdictOf(output: string, ending: string): Pick<AttackResult, 'verdict' | 'detail'> {
  const open = /^OPEN (.*)$/m.exec(output)?.[1];
  if (open !== undefined) return { verdict: 'open', detail: open };
  const shut = /^SHUT (\d+)$/m.exec(output)?.[1];
  if (shut !== undefined && Number(shut) > 0) return { verdict: 'refused', detail: `${shut} tries` };
  const left = /^LEFT OUT (.*)$/m.exec(output)?.[1];
  if (left !== undefined) return { verdict: 'left out', detail: left };
  return { verdict: 'unclear', detail: `${ending}: ${oneLine(output.slice(-300))}` };
}

function lineFor(attack: Attack, facts: Arena): string {
  const program = attack.program(facts);
  switch (attack.by) {
    case 'bash':
      return program;
    case 'python3':
      return `command -v python3 >/dev/null || { echo LEFT OUT python3 is not there; exit; }; exec python3 -c ${quoted(program)}`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The checkout as the first attack found it. */
async function reset(arena: OpenArena): Promise<void> {
  const { checkout, out, root } = arena.facts;
  await mkdir(join(root, 'marks'), { recursive: true });
  for (const folder of [checkout, out]) {
    for (const name of await readdir(folder))
      if (name !== '.git') await rm(join(folder, name), { recursive: true, force: true });
  }
  await mkdir(join(checkout, 'src'));
  for (const [name, text] of Object.entries({
    'a.txt': 'a\n',
    'src/b.txt': 'b\n',
    '.gitignore': '.env\nprivate.txt\n',
  }))
    await writeFile(join(checkout, name), text);
}

async function stillThere(word: string): Promise<string[]> {
  const until = performance.now() + grace;
  for (;;) {
    const left = processesNamed(word);
    if (left.length === 0 || performance.now() > until) return left;
    await pause(20);
  }
}

/** All that Dayshift does with git over a checkout that an agent had. A refusal is as good as a success: nothing may run. */
async function runOwnGit({ workspace }: OpenArena): Promise<void> {
  const steps = [
    () => checkpoint(workspace, 'c0', 'start'),
    () => changesSince(workspace),
    () => measure(workspace, 'base'),
    () => diffText(workspace, 'base'),
    () => diffText(workspace, 'base', 'c0', { color: true, stat: true }),
    () => rollback(workspace, 'base'),
  ];
  for (const step of steps) await step().catch(() => undefined);
}
