import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { browserNote, chromiumPath, openBrowser } from '../../test/support/browser.ts';
import { put } from '../../test/support/git-project.ts';
import { by } from '../../test/support/open-work-home.ts';
import { workHome } from '../../test/support/work-home.ts';
import { homePaths } from '../home/index.ts';
import { DAY } from '../journal/spec.testing.ts';
import { reportPage, serveReport } from './index.ts';
import { eventsOf } from './reports.ts';

async function served() {
  const home = workHome({ 'a.txt': 'a\n' });
  await home.done([
    { id: 'a', edit: (checkout) => put(join(checkout, 'a.txt'), 'b\n') },
    { id: 'b', edit: (checkout) => put(join(checkout, 'b.txt'), 'b\n') },
  ]);
  const paths = homePaths(home.homeDir);
  const report = await serveReport({
    ...{ paths, redact: (text: string) => text.replaceAll('hunter2', '***'), date: DAY, idleMs: 3_600_000 },
    rate: (input) =>
      input.action === 'fail'
        ? Promise.reject(new Error('the file with hunter2 in it'))
        : home.call((operator) => operator.rate(input, by)),
  });
  onTestFinished(() => report.close());
  const feedback = () => readFileSync(join(paths.feedback, `${DAY}.md`), 'utf8');
  return { home, paths, report, feedback };
}

test.skipIf(chromiumPath === undefined)(
  `stars and words that are given in the browser stand in the feedback file and on the page; the file on the disk names the command${browserNote}`,
  async () => {
    const { paths, report, feedback } = await served();
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(message.text()));
    await page.goto(report.url);
    const form = page.locator('#a form.rate');
    await form.locator('label[for="a-4"]').click();
    await form.locator('textarea').fill('⚠️ Forgot to write tests');
    await form.locator('input[name="action"]').fill('Write the tests first');
    await form.locator('button').click();
    await page.waitForURL(`${report.url}#rate-a`);
    expect(await page.locator('#rate-a .said').textContent()).toMatch(
      /^a: ★★★★, in feedback\/.*\nTried on three tasks first: l1\. .*dayshift lessons accept l1$/,
    );
    expect(await page.locator('#a legend').textContent()).toBe('You gave 4 of 5.');
    expect(await page.locator('#b legend').textContent()).toBe('How was it?');
    expect(feedback()).toBe(
      `# Feedback - ${DAY}\n\n## a: Task a\nRating: 4/5\n\n⚠️ Forgot to write tests\nAction: Write the tests first\n`,
    );
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.locator('#a a[href="a.patch"]').click();
    expect(await page.locator('body').textContent()).toMatch(/^diff --git a\/a\.txt b\/a\.txt[^]*\n-a\n\+b\n/);
    await page.goBack();
    expect(trouble).toEqual([]);
    // Nothing but the button, and the page goes on.
    await page.locator('#b form.rate button').click();
    await page.locator('#rate-b .said', { hasText: 'nothing to write down' }).waitFor();
    expect(await page.locator('#rate-a .said').count()).toBe(0);
    // By the keyboard, and only stars.
    await page.locator('#b form.rate input[value="5"]').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.locator('#rate-b legend', { hasText: 'You gave 5 of 5.' }).waitFor();
    expect(feedback()).toContain('## b: Task b\nRating: 5/5');

    const file = join(paths.results, `${DAY}-report.html`);
    writeFileSync(file, await reportPage(paths, (text) => text, await eventsOf(paths.journal, DAY), DAY));
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('form, button, input').count()).toBe(0);
    expect(await page.locator('#a').textContent()).toMatch(/dayshift rate .* 4 "…".*dayshift report --open/);
    const patch = await page
      .locator('#a a')
      .first()
      .evaluate((link) => (link as unknown as { href: string }).href);
    expect(patch).toBe(pathToFileURL(join(paths.results, DAY, 'a.patch')).href);
    expect(readFileSync(fileURLToPath(patch), 'utf8')).toContain('+b\n');
  },
);

test('nothing else is served, to nobody else: by token, Host, Origin, size and what a form may say', async () => {
  const { home, report, feedback } = await served();
  const { port, host, pathname } = new URL(report.url);
  let said = '';
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body = '') =>
    new Promise<number>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers: { host, ...headers } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('close', () => {
          said = text;
          resolve(response.statusCode ?? 0);
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const form = { origin: `http://${host}`, 'content-type': 'application/x-www-form-urlencoded' };
  expect(pathname.length).toBeGreaterThan(32);
  expect(await ask('GET', pathname)).toBe(200);
  const refused: [number, Promise<number>][] = [
    [404, ask('GET', '/')],
    [404, ask('GET', `${pathname.slice(0, -2)}${pathname.at(-2) === 'x' ? 'y' : 'x'}/`)],
    [404, ask('GET', `${pathname}../../etc/passwd`)],
    [404, ask('GET', `${pathname}%2e%2e/x`)],
    [404, ask('GET', `${pathname}rate`)],
    [404, ask('GET', `${pathname}nobody.patch`)],
    [404, ask('GET', `${pathname}..%2f..%2fsecret.patch`)],
    [404, ask('GET', `${pathname}%2e%2e%2f${DAY}%2fa.patch`)],
    [403, ask('GET', `${pathname}a.patch`, { host: `evil.example:${port}` })],
    [404, ask('GET', '/x/a.patch')],
    [404, ask('DELETE', pathname)],
    [403, ask('GET', pathname, { host: `evil.example:${port}` })],
    [403, ask('GET', pathname, { host: `localhost:${port}` })],
    [403, ask('POST', `${pathname}rate`, { ...form, origin: 'https://evil.example' }, 'task=a&stars=1')],
    [403, ask('POST', `${pathname}rate`, { ...form, origin: 'null' }, 'task=a&stars=1')],
    [403, ask('POST', `${pathname}rate`, { 'content-type': form['content-type'] }, 'task=a&stars=1')],
    [400, ask('POST', `${pathname}rate`, form, 'task=a&stars=9')],
    [400, ask('POST', `${pathname}rate`, form, '')],
    [303, ask('POST', `${pathname}rate`, form, 'task=a')],
    [422, ask('POST', `${pathname}rate`, form, 'task=nobody&stars=3')],
    [413, ask('POST', `${pathname}rate`, form, `task=a&remark=${'x'.repeat(40_000)}`)],
  ];
  for (const [index, [status, answer]] of refused.entries()) expect(await answer, String(index)).toBe(status);
  expect(await home.events('feedback.given')).toEqual([]);
  expect(await ask('POST', `${pathname}rate`, form, 'task=a&stars=3&remark=fine')).toBe(303);
  expect(feedback()).toContain('Rating: 3/5');

  // What went wrong is told without what is secret: below the form, and where the task has none any more.
  expect(await ask('POST', `${pathname}rate`, form, 'task=b&action=fail')).toBe(303);
  expect(await ask('GET', pathname)).toBe(200);
  expect(said).toContain('the file with *** in it');
  await home.call((_operator, { journal }) => journal.append({ type: 'task.retried', day: DAY, task: 'b', data: {} }));
  expect(await ask('POST', `${pathname}rate`, form, 'task=b&action=fail')).toBe(422);
  expect(said).toBe('the file with *** in it');
});
