import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { browserNote, chromiumPath, openBrowser } from '../../../test/support/browser.ts';
import { exampleDay } from '../example-day.testing.ts';
import { dayFacts, htmlReportOf } from '../index.ts';
import { date } from '../testing.ts';

const long = 'x'.repeat(300);
const patch = `diff --git a/src/${long}.ts b/src/${long}.ts\n--- a/src/${long}.ts\n+++ b/src/${long}.ts\n@@ -1 +1,2 @@\n const one = 1;\n+const ${long} = 2;\n`;

test.skipIf(chromiumPath === undefined)(
  `on a phone the outcome is on the first screen, nothing runs over the edge, and a diff opens${browserNote}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dayshift-page-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'report.html');
    writeFileSync(file, await htmlReportOf(dayFacts(exampleDay(), date), new Map([['task-001', patch]])));
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme });
      const trouble: string[] = [];
      page.on('console', (message) => trouble.push(message.text()));
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) trouble.push(request.url());
      });
      await page.goto(pathToFileURL(file).href);
      expect(await page.title()).toBe('Dayshift report: Monday, 23 Nov 2026');
      const first = await page.locator('ul.first').boundingBox();
      expect(first!.y + first!.height).toBeLessThan(740);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      const amount = await page.locator('.chart .bar span').first().boundingBox();
      expect(amount!.x + amount!.width).toBeLessThanOrEqual(360);
      const diff = page.locator('#task-001 details.diff').first();
      if ((await diff.getAttribute('open')) === null) await diff.locator('summary').click();
      expect(await diff.locator('tr.add').isVisible()).toBe(true);
      const ink = await page.evaluate(
        `getComputedStyle(document.body).color + getComputedStyle(document.body).backgroundColor`,
      );
      expect(ink).toBe(
        colorScheme === 'light' ? 'rgb(31, 41, 51)rgb(255, 255, 255)' : 'rgb(228, 231, 235)rgb(20, 25, 31)',
      );
      expect(trouble).toEqual([]);
      await page.close();
    }
  },
);
