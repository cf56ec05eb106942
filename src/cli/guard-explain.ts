import colors from 'picocolors';
import { printable } from '../base/index.ts';
import type { Effect, Explanation, Finding } from '../guard/index.ts';

/** The guard's steps for one command, each as a block of lines. */
export function renderExplanation(
  { parsed, commands, findings, decision }: Explanation,
  rulesFrom: string,
  look: { color: boolean },
): string {
  const paint = colors.createColors(look.color);
  const shade = { allow: paint.green, ask: paint.yellow, deny: paint.red };
  const heading = (title: string, about: string) => `${paint.bold(title)}  ${paint.dim(about)}`;
  const lines = [heading('Parse', 'what the shell sees'), ...indented(parsed), ''];
  lines.push(heading('Commands', 'what would really run'));
  lines.push(
    ...table(
      commands.map(({ words, cwd, via }, index) => [
        `${index + 1}`,
        cut(words.map(quoted).join(' '), 90),
        `in ${cwd}`,
        via.length === 0 ? '' : `found in ${via.join(' › ')}`,
      ]),
    ),
    '',
    heading('Effects', 'what they do, and what the rules say of each'),
    ...table(
      findings.map((finding) => [
        finding.command === undefined ? '' : `${finding.command + 1}`,
        finding.effect.kind,
        cut(subjectOf(finding.effect), 80),
        shade[finding.decision](finding.decision),
        ruleOf(finding),
      ]),
    ),
    '',
    heading('Policy', rulesFrom),
    '  The strictest of these counts.',
    '',
    `${paint.bold('Decision')}  ${shade[decision.decision](decision.decision)} by ${decision.rule}`,
    `  ${decision.reason}`,
  );
  if (decision.instead !== undefined) lines.push(`  Instead: ${decision.instead}`);
  if (decision.violation !== undefined) lines.push(`  ${violations[decision.violation]}`);
  return `${lines.map((line) => (look.color ? line : printable(line)).trimEnd()).join('\n')}\n`;
}

const violations = {
  plain: 'A violation: it is told in the report.',
  disguised: 'A violation in disguise: it would stop the task.',
  tamper: 'A violation of what watches the agent: it would stop the task.',
};

const ruleOf = ({ rule, layer }: Finding): string => (layer === 'built-in' ? rule : `${rule} (${layer})`);

function subjectOf(effect: Effect): string {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'delete':
      return `${effect.path}${effect.whole ? ' and all below it' : ''}`;
    case 'list':
      return effect.path;
    case 'network':
      return `${effect.host}${effect.sends ? ', sending data' : ''}`;
    case 'database':
      return `${effect.how}: ${effect.command}`;
    case 'unknown':
      return `${effect.what}${effect.runs ? ', which would be run' : ''}`;
    case 'tamper':
      return effect.what;
    case 'tool':
      return effect.tool;
    default:
      return effect.command;
  }
}

const quoted = (word: string): string => (word === '' || /[\s"']/.test(word) ? JSON.stringify(word) : word);

const cut = (text: string, length: number): string => {
  const line = printable(text).replace(/\s+/g, ' ');
  return line.length <= length ? line : `${line.slice(0, length - 1).toWellFormed()}…`;
};

function indented(lines: readonly string[]): string[] {
  if (lines.length === 0) return ['  nothing'];
  return lines.map((line) => {
    const text = line.trimStart();
    return `  ${' '.repeat(line.length - text.length)}${cut(text, 100)}`;
  });
}

/** Columns as wide as their widest cell, colours not counted. */
function table(rows: readonly string[][]): string[] {
  if (rows.length === 0) return ['  none'];
  const width = (text: string) => text.replace(/\u001b\[\d+m/g, '').length;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  return rows.map(
    (row) => `  ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell))).join('  ')}`,
  );
}
