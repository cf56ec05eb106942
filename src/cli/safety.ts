import type { AttackResult as Result, DiagnoseInput } from '../doctor/index.ts';
import type { CliIo, ExitCode } from './io.ts';

type Colors = Record<'green' | 'yellow' | 'red' | 'bold', (text: string) => string>;

/** Tries the list of attacks on this machine, or those of it that begin with `only`, and prints a table; 1 where one is open, or proved nothing. */
export async function examineSafety(
  given: DiagnoseInput,
  { json, only }: { json?: boolean; only?: string },
  io: CliIo,
): Promise<ExitCode> {
  const input = only === undefined ? given : { ...given, only };
  const { DayshiftError } = await import('../base/index.ts');
  if (input.config?.sandbox.mode === 'none') {
    throw new DayshiftError(
      'environment',
      'the config says `sandbox: { mode: none }`: there is nothing to attack, all of it is open',
      {
        hint: 'take `mode: none` out of config/dayshift.yaml where bubblewrap can be had',
      },
    );
  }
  const { tryAttacks } = await import('../doctor/index.ts');
  const { attacks } = await import('../sandbox/index.ts');
  if (!attacks.some(({ id }) => id.startsWith(only ?? ''))) {
    const groups = [...new Set(attacks.map(({ id }) => `${id.split('/')[0] ?? ''}/`))];
    throw new DayshiftError('usage', `--only ${only ?? ''}: no attack begins so`, { hint: groups.join(', ') });
  }
  if (json === true) {
    const results = await tryAttacks(input);
    io.out(`${JSON.stringify(results, null, 2)}\n`);
    return codeOf(results);
  }
  const { createColors } = (await import('picocolors')).default;
  const color = createColors(io.color);
  io.out(
    `What an attacker with a shell in an agent’s sandbox would try, on things that are made for it and go again. It takes a minute or two.\n\n`,
  );
  io.out(color.bold(row('result', 'attack', 'what it tries', 'layer')));
  const { onInterrupt } = await import('./interrupt.ts');
  const end = new AbortController();
  const interrupt = onInterrupt(() => {
    io.err('Stopping: this attack is finished, and what was made for it removed.\n');
    end.abort();
  });
  try {
    const onResult = (result: Result) => io.out(lineOf(result, color));
    const results = await tryAttacks({ ...input, onResult, signal: end.signal });
    if (end.signal.aborted) io.out(color.yellow('\nStopped: the rest was not tried.\n'));
    io.out(`\n${summary(results, color)}\n`);
    return end.signal.aborted ? 1 : codeOf(results);
  } finally {
    interrupt.off();
  }
}

const isBad = ({ verdict }: Result) => verdict === 'open' || verdict === 'unclear';
const codeOf = (results: Result[]): ExitCode => (results.some(isBad) ? 1 : 0);

function lineOf(result: Result, color: Colors): string {
  const { id, tries, layer, detail, verdict } = result;
  const line = row(shown[verdict], id, tries, layer);
  const mark = { refused: color.green, open: color.red, unclear: color.red, 'left out': color.yellow }[verdict];
  const first = line.replace(shown[verdict], mark(shown[verdict]));
  return verdict === 'refused' ? first : `${first}${' '.repeat(width.result)}→ ${detail}\n`;
}

const shown = { refused: 'refused', open: 'OPEN', unclear: 'UNCLEAR', 'left out': 'left out' } as const;
const width = { result: 10, attack: 26, layer: 20 };

function row(result: string, attack: string, tries: string, layer: string): string {
  return `${result.padEnd(width.result)}${attack.padEnd(width.attack)}${layer.padEnd(width.layer)}${tries}\n`;
}

function summary(results: Result[], color: Colors): string {
  const bad = results.filter(isBad);
  const left = results.filter(({ verdict }) => verdict === 'left out').length;
  const rest = left === 0 ? '' : ` ${left} could not be tried here.`;
  if (bad.length === 0) return `${results.length - left} of ${results.length} attacks refused.${rest}`;
  const open = bad.map(({ id }) => id).join(', ');
  return color.red(
    `${bad.length} of ${results.length} attacks were not refused: ${open}.${rest} Let no agent work here before that is mended; docs/safety.md says what each layer is.`,
  );
}
