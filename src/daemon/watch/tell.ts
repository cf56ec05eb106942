import { createHash } from 'node:crypto';
import { post } from '../notice.ts';
import type { ServiceContext } from '../service.ts';

/** Tells people what a changed file came to: the log, and the chats. */
export async function tell(ctx: ServiceContext['run'], day: string | undefined, text: string): Promise<void> {
  ctx.log(text);
  await post(ctx, day, { id: `reload ${ctx.newId()}`, notice: 'reload', text });
}

/** Tells a person what is wrong with the settings, once: not again with each start. Whoever looks at the terminal was told as it was read. */
export async function warn(ctx: ServiceContext['run'], warning: string): Promise<void> {
  const id = `warning ${createHash('sha256').update(warning).digest('base64url').slice(0, 12)}`;
  await post(ctx, undefined, { id, notice: 'reload', text: warning });
}
