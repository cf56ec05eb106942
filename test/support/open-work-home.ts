import { randomUUID } from 'node:crypto';
import { manualClock } from '../../src/base/index.ts';
import { openHome, type OpenHome } from '../../src/daemon/index.ts';
import { createOperator, type Operator } from '../../src/operator/index.ts';

/** Who makes the calls of these tests. */
export const by = { kind: 'person', id: 'pia', via: 'cli' } as const;

/** The home as a command opens it, at a fixed time. */
export function openWorkHome(homeDir: string): Promise<OpenHome> {
  return openHome({
    ...{ home: homeDir, env: { PATH: process.env.PATH }, cwd: homeDir, mode: 'command' },
    onWarning: () => undefined,
    clock: manualClock(Date.parse('2026-11-23T18:00:00Z')),
  });
}

export function operatorOf(open: OpenHome, onPoint?: (name: string) => void): Operator {
  const { home, journal, clock, redact, namedSecrets } = open;
  return createOperator({
    ...{ home, journal, clock, redact, namedSecrets, newId: randomUUID, runner: undefined },
    ...(onPoint === undefined ? {} : { onPoint }),
  });
}
