import { isAbsolute, resolve } from 'node:path';
import { defaultPolicy, type GuardContext, type GuardPolicy } from '../guard/index.ts';
import { realPorts } from './ports.ts';
import { trackedBy } from './tracked.ts';

/** Where commands are judged, as a person names it. Paths may be relative to `from`, and none need exist. */
interface PlaceQuery {
  /** The agent's checkout; default: `cwd`. */
  workspace?: string | undefined;
  /** Where the command starts; default: the workspace, else `from`. */
  cwd?: string | undefined;
  /** HOME as commands see it. */
  home?: string | undefined;
  /** Hosts beyond the policy's. */
  egress?: readonly string[];
  policy?: GuardPolicy;
  /** Absolute. */
  from: string;
}

/** A place on this machine to judge commands in: the context, and the folder that they start in. */
export function placeFor(query: PlaceQuery): { context: GuardContext; cwd: string } {
  const absolute = (path: string) => (isAbsolute(path) ? path : resolve(query.from, path));
  const cwd = absolute(query.cwd ?? query.workspace ?? '.');
  const policy = query.policy ?? defaultPolicy;
  const workspace = absolute(query.workspace ?? cwd);
  return {
    cwd,
    context: {
      workspace,
      writable: [],
      readable: [],
      home: absolute(query.home ?? '/home/user'),
      policy: { ...policy, egress: [...policy.egress, ...(query.egress ?? [])] },
      ...realPorts,
      tracked: () => trackedBy(workspace),
    },
  };
}
