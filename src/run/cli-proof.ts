import { messageOf } from '../base/index.ts';
import { newCliItem } from '../inbox/index.ts';
import type { ItemState } from '../journal/index.ts';
import { dayOf, record, type RunContext, type TaskRef } from './context.ts';
import { proveCli } from './prove-cli.ts';

/**
 * Whether the CLI is known to keep to its hooks: by the journal, where this very binary with these settings was proved in
 * this sandbox before, else by a short run now. Otherwise the task is parked, the day pauses, and the person is asked.
 */
export async function cliIsProved(ctx: RunContext, ref: TaskRef): Promise<boolean> {
  if (ctx.trustCli === true) return true;
  const { file, settings, hash } = await ctx.adapter.identity();
  const sandbox = ctx.sandbox.kind;
  const isKnown = (named: { file: string } | { hash: string }) =>
    (ctx.journal.state.proofs ?? []).some(
      (proof) =>
        proof.settings === settings &&
        proof.sandbox === sandbox &&
        ('file' in named ? proof.file === named.file : proof.hash === named.hash),
    );
  if (isKnown({ file })) return true;
  // Several tasks start at once, and one proof is enough for them.
  return ctx.inTurn(async () => {
    if (isKnown({ file })) return true;
    const asked = openItem(ctx, ref);
    // Another task has just found out.
    if (asked !== undefined && dayOf(ctx, ref.day).status === 'paused') {
      await record(ctx, ref, { type: 'task.parked', data: { reason: 'canary', item: asked.id } });
      return false;
    }
    const sum = await hash();
    if (isKnown({ hash: sum })) {
      const data = { file, hash: sum, settings, sandbox, defers: true, ms: 0 };
      await record(ctx, ref, { type: 'cli.proved', data });
      return true;
    }
    const { problems, defers, ms } = await proveCli(ctx).catch((error: unknown) => ({
      problems: [`it could not be tried: ${messageOf(error)}`],
      defers: false,
      ms: 0,
    }));
    if (problems.length === 0) {
      if (!defers) ctx.log('this CLI does not defer calls: answers go in as a prompt, which costs a little more');
      await record(ctx, ref, { type: 'cli.proved', data: { file, hash: sum, settings, sandbox, defers, ms } });
      return true;
    }
    await stopForCli(ctx, ref, { file, hash: sum, settings, problems });
    return false;
  });
}

/** The same by the journal alone. */
export async function isProved(ctx: RunContext): Promise<boolean> {
  if (ctx.trustCli === true) return true;
  const { file, settings } = await ctx.adapter.identity();
  return (ctx.journal.state.proofs ?? []).some(
    (proof) => proof.settings === settings && proof.sandbox === ctx.sandbox.kind && proof.file === file,
  );
}

async function stopForCli(
  ctx: RunContext,
  ref: TaskRef,
  data: { file: string; hash: string; settings: string; problems: string[] },
): Promise<void> {
  const said = data.problems.join('; ');
  const reason = `the CLI (${data.file.split(' ')[0] ?? ''}) does not keep to its hooks: ${said}`;
  ctx.log(`${ref.task}: NO AGENT IS STARTED, the day pauses: ${reason}`);
  const known = openItem(ctx, ref);
  const item = known?.id ?? ctx.newItemId();
  if (known === undefined) await record(ctx, ref, { type: 'item.opened', data: newCliItem(item, reason) });
  await record(
    ctx,
    ref,
    { type: 'cli.unproved', data },
    { type: 'task.parked', data: { reason: 'canary', item } },
    { type: 'day.paused', data: { reason } },
  );
}

function openItem(ctx: RunContext, ref: TaskRef): ItemState | undefined {
  const items = Object.values(ctx.journal.state.items);
  return items.find((item) => item.kind === 'canary' && item.status === 'open' && item.day === ref.day);
}
