import { z } from 'zod';
import { ask } from './ask.ts';
import { noSettings, type ClientSettings, type Environment } from './types.ts';
import { bare, entriesOf } from './url.ts';

const names = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GONOPROXY', 'GOPRIVATE'] as const;
const settingsSchema = z.record(z.string(), z.string());

/** go: its module proxies and the database of checksums. Modules that it would fetch from their own hosts need those hosts on the list. */
export async function go(env: Environment): Promise<ClientSettings> {
  const printed = await ask('go', ['env', '-json', ...names], { ...env, GOTOOLCHAIN: 'local' });
  return printed === undefined ? noSettings('go was not found, or does not tell its settings') : goSettings(printed);
}

/** From what `go env -json` prints. */
export function goSettings(printed: string): ClientSettings {
  let settings: Record<string, string>;
  try {
    settings = settingsSchema.parse(JSON.parse(printed));
  } catch {
    return noSettings('what go says of its settings cannot be read');
  }
  const proxies = (settings.GOPROXY ?? '').split(/([,|])/);
  const urls = proxies.filter((part) => part.includes('://'));
  const [sum = '', sumUrl] = (settings.GOSUMDB ?? '').split(/\s+/);
  const database = sum === '' || sum === 'off' ? [] : [sumUrl ?? `https://${sum.replace(/\+.*$/, '')}/`];
  const { hosts, without } = entriesOf([...urls, ...database]);
  const env: Record<string, string> = {};
  for (const name of names) if ((settings[name] ?? '') !== '') env[name] = settings[name] ?? '';
  env.GOPROXY = proxies.map((part) => (part.includes('://') ? bare(part) : part)).join('');
  // Another toolchain would be one more download.
  env.GOTOOLCHAIN = 'local';
  return {
    hosts,
    files: [],
    env,
    certificates: [],
    ...(without.length === 0 ? {} : { problem: `go is set to ${without.join(', ')}, which is no host with a name` }),
  };
}
