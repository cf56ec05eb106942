// Light on purpose: a command that the running Dayshift answers loads this, and nothing of what runs days.
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { DayshiftError, hasCode } from '../base/index.ts';
import type { HomePaths } from '../home/index.ts';
import type { Actor } from '../journal/index.ts';
import type { Operator, Outcome } from '../operator/index.ts';

/** A unix socket's path holds 107 bytes on Linux, 103 on macOS. */
const LONGEST_SOCKET_PATH = 100;

export type OperatorCall = keyof Operator;

/** Where the running Dayshift of a home listens. In the home; in the temporary folder where that path is too long for a socket. */
export function controlSocketOf(paths: HomePaths): string {
  if (Buffer.byteLength(paths.controlSocket) <= LONGEST_SOCKET_PATH) return paths.controlSocket;
  const name = createHash('sha256').update(paths.home).digest('hex').slice(0, 16);
  return join(tmpdir(), `dayshift-${userInfo().uid}-${name}.sock`);
}

/** Asks the running Dayshift of this home; undefined where none listens. Rejects with the DayshiftError that it met. */
export function callRunning(
  paths: HomePaths,
  call: OperatorCall,
  input: object,
  by: Actor,
): Promise<Outcome | undefined> {
  const body = JSON.stringify({ input, by });
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath: controlSocketOf(paths),
        method: 'POST',
        path: `/operator/${call}`,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve(outcomeOf(text));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      },
    );
    sent.on('error', (error) => {
      if (hasCode(error, 'ENOENT') || hasCode(error, 'ECONNREFUSED')) resolve(undefined);
      else reject(error);
    });
    sent.end(body);
  });
}

function outcomeOf(text: string): Outcome {
  const answer = JSON.parse(text) as
    Outcome | { error: { kind: 'usage' | 'environment' | 'internal'; message: string; hint?: string } };
  if (!('error' in answer)) return answer;
  const { kind, message, hint } = answer.error;
  throw new DayshiftError(kind, message, hint === undefined ? {} : { hint });
}
