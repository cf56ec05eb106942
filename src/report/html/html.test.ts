import { expect, test } from 'vitest';
import { exampleDay } from '../example-day.testing.ts';
import { dayFacts, htmlReportOf } from '../index.ts';
import { date } from '../testing.ts';

const patch = `diff --git a/src/a.ts b/src/a.ts
index 1111111111111111111111111111111111111111..2222222222222222222222222222222222222222 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -1,3 +1,3 @@ function x() {
 const one = 1;
-const two = "<script>alert(1)</script>";
+const two = "</td><img src=x onerror=alert(2)>";
 // the end
diff --git a/old name.txt b/new name.txt
similarity index 100%
rename from old name.txt
rename to new name.txt
diff --git a/p.bin b/p.bin
new file mode 100644
index 0000000000000000000000000000000000000000..2222222222222222222222222222222222222222
GIT binary patch
literal 3
KcmZQzWMT#Y01f~L

`;

const pageOf = (patches: Record<string, string> = {}, events = exampleDay()) =>
  htmlReportOf(dayFacts(events, date), new Map(Object.entries(patches)));

test('the page begins with the outcome in five lines, loads nothing and runs nothing', async () => {
  const page = await pageOf({ 'task-001': patch });
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain(`default-src 'none'`);
  expect(page).not.toMatch(/<(?:script|link|iframe|img|object)|<[^>]*\s(?:src|on\w+)=|href="(?!#)|url\(/i);
  const first = /<ul class="first">([\s\S]*?)<\/ul>/.exec(page)?.[1] ?? '';
  const five = first.split('<li>').map((line) =>
    line
      .replace(/<[^>]+>/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  expect(five.slice(1)).toEqual([
    '✅ Done and proven: task-001, task-002',
    '🙋 Needs you: task-003 failed; task-004 asks (q3); task-005 is not proven',
    '💶 $8.42 of $50.00 (17 %); foreseen $12.40, at most $19.50 on 4 of 5 such days: no more than foreseen; paid by API key (ANTHROPIC_API_KEY)',
    expect.stringMatching(/^🕘 08:00 to 11:24/) as string,
  ]);
});

test('a diff has its lines, numbers and colours, and its words stay words', async () => {
  const page = await pageOf({ 'task-001': patch });
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toContain('<img');
  expect(page).toContain('<span class="hljs-keyword">const</span>');
  expect(page).toMatch(/<tr class="del"><td>2<\/td><td><\/td>/);
  expect(page).toMatch(/<tr class="add"><td><\/td><td>2<\/td>/);
  expect(page).toMatch(/new name\.txt[\s\S]*was old name\.txt/);
  expect(page).toMatch(/p\.bin[\s\S]*binary/);
});

test('whatever agents and task files say: no tag of theirs is in the page', async () => {
  const nasty = '<b onclick=x>"\'&</b><script>1</script>\u202e';
  const hostile = JSON.parse(
    JSON.stringify(exampleDay(), (key, value: unknown) =>
      typeof value === 'string' &&
      [
        'name',
        'summary',
        'reason',
        'question',
        'label',
        'text',
        'tail',
        'message',
        'why',
        'subject',
        'answers',
      ].includes(key)
        ? nasty
        : value,
    ),
  ) as ReturnType<typeof exampleDay>;
  const page = await pageOf(
    {
      'task-001': `${patch}diff --git a/${nasty} b/${nasty}\n--- a/${nasty}\n+++ b/${nasty}\n@@ -1 +1 @@ ${nasty}\n+${nasty}\n`,
    },
    hostile,
  );
  expect(page).not.toMatch(/<b onclick|<script/);
  expect(page).not.toContain('\u202e');
  expect(page).toContain('&lt;b onclick');
});

test('a huge diff is cut and says where the whole is', async () => {
  const long = `diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -0,0 +1,5000 @@\n${'+line\n'.repeat(5000)}`;
  const page = await pageOf({ 'task-001': long });
  expect(page).toMatch(/4601 more lines: see <code>results\//);
  expect(page.length).toBeLessThan(400_000);
});

test('a day without a plan and one without tasks have a page', async () => {
  expect(await htmlReportOf(dayFacts([], date), new Map())).toContain('no task file was planned');
});
