import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { projectConfig } from '../home/index.ts';
import type { TaskSpec } from '../journal/index.ts';
import { defaultHome, limitsFrom, type SandboxPolicy } from '../sandbox/index.ts';
import { sandboxView, type Workspace } from '../workspace/index.ts';
import type { RunContext } from './context.ts';
import { referenceOf } from './leaks.ts';

/** Of a run's context what a policy is made from. */
type PolicyContext = Pick<RunContext, 'home' | 'sandbox' | 'env' | 'keepSecret'>;

/** What a check or a setup command of a task may see and change: the checkout, and nothing of the agent's own. */
export async function commandPolicy(ctx: PolicyContext, spec: TaskSpec, workspace: Workspace): Promise<SandboxPolicy> {
  const { config } = ctx.home;
  const view = await sandboxView(workspace);
  const protect = projectConfig(ctx.home, spec.project).protect.map((path) => join(view.cwd, path));
  return {
    cwd: view.cwd,
    writable: [workspace.paths.checkout],
    readable: [...config.sandbox.read, ...view.readable, ...protect],
    placed: view.placed,
    hidden: view.hidden,
    sockets: [],
    env: { ...(await cleanHome(ctx, workspace)), ...resolveEnv(spec.env, ctx.env, ctx.keepSecret) },
    limits: limitsFrom(config.sandbox),
  };
}

/** HOME as agents and checks see it. */
export function homeInside(ctx: Pick<RunContext, 'sandbox'>, workspace: Workspace): string {
  return ctx.sandbox.kind === 'bubblewrap' ? defaultHome : join(workspace.paths.root, 'user');
}

/**
 * Bubblewrap gives an empty HOME. Elsewhere it would be the person's: their shell's start files would run, and their
 * aliases would be what the guard cannot see (`gp` for `git push`).
 */
async function cleanHome(ctx: PolicyContext, workspace: Workspace): Promise<Record<string, string>> {
  if (ctx.sandbox.kind === 'bubblewrap') return {};
  const home = homeInside(ctx, workspace);
  await mkdir(home, { recursive: true });
  return { HOME: home };
}

/** The same for the agent, which also writes `out/` and its CLI's own folder. */
export async function agentPolicy(ctx: PolicyContext, spec: TaskSpec, workspace: Workspace): Promise<SandboxPolicy> {
  const policy = await commandPolicy(ctx, spec, workspace);
  // Made before the agent starts: what a person sends while it is at work appears in it.
  const given = join(workspace.paths.root, 'given');
  await mkdir(given, { recursive: true });
  return {
    ...policy,
    readable: [...policy.readable, given],
    writable: [...policy.writable, workspace.paths.out, workspace.paths.cli],
  };
}

/** `$NAME` values taken from the daemon's environment. A name that is not there is an error: better than an empty password. */
export function resolveEnv(
  env: Record<string, string>,
  source: Record<string, string | undefined>,
  keepSecret: (value: string) => void,
): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const reference = referenceOf(value);
    const found = reference === undefined ? value : source[reference];
    if (found === undefined) {
      throw new DayshiftError('usage', `env.${name} refers to $${reference ?? ''}, which is not set`, {
        hint: 'set it in the environment or in the .env file of the home',
      });
    }
    if (reference !== undefined) keepSecret(found);
    resolved[name] = found;
  }
  return resolved;
}
