import { escapeAttacks } from './escape.ts';
import { exhaustAttacks } from './exhaust.ts';
import { gitAttacks } from './git.ts';
import { outliveAttacks } from './outlive.ts';
import { plantedAttacks } from './planted.ts';
import { reachAttacks } from './reach.ts';
import { readAttacks } from './read.ts';
import type { Attack } from './types.ts';

/** What an attacker with a shell inside would try. Tests run it, and so does `dayshift doctor --safety`. */
export const attacks: readonly Attack[] = [
  ...gitAttacks,
  ...reachAttacks,
  ...readAttacks,
  ...escapeAttacks,
  ...exhaustAttacks,
  ...outliveAttacks,
  ...plantedAttacks,
];
