import type { Preset } from '../egress/index.ts';
import { cargo } from './cargo.ts';
import { go } from './go.ts';
import { npm } from './npm.ts';
import { pip } from './pip.ts';
import type { ClientSettings, Environment } from './types.ts';

export { certificatesOf, isPublic } from './certificates.ts';
export type { ClientSettings, HomeFile } from './types.ts';

const clients: Record<Preset, (env: Environment) => Promise<ClientSettings>> = { npm, pip, cargo, go };

/** What the person's own client of this name is set to use. Starts it, which takes up to a second; never rejects because of it. */
export function readClient(preset: Preset, env: Environment): Promise<ClientSettings> {
  return clients[preset](env);
}
