import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { ask } from './ask.ts';
import { noSettings, type ClientSettings, type Environment } from './types.ts';
import { bare, entriesOf } from './url.ts';

const configSchema = z.record(z.string(), z.unknown());

/** npm, and with it pnpm, yarn and bun, which read the same file: the registry and those of scopes. */
export async function npm(env: Environment): Promise<ClientSettings> {
  const printed = await ask('npm', ['config', 'list', '--long', '--json'], env);
  return printed === undefined ? noSettings('npm was not found, or does not tell its settings') : npmSettings(printed);
}

/** From what `npm config list --long --json` prints. */
export function npmSettings(printed: string): ClientSettings {
  const config = parse(printed);
  if (config === undefined) return noSettings('what npm says of its settings cannot be read');
  const text = (name: string) => (typeof config[name] === 'string' ? config[name] : undefined);
  const scopes = Object.keys(config).filter((name) => /^@[\w.~-]+:registry$/.test(name));
  const registries = ['registry', ...scopes].flatMap((name) => {
    const url = text(name);
    return url === undefined ? [] : [[name, url] as const];
  });
  const { hosts, without } = entriesOf(registries.map(([, url]) => url));
  const cafile = text('cafile');
  const lines = [
    ...registries.map(([name, url]) => `${name}=${bare(url)}`),
    ...(cafile !== undefined && isAbsolute(cafile) ? [`cafile=${cafile}`] : []),
    ...authorities(config.ca).map((ca) => `ca[]=${JSON.stringify(ca)}`),
    ...(config['strict-ssl'] === false ? ['strict-ssl=false'] : []),
    ...(config.audit === false ? ['audit=false'] : []),
    'fund=false',
    'update-notifier=false',
  ];
  const safe = lines.filter((line) => !/[\r\n]/.test(line));
  const problem =
    without.length > 0
      ? `npm is set to ${without.join(', ')}, which is no host with a name`
      : text('registry') === undefined
        ? 'npm does not tell its registry: where a password stands in its address, list the host by name'
        : undefined;
  return {
    hosts,
    files: [{ path: '.npmrc', text: `${safe.join('\n')}\n` }],
    env: {},
    certificates: cafile !== undefined && isAbsolute(cafile) ? [cafile] : [],
    ...(problem === undefined ? {} : { problem }),
  };
}

function parse(printed: string): Record<string, unknown> | undefined {
  try {
    return configSchema.safeParse(JSON.parse(printed)).data;
  } catch {
    return undefined; // no JSON
  }
}

function authorities(ca: unknown): string[] {
  const all: unknown[] = Array.isArray(ca) ? ca : [ca];
  return all.filter((each) => typeof each === 'string').filter((each) => each.includes('BEGIN CERTIFICATE'));
}
