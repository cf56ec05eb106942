import { loadEnvFile } from '../home/index.ts';
import type { Check } from './types.ts';

/** The home's `.env`: what is not read of it, and why. Nothing where all of it is. */
export const envFile: Check = async ({ home }) => {
  if (home === undefined) return [];
  const { warnings } = await loadEnvFile(home);
  return warnings.map((warning) => {
    const [found = warning, remedy] = warning.split('; ');
    return { name: '.env', ok: 'warn', found, remedy: remedy ?? 'Until it is mended, nothing of that counts.' };
  });
};
