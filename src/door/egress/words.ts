import type { EgressRefusal } from './refused.ts';

/** Of an answer that refuses: status, and the reason as it stands in its first line (ASCII, short: clients show it). */
export function statusOf({ reason }: EgressRefusal): [status: number, phrase: string] {
  switch (reason) {
    case 'malformed':
      return [400, 'No host and port that Dayshift can read'];
    case 'address':
      return [403, 'Dayshift lets names out, no addresses'];
    case 'not_listed':
      return [403, 'Not on the egress list of this task'];
    case 'not_public':
      return [403, 'Its address is not a public one'];
    case 'used_up':
      return [403, 'This task has moved all the data it may'];
    case 'too_many':
      return [503, 'Too many connections at once'];
    case 'too_fast':
      return [429, 'Too many new connections in a minute'];
    case 'no_address':
      return [502, 'The name does not resolve'];
    case 'unreachable':
      return [502, 'The host does not answer'];
    case 'not_tls':
    case 'no_name':
    case 'other_name':
    case 'hidden_name':
      return [403, 'The connection is not what it was opened for'];
    case 'failed':
      return [500, 'Dayshift could not do this'];
  }
}

/** For the agent that reads the answer's body: what was refused, and what it can do. */
export function bodyOf(refusal: EgressRefusal): string {
  const [, phrase] = statusOf(refusal);
  const place = refusal.port === undefined ? refusal.host : `${refusal.host}:${refusal.port}`;
  const detail = refusal.detail === undefined ? '' : ` (${refusal.detail})`;
  const advice =
    refusal.reason === 'not_listed' || refusal.reason === 'address'
      ? ' If the host is needed, ask for it with AskUserQuestion: a person can put it on the list.'
      : '';
  return `Dayshift kept this in: ${place}. ${phrase}${detail}.${advice}\n`;
}
