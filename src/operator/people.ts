import { randomBytes } from 'node:crypto';
import { codeText, hashOfCode, isOnlyOwner, newCode, PAIRING_MINUTES } from '../people/index.ts';
import type { Actor, Role } from '../journal/index.ts';
import { inPeopleTurn } from './turn.ts';
import type { OperatorContext, Outcome } from './types.ts';

/** Gives out a code: whoever sends it to the bot first becomes what it says. The journal has its hash only. */
export async function pair(ctx: OperatorContext, input: { role?: Role }, by: Actor): Promise<Outcome> {
  const role = input.role ?? 'owner';
  const code = newCode(randomBytes(16));
  const until = new Date(ctx.clock.now() + PAIRING_MINUTES * 60_000).toISOString();
  await ctx.journal.append({ type: 'pairing.offered', data: { hash: hashOfCode(code), role, until }, actor: by });
  const shown = codeText(code);
  const asleep =
    by.via === 'cli' && ctx.runner === undefined
      ? '\nNobody listens yet: a bot needs its token (docs/telegram.md, docs/discord.md), and `dayshift up` has to run.'
      : '';
  return {
    ok: true,
    message: `${shown}\nSend it to the bot within ${PAIRING_MINUTES} minutes: /start ${shown}, or the code alone. The first who does becomes ${role}.${asleep}`,
    data: { code: shown, role, until },
  };
}

/** Somebody may speak no more. Their open buttons do nothing from now on. */
export function unpair(ctx: OperatorContext, input: { person: string }, by: Actor): Promise<Outcome> {
  return inPeopleTurn(() => unpairOne(ctx, input, by));
}

async function unpairOne(ctx: OperatorContext, input: { person: string }, by: Actor): Promise<Outcome> {
  const { people } = ctx.journal.state.chat;
  const wanted = input.person.trim();
  const same = (one: string) => one.toLowerCase() === wanted.toLowerCase();
  const found = Object.values(people).filter(({ id, name, user }) => [id, name, user].some(same));
  const [person] = found;
  if (person === undefined || found.length > 1) {
    const known = Object.values(people).map(({ id, name }) => `${id} (${name})`);
    const why = found.length > 1 ? `${wanted} is more than one person` : `Nobody here is called ${wanted}`;
    return {
      ok: false,
      message: `${why}. ${known.length === 0 ? 'Nobody is paired.' : `Paired: ${known.join(', ')}.`}`,
    };
  }
  if (by.via !== 'cli' && isOnlyOwner(ctx.journal.state.chat, person))
    return {
      ok: false,
      message: `${person.name} is the only owner: with nobody left who may change anything, only a terminal helps. Pair another owner first (/pair owner).`,
    };
  await ctx.journal.append({ type: 'person.removed', data: { id: person.id }, actor: by });
  return { ok: true, message: `${person.name} (${person.role}, ${person.channel}) may speak no more.` };
}
