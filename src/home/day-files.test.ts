import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { builtInPrices } from '../budget/index.ts';
import { homePaths, loadDayFiles } from './index.ts';

test('files of the config that are missing are none; every one that cannot be read or is not valid is named', async () => {
  const home = newFolder('home');
  const paths = homePaths(home);
  await expect(loadDayFiles(paths)).resolves.toBe(builtInPrices);
  await mkdir(join(home, 'config', 'agent_instructions.md'), { recursive: true });
  await expect(loadDayFiles(paths)).rejects.toMatchObject({
    kind: 'usage',
    message: 'config/agent_instructions.md cannot be read: this is a folder, not a file',
  });
  await writeFile(paths.pricingFile, 'models: [');
  await expect(loadDayFiles(paths)).rejects.toThrow(
    /^config\/agent_instructions\.md cannot be read.*\nconfig\/pricing\.yaml:1:\d+ /,
  );
});
