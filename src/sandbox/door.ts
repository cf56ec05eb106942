import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DayshiftError } from '../base/index.ts';
import type { CanaryOrders } from './canary-orders.ts';
import type { Sandbox, SandboxPolicy } from './types.ts';

/** The door's port inside bubblewrap: its loopback is private, so it can be the same for all. */
const privatePort = 4141;

const inside = {
  socket: '/run/dayshift/door.sock',
  node: '/run/dayshift/node',
  bridge: '/run/dayshift/bridge.mjs',
  canary: '/run/dayshift/canary.mjs',
};

/** The variable in which the bridge, the command and its hooks find the token of their door, where it has one. */
export const doorTokenName = 'DAYSHIFT_DOOR_TOKEN';

/** How a process in a sandbox reaches its door. */
export interface Doorway {
  /** Of its loopback. */
  port: number;
  /**
   * Where that loopback is the host's, and every program of the machine reaches the port: what the door must be shown. A secret: it
   * goes by the environment, never by a command line, which every user can read. `base/redact` knows it by its beginning.
   */
  token: string | undefined;
}

/**
 * The doorway of one start. The port: the loopback port by which a process in such a sandbox will reach its door. Where the loopback is the host's it is one
 * that is free now: the bridge ends with code 97 should another program have taken it meanwhile, and the start can be
 * tried again with a new one.
 */
export async function pickDoorway(kind: Sandbox['kind']): Promise<Doorway> {
  if (kind === 'bubblewrap') return { port: privatePort, token: undefined };
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { port, token: `dayshift-door-${randomBytes(32).toString('base64url')}` };
}

/**
 * `policy` and `command` with the daemon's door in them: inside, `http://127.0.0.1:PORT` is the unix socket
 * `door.socket`. A small bridge process leads; it starts the command, passes signals and its exit code on.
 * `kind` is bubblewrap by default; the other kinds need what `pickDoorway` gave, and put the token into the environment. With `canary` the bridge
 * also carries these orders out while the command starts, and reports to the door.
 */
export function withDoor(
  policy: SandboxPolicy,
  command: readonly [string, ...string[]],
  door: { socket: string; kind?: Sandbox['kind']; canary?: CanaryOrders } & Partial<Doorway>,
): { policy: SandboxPolicy; command: [string, ...string[]]; port: number } {
  const kind = door.kind ?? 'bubblewrap';
  const port = door.port ?? (kind === 'bubblewrap' ? privatePort : undefined);
  if (port === undefined) throw new DayshiftError('internal', `A door in a sandbox of kind ${kind} needs a port.`);
  // A port that everybody reaches, with nobody asked who they are: better no door.
  if (kind !== 'bubblewrap' && door.token === undefined)
    throw new DayshiftError('internal', `A door in a sandbox of kind ${kind} needs a token.`);
  const shown = door.token === undefined ? {} : { [doorTokenName]: door.token };
  const env = forCommandOnly({ ...policy.env, ...shown });
  const bridge = fileURLToPath(new URL('./bridge.js', import.meta.url));
  const canary = fileURLToPath(new URL('./canary.js', import.meta.url));
  const node = realpathSync(process.execPath);
  if (kind !== 'bubblewrap') {
    const line = bridgeLine({ node, bridge, canary, socket: door.socket }, port, command, door.canary);
    const readable = [...policy.readable, node, bridge, canary];
    const sockets = [...policy.sockets, { from: door.socket, to: door.socket }];
    return { policy: { ...policy, env, readable, sockets }, command: line, port };
  }
  const own = [
    { from: node, to: inside.node },
    { from: bridge, to: inside.bridge },
    { from: canary, to: inside.canary },
  ];
  const placed = [...policy.placed, ...own];
  const sockets = [...policy.sockets, { from: door.socket, to: inside.socket }];
  return { policy: { ...policy, env, placed, sockets }, command: bridgeLine(inside, port, command, door.canary), port };
}

/**
 * What makes programs load code is put where only the command finds it: a project's NODE_OPTIONS may name a file that an agent wrote, and the
 * bridge tries the sandbox and speaks with the daemon before the agent begins.
 */
function forCommandOnly(env: Record<string, string>): Record<string, string> {
  const loads = (name: string) => /^(?:NODE_|LD_|DYLD_|GLIBC_|(?:BASH_|DAYSHIFT_)?ENV$)/.test(name);
  const entries = Object.entries(env);
  const held = entries.filter(([name]) => loads(name));
  if (held.length === 0) return env;
  const rest = entries.filter(([name]) => !loads(name));
  return { ...Object.fromEntries(rest), DAYSHIFT_ENV: JSON.stringify(Object.fromEntries(held)) };
}

function bridgeLine(
  at: typeof inside,
  port: number,
  command: readonly [string, ...string[]],
  orders: CanaryOrders | undefined,
): [string, ...string[]] {
  const canary = orders === undefined ? [] : [at.canary, JSON.stringify(orders)];
  return [at.node, at.bridge, String(port), at.socket, ...canary, '--', ...command];
}
