import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Where this machine's Chromium is; undefined where there is none. */
export const chromiumPath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

if (chromiumPath === undefined && process.env.CI !== undefined)
  throw new Error('no chromium on the PATH: in CI pages are looked at in a real browser');

/** For the name of a test that needs the browser. */
export const browserNote = chromiumPath === undefined ? ' (SKIPPED: no chromium on the PATH)' : '';

/** The real browser, without a window. The pages are our own: it needs no sandbox of its own, which root would not get. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
}
