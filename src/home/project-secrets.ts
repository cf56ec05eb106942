import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NamedSecret } from '../base/index.ts';
import { parseEnv, readPrivate } from './env-file.ts';
import { looksSecret } from './looks-secret.ts';
import type { Home } from './types.ts';

/**
 * The secrets that the projects' own `.env` files hold, those of `copy:` lists among them: an agent that prints one must
 * not bring it into a report. Files that cannot be read are left out: then no agent of ours can read them either.
 */
export async function projectSecrets(home: Home): Promise<NamedSecret[]> {
  const found: NamedSecret[] = [];
  for (const project of home.projects) {
    const folders = new Set(['.', ...project.copy.map((path) => dirname(path))]);
    for (const folder of folders) {
      for (const name of await envFilesIn(join(project.path, folder))) {
        const text = await readPrivate(join(project.path, folder, name));
        if (text === undefined) continue;
        for (const [key, value] of Object.entries(parseEnv(text).values)) {
          if (looksSecret(key, value)) found.push({ name: `${key} of ${project.name}’s ${join(folder, name)}`, value });
        }
      }
    }
  }
  return found;
}

async function envFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name === '.env' || name.startsWith('.env.') || name.endsWith('.env'));
}
