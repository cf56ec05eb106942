import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ask } from './ask.ts';
import { noSettings, type ClientSettings, type Environment } from './types.ts';
import { bare, entriesOf } from './url.ts';

/** pip: its index and the further ones; where it is set to none, what it uses then by itself. */
export async function pip(env: Environment): Promise<ClientSettings> {
  for (const program of ['pip', 'pip3']) {
    const printed = await ask(program, ['config', 'list'], env);
    if (printed !== undefined) return pipSettings(printed, await defaultOf(program, env));
  }
  return noSettings('pip was not found, or does not tell its settings');
}

/** The index that is written into pip itself, and where its files lie. */
async function defaultOf(program: string, env: Environment): Promise<string[]> {
  const version = await ask(program, ['--version'], env);
  const place = / from (\/.+) \(python /.exec(version ?? '')?.[1];
  if (place === undefined) return [];
  try {
    const source = await readFile(join(place, '_internal/models/index.py'), 'utf8');
    const [, index, files] =
      /^PyPI = PackageIndex\(\s*["']([^"']+)["'],\s*file_storage_domain=["']([^"']+)["']/m.exec(source) ?? [];
    return index === undefined || files === undefined ? [] : [index, `https://${files}/`];
  } catch {
    return []; // another pip than those that are known
  }
}

/** From what `pip config list` prints; `own`: the addresses that pip uses where it is set to none. */
export function pipSettings(printed: string, own: string[]): ClientSettings {
  const settings = new Map<string, string>();
  // Later files, and then the environment, win: they come later.
  for (const line of printed.split('\n')) {
    const [, place = '', name = '', value = ''] = /^(global|:env:|install|download)\.([\w-]+)='(.*)'$/.exec(line) ?? [];
    if (place !== '' && (place !== 'download' || !settings.has(name))) settings.set(name, value);
  }
  const index = settings.get('index-url');
  const further = (settings.get('extra-index-url') ?? '').split(/\\n|\s+/).filter((url) => /^https?:/.test(url));
  const { hosts, without } = entriesOf([...(index === undefined ? own : [index]), ...further]);
  const cert = settings.get('cert');
  const lines = [
    '[global]',
    ...(index === undefined ? [] : [`index-url = ${bare(index)}`]),
    ...(further.length === 0 ? [] : [`extra-index-url = ${further.map(bare).join(' ')}`]),
    ...(cert !== undefined && isAbsolute(cert) ? [`cert = ${cert}`] : []),
    'disable-pip-version-check = true',
  ];
  const problem =
    hosts.length === 0
      ? 'pip does not say which index it uses'
      : without.length > 0
        ? `pip is set to ${without.join(', ')}, which is no host with a name`
        : undefined;
  return {
    hosts,
    // A percent sign begins something else there.
    files: [{ path: '.config/pip/pip.conf', text: `${lines.join('\n').replaceAll('%', '%%')}\n` }],
    env: {},
    certificates: cert !== undefined && isAbsolute(cert) ? [cert] : [],
    ...(problem === undefined ? {} : { problem }),
  };
}
