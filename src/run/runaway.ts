import type { NewEvent } from '../journal/index.ts';

/** When an agent is taken to run in circles. 0 switches a line off. */
export interface RunawayLimits {
  /** US dollars a minute, over the last ten minutes. */
  usdPerMinute: number;
  /** The same command failing with the same words, so often in a row. */
  sameFailure: number;
  /** Model calls since a file last changed. */
  turnsWithoutChange: number;
}

/** Looks at what an agent does and spends; says once why it seems to run in circles. */
export interface Runaway {
  /** An event of the agent's stream, or a settled model call; `now` in ms. A reason where a line is passed. */
  see(event: NewEvent, now: number): string | undefined;
  /** Whether so many calls passed without a change that it is worth looking at the files. */
  idle(): boolean;
  /** The files were looked at: a reason where they are as they were. */
  looked(changed: boolean): string | undefined;
}

const WINDOW_MS = 10 * 60_000;

export function watchRunaway(limits: RunawayLimits): Runaway {
  const spent: { at: number; usd: number }[] = [];
  const commands = new Map<string, string>();
  let failure: { key: string; command: string; times: number } | undefined;
  let turns = 0;

  function settled(usd: number, now: number): string | undefined {
    turns += 1;
    spent.push({ at: now, usd });
    while ((spent[0]?.at ?? now) < now - WINDOW_MS) spent.shift();
    const total = spent.reduce((sum, one) => sum + one.usd, 0);
    // Over the whole window, however young the attempt is: a dear first call is no run.
    const rate = total / (WINDOW_MS / 60_000);
    if (limits.usdPerMinute === 0 || rate <= limits.usdPerMinute) return undefined;
    spent.length = 0;
    return `it spent $${total.toFixed(2)} in ten minutes, more than $${limits.usdPerMinute} a minute`;
  }

  function result(toolUseId: string, ok: boolean, text: string): string | undefined {
    const command = commands.get(toolUseId);
    commands.delete(toolUseId);
    if (command === undefined) return undefined;
    const key = `${command}\n${text}`;
    if (ok) {
      if (failure?.command === command) failure = undefined;
      return undefined;
    }
    failure = { key, command, times: failure?.key === key ? failure.times + 1 : 1 };
    if (limits.sameFailure === 0 || failure.times < limits.sameFailure) return undefined;
    const { times } = failure;
    failure = undefined;
    return `the same call failed ${times} times in the same way: ${command}`;
  }

  return {
    see(event, now) {
      switch (event.type) {
        case 'agent.tool':
          commands.set(event.data.toolUseId, `${event.data.tool} ${event.data.input}`);
          if (/^(?:Write|Edit|MultiEdit|NotebookEdit)$/.test(event.data.tool)) turns = 0;
          return undefined;
        case 'agent.tool_result':
          return result(event.data.toolUseId, event.data.ok, event.data.text);
        case 'model.settled':
          return settled(event.data.usd, now);
        default:
          return undefined;
      }
    },
    idle: () => limits.turnsWithoutChange > 0 && turns >= limits.turnsWithoutChange,
    looked(changed) {
      const before = turns;
      turns = 0;
      return changed ? undefined : `it made ${before} model calls without changing a file`;
    },
  };
}
