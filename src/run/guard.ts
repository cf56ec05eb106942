import { join } from 'node:path';
import { defaultPolicy, rulesFor, type GuardContext } from '../guard/index.ts';
import { stricterGuardSchema } from '../guard/rules-file.ts';
import { realPorts, trackedBy } from '../guarding/index.ts';
import { projectConfig } from '../home/index.ts';
import { taskOf } from './context.ts';
import type { LiveAttempt } from './live.ts';
import { homeInside } from './policy.ts';

const known = new WeakMap<LiveAttempt, GuardContext>();

/**
 * What the guard knows of an attempt's place, put together once: its rules stay what they were at the start.
 * Throws where the task's own rules cannot be read: then nothing may run.
 */
export function guardContext(live: LiveAttempt): GuardContext {
  const found = known.get(live) ?? contextOf(live);
  known.set(live, found);
  return found;
}

function contextOf({ ctx, ref, workspace, hosts }: LiveAttempt): GuardContext {
  const { spec } = taskOf(ctx, ref);
  const { checkout, out, cli } = workspace.paths;
  return {
    workspace: checkout,
    writable: [out],
    // The CLI keeps long results of tools beside its session and has the agent read them from there.
    readable: [...ctx.home.config.sandbox.read, join(cli, 'projects'), join(workspace.paths.root, 'given')],
    home: homeInside(ctx, workspace),
    policy: {
      egress: hosts,
      protect: [...defaultPolicy.protect, ...projectConfig(ctx.home, spec.project).protect],
      rules: rulesFor(ctx.home.guard, stricterGuardSchema.array().parse(spec.guard ?? [])),
    },
    ...realPorts,
    tracked: () => trackedBy(checkout),
  };
}
