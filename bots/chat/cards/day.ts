import { duration, oneLine, usd } from '../../../src/base/index.ts';
import { dayCostOf, type Block, type DayState, type State } from '../../../src/journal/index.ts';
import { statusView } from '../../../src/report/index.ts';
import { bold, code, line, rich } from '../rich/index.ts';
import type { Action } from '../actions.ts';
import type { Button } from '../platform.ts';
import type { Message } from '../input.ts';
import { shortWhy } from './label.ts';

const marks = {
  queued: '⚪️',
  preparing: '🟡',
  working: '🔵',
  checking: '🧪',
  parked: '⏸',
  waits: '❓',
  done: '✅',
  failed: '❌',
  stopped: '⛔️',
} as const;

/** Tasks that a card names; a day of three hundred does not fit. */
export const MOST_TASKS = 20;

/** The pinned card of a day: its tasks with what each is doing, the money, the time. */
export function dayCard(
  state: State,
  day: DayState,
  now: number,
  sign: (action: Action) => string,
  most = MOST_TASKS,
): Message {
  const view = statusView(day, Object.values(state.items), now);
  const worth = (row: (typeof view.rows)[number]) =>
    row.waitsForYou
      ? 0
      : ['working', 'checking', 'preparing', 'parked', 'failed', 'queued', 'stopped', 'done'].indexOf(row.status) + 1;
  const rows = view.rows.length <= most ? view.rows : [...view.rows].sort((a, b) => worth(a) - worth(b)).slice(0, most);
  const lines = rows.map((row) => {
    const mark = marks[row.waitsForYou ? 'waits' : row.status];
    const cost = row.costUsd === 0 ? '' : ` · ${usd(row.costUsd)}`;
    const time = row.ms === 0 ? '' : ` · ${coarse(row.ms)}`;
    const doing = row.now === '' ? '' : ` – ${short(shortWhy(row.now).replace(/^\([^)]*\) /, ''))}`;
    return line(`${mark} `, code(row.id), `${cost}${time}${doing}`);
  });
  const left = view.rows.length - rows.length;
  const waits = view.waiting === 0 ? '' : ` · ${view.waiting} ${view.waiting === 1 ? 'waits' : 'wait'} for you`;
  return {
    rich: rich(
      line(bold(`📋 ${day.date}`), ` · ${wordsOf(day)}`),
      ...lines,
      left > 0 ? `… and ${left} more` : undefined,
      ...moneyLines(state, day, now),
      line(`${view.over} of ${view.rows.length} ended${waits} · ${coarse(view.ms)}`),
    ),
    buttons: buttonsOf(day, sign),
  };
}

/** Who pays by a subscription sees its windows, where they are known; else the money and its limit. */
function moneyLines(state: State, day: DayState, now: number): Block[] {
  const money = line(`${bar(dayCostOf(day), day.limitUsd)} ${usd(dayCostOf(day))} of ${usd(day.limitUsd)}`);
  if (!/\bsubscription\b/i.test(day.payer)) return [money];
  const known = Object.entries(state.windows).filter(
    ([, { resetAt }]) => resetAt === undefined || Date.parse(resetAt) > now,
  );
  if (known.length === 0) return [line(`⏳ ${day.payer}: no window was told yet`)];
  return known.map(([name, { status, used, resetAt }]) => {
    const share = used === undefined ? status : `${bar(used, 1)} ${Math.round(used * 100)} %`;
    const anew = resetAt === undefined ? '' : ` · anew ${clockText(resetAt, day.plan.timezone)}`;
    return line(`${share} of ${name.replaceAll('_', ' ')}${anew}`);
  });
}

function clockText(at: string, timeZone: string): string {
  return new Date(at).toLocaleString('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
}

/** In whole minutes: a card that counted seconds would be edited all day. */
function coarse(ms: number): string {
  return ms < 60_000 ? '<1 min' : duration(Math.floor(ms / 60_000) * 60_000).replace(/ 00 s$/, '');
}

function wordsOf(day: DayState): string {
  if (day.status === 'paused') return `paused: ${oneLine(day.pauseReason ?? '')}`;
  return day.status === 'reported' ? 'over' : day.status;
}

function short(text: string): string {
  const flat = oneLine(text);
  return flat.length <= 70 ? flat : `${flat.slice(0, 69).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Ten steps of a budget. */
function bar(spent: number, limit: number): string {
  const full = limit <= 0 ? 0 : Math.min(10, Math.floor((spent / limit) * 10));
  return `${'▰'.repeat(full)}${'▱'.repeat(10 - full)}`;
}

function buttonsOf(day: DayState, sign: (action: Action) => string): Button[][] {
  const button = (label: string, verb: 'pause' | 'resume' | 'stop' | 'report' | 'refresh'): Button => ({
    label,
    data: sign({ do: 'day', verb, day: day.date }),
  });
  switch (day.status) {
    case 'planned':
      return [[{ label: '▶️ Start', data: sign({ do: 'day', verb: 'start', day: day.date }), look: 'good' }]];
    case 'running':
      return [[button('⏸ Pause', 'pause'), { ...button('⏹ Stop', 'stop'), look: 'bad' }]];
    case 'paused':
      return [
        [
          { ...button('▶️ Go on', 'resume'), look: 'good' },
          { ...button('⏹ Stop', 'stop'), look: 'bad' },
        ],
      ];
    case 'reported':
      return [[button('📄 Report', 'report')]];
  }
}
