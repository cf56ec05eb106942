import { existsSync } from 'node:fs';
import { messageOf } from '../../base/index.ts';
import { loadHome, type Home } from '../../home/index.ts';
import type { ServiceContext } from '../service.ts';
import { tell, warn } from './tell.ts';

/** Reads the settings anew, as often as it is called; says what came of it. */
export function settingsReader({ run: ctx }: Pick<ServiceContext, 'run'>): () => Promise<void> {
  /** What is on disk does not hold: what holds again is told too. */
  let isFaulty = false;

  return async () => {
    const { home, configFile } = ctx.home.paths;
    let fresh: Home;
    try {
      fresh = await loadHome({ home, env: {}, cwd: home });
    } catch (error) {
      isFaulty = true;
      const what = existsSync(configFile) ? messageOf(error) : 'config/dayshift.yaml is gone';
      await tell(ctx, undefined, `${what}\nThe settings stay as they were.`);
      return;
    }
    const before = ctx.home;
    ctx.home = fresh;
    const words = changesOf(before.config, fresh.config);
    if (words !== '') await tell(ctx, undefined, `config/dayshift.yaml: ${words}`);
    else if (isFaulty)
      await tell(ctx, undefined, 'config/dayshift.yaml is right again: the settings are as they were.');
    isFaulty = false;
    for (const warning of fresh.warnings) {
      if (before.warnings.includes(warning)) continue;
      ctx.log(warning);
      await warn(ctx, warning);
    }
  };
}

/** Which settings are new, and which of them count later; empty where none is. */
function changesOf(before: Home['config'], now: Home['config']): string {
  const changed = (Object.keys(now) as (keyof Home['config'])[]).filter(
    (key) => JSON.stringify(now[key]) !== JSON.stringify(before[key]),
  );
  if (changed.length === 0) return '';
  const later = [
    ...(now.sandbox.mode === before.sandbox.mode ? [] : ['sandbox.mode']),
    ...(now.agent.command === before.agent.command ? [] : ['agent.command']),
    ...(['telegram', 'discord'] as const)
      .filter((channel) => now.chat[channel].proxy !== before.chat[channel].proxy)
      .map((channel) => `chat.${channel}.proxy`),
  ];
  const wait = later.length === 0 ? '' : `; ${later.join(' and ')} count from the next start of Dayshift`;
  return `new settings: ${changed.join(', ')}${wait}`;
}
