import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { homeOf } from './ask.ts';
import { noSettings, type ClientSettings, type Environment } from './types.ts';
import { bare, entriesOf } from './url.ts';

const indexSchema = z.looseObject({ dl: z.string() });

/** cargo: the registries of its settings, and those that it has used here: it tells its own one nowhere else. */
export async function cargo(env: Environment): Promise<ClientSettings> {
  const folder = env.CARGO_HOME ?? join(homeOf(env), '.cargo');
  const config = (await textOf(join(folder, 'config.toml'))) ?? (await textOf(join(folder, 'config'))) ?? '';
  return cargoSettings(config, await usedBefore(join(folder, 'registry/index')));
}

/** The addresses of the indexes that lie under `folder`, and of the crates that they name. */
async function usedBefore(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const host = /^([\w.-]+)-[0-9a-f]{16}$/.exec(name)?.[1];
      if (host === undefined) return [];
      return [`https://${host}/`, ...cratesOf(await textOf(join(folder, name, 'config.json')))];
    }),
  );
  return found.flat();
}

function cratesOf(text: string | undefined): string[] {
  try {
    const index = indexSchema.safeParse(JSON.parse(text ?? ''));
    // `{crate}` and the like stand in the path.
    return index.success ? [index.data.dl.replace(/\{.*$/, '')] : [];
  } catch {
    return []; // an index that is not whole
  }
}

/** From the text of `config.toml`, and from addresses that were used before. */
export function cargoSettings(config: string, before: string[]): ClientSettings {
  const kept = keptOf(config);
  const named = [...config.matchAll(/^\s*(?:index|registry)\s*=\s*"(?:sparse\+)?(https?:\/\/[^"]+)"/gm)].map(
    (match) => match[1] ?? '',
  );
  const { hosts, without } = entriesOf([...named, ...before]);
  if (hosts.length === 0)
    return noSettings('cargo has used no registry on this machine yet: run it once, or list the hosts by name');
  const cainfo = /^\s*cainfo\s*=\s*"([^"\\]+)"/m.exec(config)?.[1];
  return {
    hosts,
    files: kept === '' ? [] : [{ path: '.cargo/config.toml', text: kept }],
    env: {},
    certificates: cainfo !== undefined && isAbsolute(cainfo) ? [cainfo] : [],
    ...(without.length === 0 ? {} : { problem: `cargo is set to ${without.join(', ')}, which is no host with a name` }),
  };
}

/** Which sections, and what of them: where crates come from, never a token. */
function keptOf(config: string): string {
  let inside = false;
  const lines = config.split('\n').flatMap((line) => {
    if (/^\s*\[/.test(line)) {
      inside = /^\s*\[(?:source|registries)\.["\w.-]+\]\s*$|^\s*\[http\]\s*$/.test(line);
      return inside ? [line] : [];
    }
    if (!inside || !/^\s*(?:index|registry|replace-with|protocol|cainfo)\s*=\s*"[^"]*"\s*$/.test(line)) return [];
    return [line.replace(/https?:\/\/[^"]+/, bare)];
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined; // not there, or not for us
  }
}
