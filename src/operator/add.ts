import { join } from 'node:path';
import { cutEnd, DayshiftError, oneLine, printable } from '../base/index.ts';
import { addTask, timezoneOf } from '../home/index.ts';
import type { Actor } from '../journal/index.ts';
import { dateIn, isDate, takenIds } from '../plan/index.ts';
import { start } from './daemon.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

/** A sentence becomes a task: of today, of another day, or of the backlog. With `start` it begins at once, where Dayshift is up. */
export async function add(ctx: OperatorContext, input: Parameters<Operator['add']>[0], by: Actor): Promise<Outcome> {
  const words = printable(input.text).trim();
  if (words === '') return { ok: false, message: 'There is nothing to add: the text is empty.' };
  const { project, description } = ofProject(ctx, words, input.project);
  const where = input.where ?? 'today';
  const date = where === 'today' ? dateIn(new Date(ctx.clock.now()), timezoneOf(ctx.home)) : where;
  if (date !== 'backlog' && !isDate(date))
    return { ok: false, message: `${date} is no day: today, backlog, or one such as 2026-11-24.` };
  const file = join(ctx.home.paths.tasks, `${date}.yaml`);
  const name = nameOf(description);
  try {
    const task = { id: idOf(name), name, description, ...(project === undefined ? {} : { project }) };
    const { id, added } = await addTask(ctx.home, file, task, date === 'backlog' ? takenIds(ctx.journal.state) : []);
    const data = { id, file: `tasks/${date}.yaml` };
    const there = added ? `${id} is in tasks/${date}.yaml.` : `${id} is in tasks/${date}.yaml already.`;
    if (where === 'backlog') return { ok: true, message: there, data };
    const day = ctx.journal.state.days[date];
    // A day that runs takes it up; another one only where that was asked for.
    if (input.start !== true && day?.status !== 'running') return { ok: true, message: there, data };
    if (ctx.daemon === undefined) return { ok: true, message: `${there} Nothing runs now: dayshift run ${date}`, data };
    const started = await start(ctx, { target: date }, by);
    return { ok: started.ok, message: `${there} ${started.message}`, data };
  } catch (error) {
    if (!(error instanceof DayshiftError)) throw error;
    return { ok: false, message: `${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}` };
  }
}

/** `shop: fix the basket` is for the project shop. */
function ofProject(ctx: OperatorContext, words: string, given: string | undefined) {
  const [, named, rest] = /^([\w.-]+):\s+([\s\S]+)$/.exec(words) ?? [];
  const known = ctx.home.projects.find(({ name }) => name.toLowerCase() === named?.toLowerCase());
  if (known !== undefined && rest !== undefined) return { project: known.name, description: rest.trim() };
  return { project: given, description: words };
}

/** The first line, or its first sentence where it is long. */
function nameOf(description: string): string {
  const first = oneLine(description.split('\n')[0] ?? '');
  const sentence = /^(.{10,80}?[.!?])(?:\s|$)/.exec(first)?.[1] ?? first;
  return sentence.length <= 80
    ? sentence.replace(/[.]$/, '')
    : `${sentence.slice(0, 79).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A few words of the name, as an id is written. */
function idOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !['the', 'a', 'an', 'and', 'of', 'to', 'in', 'for'].includes(word));
  const id = cutWords(words.slice(0, 5).join('-'));
  return id === '' ? 'task' : id;
}

function cutWords(id: string): string {
  const short = cutEnd(id, 40);
  return short === id ? id : id.slice(0, 40).replace(/-[^-]*$/, '');
}
