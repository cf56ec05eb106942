import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { CliIdentity } from '../types.ts';
import { commandArguments } from './arguments.ts';
import { environment } from './environment.ts';
import type { ResolvedCli } from './resolve.ts';
import { managedSettings, settings } from './settings.ts';

/** Stands in for what differs from start to start and decides nothing. */
const any = { spec: { maxTurns: 1, model: 'any' }, sessionId: 'any', env: {}, doorPort: 1, cliDir: '/any' } as const;

export async function identityOf(cli: ResolvedCli): Promise<CliIdentity> {
  const { size, mtimeNs, ctimeNs, ino, dev } = await stat(cli.file, { bigint: true });
  const told = [
    settings(any.doorPort, false),
    settings(any.doorPort, true),
    managedSettings(),
    commandArguments(any, { settingsFile: 'any', systemPromptFile: 'any', known: false, prompt: true }),
    environment({ ...any, account: 'api_key' }),
  ];
  return {
    file: [cli.file, size, mtimeNs, ctimeNs, ino, dev].join(' '),
    settings: createHash('sha256').update(JSON.stringify(told)).digest('hex'),
    hash: async () => {
      const sum = createHash('sha256');
      await pipeline(createReadStream(cli.file, { highWaterMark: 1 << 20 }), sum);
      return sum.digest('hex');
    },
  };
}
