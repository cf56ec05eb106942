import { chmodSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { manualClock, type Clock } from '../base/index.ts';
import { newFolder } from '../base/testing.ts';
import { homePaths } from '../home/index.ts';
import { chatBots } from './bots.ts';
import type { ServiceContext } from './service.ts';

/** The service in a home whose process has these names in its environment; what it told, and a way to write `.env`. */
async function started(environment: Record<string, string> = {}, written = '') {
  const paths = homePaths(newFolder('env'));
  // After the home was opened, and before this service starts.
  if (written !== '') writeFileSync(paths.envFile, written, { mode: 0o600 });
  const time = manualClock();
  let looked: () => void = () => undefined;
  const clock: Clock = {
    now: () => time.now(),
    after(ms, run) {
      const cancel = time.after(ms, run);
      looked();
      return cancel;
    },
  };
  const told: string[] = [];
  const secrets: string[] = [];
  let ids = 0;
  const run = {
    ...{ home: { paths }, clock, env: environment, environment },
    newId: () => String((ids += 1)),
    redact: (text: string) => text,
    keepSecret: (value: string) => void secrets.push(value),
    log: (text: string) => void told.push(text),
    journal: { state: {}, append: () => Promise.resolve([]) },
  };
  const service = await chatBots.start({ run } as unknown as ServiceContext);
  onTestFinished(() => service.stop());
  /** One look at the file: when it is over, the service asks for the next one. */
  const look = async () => {
    const over = new Promise<void>((resolve) => (looked = resolve));
    time.advance(1000);
    await over;
  };
  /** Writes the file, and looks until that counts: two looks in a row have seen the same. */
  const writes = async (text: string, mode: number) => {
    writeFileSync(paths.envFile, text);
    chmodSync(paths.envFile, mode);
    await look();
    const before = told.length;
    await look();
    expect(told.length).toBe(before + 1);
    return told.at(-1);
  };
  return { writes, told, secrets };
}

test('.env that others may read is told and changes nothing; what it sets for the model counts later, and is a secret at once', async () => {
  const { writes, told, secrets } = await started();
  expect(await writes('TELEGRAM_BOT_TOKEN=4:secret\n', 0o644)).toContain('chmod 600');
  expect(secrets).toEqual([]);
  expect(await writes('ANTHROPIC_API_KEY=sk-other\n', 0o600)).toBe(
    '.env: ANTHROPIC_API_KEY counts from the next start of Dayshift.',
  );
  expect(secrets).toEqual(['sk-other']);
  expect(told).toHaveLength(2);
});

test('what the environment sets wins over .env, also over what is written there later', async () => {
  const { writes } = await started({ TELEGRAM_CHAT_ID: '7' });
  expect(await writes('TELEGRAM_CHAT_ID=8\n', 0o600)).toContain('is set in the environment too, which wins');
  expect(await writes('DISCORD_CHANNEL_ID=9\n', 0o600)).toMatch(/TELEGRAM_CHAT_ID.*wins.*DISCORD_CHANNEL_ID counts/);
});

test('what was written into .env between the opening of the home and the start of the service is a change', async () => {
  const { told } = await started({ DISCORD_CHANNEL_ID: '1' }, 'TELEGRAM_CHAT_ID=8\n');
  expect(told).toEqual(['.env: TELEGRAM_CHAT_ID counts from now on.']);
});

test('a token that the environment sets to nothing stays so, and is told as that', async () => {
  const { writes } = await started({ TELEGRAM_BOT_TOKEN: '' });
  expect(await writes('TELEGRAM_BOT_TOKEN=4:secret\n', 0o600)).toBe(
    '.env: TELEGRAM_BOT_TOKEN is set, to nothing, in the environment too, which wins: nothing changes.',
  );
});
