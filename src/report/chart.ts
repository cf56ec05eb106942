import { duration, usd } from '../base/index.ts';
import { letters } from './letters.ts';
import type { DayFacts, TaskFacts } from './types.ts';

/** Bars for so many tasks; the others are one bar together. */
const MOST = 14;
const WIDTH = 900;
const ROW = 46;
const TOP = 92;
const LEFT = 210;
const BAR = 470;

const ink = '#1f2933';
const soft = '#7b8794';
const blue = '#2f6fde';
const green = '#2f9e63';
const outcomeInk: Partial<Record<TaskFacts['outcome'], string>> = { failed: '#c92a2a', stopped: soft, not_run: soft };

interface Row {
  name: string;
  usd: number;
  ms: number;
  ink: string;
}

/**
 * What each task of a day cost and how long it was worked on, as an SVG picture: a pure function of the day's facts. Its
 * text is outlines: it looks the same everywhere, and needs no font.
 */
export function chartOf(facts: DayFacts): { svg: string; width: number; height: number } {
  const rows = rowsOf(facts);
  const height = TOP + Math.max(1, rows.length) * ROW + 24;
  const mostUsd = Math.max(...rows.map((row) => row.usd), 0.000_001);
  const mostMs = Math.max(...rows.map((row) => row.ms), 1);
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    textAt(24, 40, 24, `${facts.date}: ${usd(facts.spentUsd)} of ${usd(facts.limitUsd)}`, ink),
    square(24, 58, blue),
    textAt(42, 70, 15, 'cost', soft),
    square(104, 58, green),
    textAt(122, 70, 15, 'working time', soft),
  ];
  if (rows.length === 0) out.push(textAt(24, TOP + 26, 17, 'Nothing ran.', soft));
  for (const [index, row] of rows.entries()) {
    const y = TOP + index * ROW;
    out.push(
      textAt(24, y + 22, 16, fitted(row.name, 16, LEFT - 40), row.ink),
      bar(y + 4, row.usd / mostUsd, blue, usd(row.usd)),
      bar(y + 22, row.ms / mostMs, green, row.ms === 0 ? '-' : duration(row.ms)),
    );
  }
  out.push('</svg>');
  return { svg: out.join('\n'), width: WIDTH, height };
}

function rowsOf(facts: DayFacts): Row[] {
  const all = facts.tasks
    .filter(({ spentUsd, workedMs }) => spentUsd > 0 || workedMs > 0)
    .map((task): Row => ({
      name: task.id,
      usd: task.spentUsd,
      ms: task.workedMs,
      ink: outcomeInk[task.outcome] ?? ink,
    }))
    .sort((a, b) => b.usd - a.usd || b.ms - a.ms);
  if (all.length <= MOST) return all;
  const rest = all.slice(MOST - 1);
  const sum = (of: (row: Row) => number) => rest.reduce((total, row) => total + of(row), 0);
  return [
    ...all.slice(0, MOST - 1),
    { name: `${rest.length} more`, usd: sum((row) => row.usd), ms: sum((row) => row.ms), ink: soft },
  ];
}

function bar(y: number, share: number, fill: string, label: string): string {
  const width = Math.max(2, Math.round(share * BAR));
  return `<rect x="${LEFT}" y="${y}" width="${width}" height="14" rx="3" fill="${fill}"/>${textAt(LEFT + width + 10, y + 12, 14, label, ink)}`;
}

function square(x: number, y: number, fill: string): string {
  return `<rect x="${x}" y="${y}" width="12" height="12" rx="2" fill="${fill}"/>`;
}

/** Text from its baseline's start, as outlines. What there is no letter for is a question mark. */
function textAt(x: number, y: number, size: number, text: string, fill: string): string {
  let at = 0;
  const shapes: string[] = [];
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    const [advance, path] = letterOf(segment);
    if (path !== '') shapes.push(`<path transform="translate(${at} 0)" d="${path}"/>`);
    at += advance;
  }
  const scale = size / 100;
  return `<g fill="${fill}" transform="translate(${x} ${y}) scale(${scale})">${shapes.join('')}</g>`;
}

function letterOf(character: string): readonly [number, string] {
  return (Object.hasOwn(letters, character) ? letters[character] : undefined) ?? letters['?'] ?? [50, ''];
}

/** Cut to a width in pixels, with a mark where something is missing. */
function fitted(text: string, size: number, width: number): string {
  const measure = (part: string) => Array.from(part).reduce((sum, one) => sum + letterOf(one)[0], 0) * (size / 100);
  if (measure(text) <= width) return text;
  let end = text.length;
  while (end > 1 && measure(`${text.slice(0, end)}…`) > width) end -= 1;
  return `${text.slice(0, end)}…`;
}
