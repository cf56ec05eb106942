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
  expect(page).not.toMatch(
    /<(?:script|link|iframe|img|object)|<[^>]*\s(?:src|on\w+)=|href="(?!#|2026-11-23\/task-00\d\.patch")|url\(/i,
  );
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

test('what to look at names each question with its options and its command, and the chart each amount', async () => {
  const page = await pageOf();
  const text = page.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ');
  expect(text).toContain(
    '❓ task-004 waits for you: Which library shall stay? A) date-fns, B) dayjs, C) None: use Temporal dayshift answer q3 …',
  );
  expect(text).toContain('❌ task-003 failed: check npm run bench:import still fails');
  const chart = /<div class="chart">[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
  const bars = [...chart.matchAll(/<i class="(cost|time)" style="width:([\d.]+)%"[\s\S]*?<span>([^<]*)<\/span>/g)];
  expect(bars.slice(0, 4).map(([, kind, width, label]) => [kind, width, label])).toEqual([
    ['cost', '100.00', '$3.81'],
    ['time', '100.00', '2 h 38 min'],
    ['cost', '80.58', '$3.07'],
    ['time', '38.61', '1 h 01 min'],
  ]);
});

test('a task’s card has its tokens by kind, its attempts, the way back and the patch', async () => {
  const page = await pageOf({ 'task-001': patch, 'task-002': patch });
  const card = (id: string) => new RegExp(`<article id="${id}"[\\s\\S]*?</article>`).exec(page)?.[0] ?? '';
  const text = (id: string) =>
    card(id)
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
  expect(text('task-003')).toContain(
    'Cost $3.81; estimated $2.00; limit $4.00; $0.31 of it is our estimate: calls that were cut off Model calls 13 to claude-sonnet-4-5 ' +
      'Tokens in 37,000 Tokens out 18,500 Tokens into the cache 111,000 for 5 minutes, 0 for an hour Tokens from the cache 1,480,000 ' +
      'Time 08:20 to 11:00 (2 h 40 min); worked 2 h 38 min in 1 attempt, estimated 1 h',
  );
  expect(text('task-003')).toContain('Model: the vendor was overloaded, 2 times (Overloaded)');
  expect(text('task-003')).toContain('Take it over all the same: dayshift apply');
  expect(text('task-002')).toContain(
    'Attempts 1, 08:01 (its turn): parked with a question after 21 min; 17 turns 2, 09:05 (its question was answered): the agent said that it is done after 40 min; 31 turns',
  );
  expect(text('task-004')).toContain('1, 10:00 (its turn): parked after 11 min; 9 turns');
  expect(text('task-001')).not.toContain('Attempts');
  expect(text('task-002')).toContain(
    'Roll back: dayshift rollback 2026-11-23/task-002 c0 (checkpoints: c0 start, c1 attempt 2)',
  );
  expect(card('task-001')).toContain('<a href="2026-11-23/task-001.patch">');
  expect(text('task-005')).toContain('none: the task names no checks');
});

test('a huge diff is cut and says where the whole is', async () => {
  const long = `diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -0,0 +1,5000 @@\n${'+line\n'.repeat(5000)}`;
  const page = await pageOf({ 'task-001': long });
  expect(page).toMatch(/4601 more lines: see <code>results\//);
  expect(page.length).toBeLessThan(400_000);
});

test('a day without a plan and one without tasks have a page', async () => {
  expect(await htmlReportOf(dayFacts([], date), new Map())).toMatch(
    /this day was never begun, and there is no <code>tasks\/2026-11-23.yaml<\/code> for it/,
  );
});

/** What a reader sees of the diff: its files with their counts, and the text of its rows. */
function seen(page: string) {
  const diffs = [...page.matchAll(/<details class="diff"[\s\S]*?<\/details>/g)].join('\n');
  const plain = (text: string) =>
    text
      .replace(/<[^>]+>/g, '')
      .replace(/\s+/g, ' ')
      .trim();
  return {
    files: [...diffs.matchAll(/<summary>([\s\S]*?)<\/summary>/g)].map(([, text = '']) => plain(text)),
    rows: [...diffs.matchAll(/<tr class="(?:add|del|same)">([\s\S]*?)<\/tr>/g)].map(([, text = '']) => plain(text)),
  };
}

test.each([
  ['a line separator', '\u2028', '[U+2028]'],
  ['a paragraph separator', '\u2029', '[U+2029]'],
  ['a lone carriage return', '\r', '␍'],
  ['a next line', '\u0085', '[U+0085]'],
])('%s in a line begins no other file and hides nothing', async (_, mark, shown) => {
  const text = `diff --git a/src/a.txt b/src/a.txt\n--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1 +1,4 @@\n line\n+// x${mark}diff --git a/README.md b/README.md\n+stealAllKeys()\n+more()\n`;
  const { files, rows } = seen(await pageOf({ 'task-001': text }));
  expect(files).toEqual(['src/a.txt +3 −0']);
  expect(rows).toEqual(['11 line', `2+// x${shown}diff --git a/README.md b/README.md`, '3+stealAllKeys()', '4+more()']);
});

test.each([
  [
    'a line of its text that looks like a name',
    'diff --git "a/\\303\\251vil.sh" "b/\\303\\251vil.sh"\nnew file mode 100755\n--- /dev/null\n+++ "b/\\303\\251vil.sh"\n@@ -0,0 +1,2 @@\n+++ b/README.md\n+rm\n',
    ['évil.sh new +2 −0'],
  ],
  [
    'a removed line that looks like a name',
    'diff --git a/a.sql b/a.sql\n--- a/a.sql\n+++ b/a.sql\n@@ -1,2 +1 @@\n--- a/README.md\n-x\n+diff --git a/b b/b\ndiff --git a/c.txt b/c.txt\n--- a/c.txt\n+++ b/c.txt\n@@ -1 +1 @@\n-1\n+2\n\\ No newline at end of file\n',
    ['a.sql +1 −2', 'c.txt +1 −1'],
  ],
  [
    'a file that is gone',
    'diff --git a/a b.txt b/a b.txt\ndeleted file mode 100644\n--- a/a b.txt\t\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n',
    ['a b.txt deleted +0 −1'],
  ],
  [
    'counts that do not hold',
    'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,9 +1,9 @@\n-x\ndiff --git a/b b/b\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n-y\n',
    ['a +0 −1', 'b +0 −1'],
  ],
])('a diff’s files are what git says before the first hunk: %s', async (_, text, files) => {
  expect(seen(await pageOf({ 'task-001': text })).files).toEqual(files);
});

test('a terminal’s escape in a diff takes no code out of it', async () => {
  const text = `diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -0,0 +1 @@\n+a\u001b]0;steal()\u0007b\u202ec\n`;
  expect(seen(await pageOf({ 'task-001': text })).rows).toEqual(['1+a␛]0;steal()␇b[U+202E]c']);
});

test('what the Markdown says the page says: lessons, secrets, rules that were broken, raises, hosts, the day’s questions', async () => {
  const facts = dayFacts(exampleDay(), date);
  const [one, ...rest] = facts.tasks;
  const lesson = { text: 'Write <tests> first', does: { kind: 'instruction' as const }, status: 'trial' as const };
  const question = { ...facts.tasks.flatMap(({ questions }) => questions)[0]!, id: 'q77', status: 'open' as const };
  const page = await htmlReportOf(
    {
      ...facts,
      questions: [{ ...question, questions: [{ ...question.questions[0]!, question: 'Go on at $60?' }] }],
      raises: [{ at: `${date}T10:00:00Z`, scope: 'day', limitUsd: 60, by: 'anna <b>' }],
      tasks: [
        {
          ...one!,
          lessons: [
            { ...lesson, id: 'l1', held: false },
            { ...lesson, id: 'l2', held: true },
          ],
          secrets: [{ name: 'API_KEY', path: 'src/<key>.ts' }],
          denials: [
            {
              ...{ rule: 'git.commit', count: 3, tool: 'Bash', example: 'git commit -m "<x>"', reason: 'no' },
              violations: { count: 2, worst: 'disguised' },
            },
          ],
          tells: [{ at: `${date}T10:00:00Z`, text: 'Mind the <api>', by: 'anna' }],
        },
        ...rest,
      ],
    },
    new Map(),
  );
  const look = page.indexOf('What to look at');
  const chart = page.indexOf('class="chart"');
  for (const early of ['Go on at $60?', 'dayshift answer q77', 'its work contains the value of', 'in disguise']) {
    expect(page.indexOf(early)).toBeGreaterThan(look);
    expect(page.indexOf(early)).toBeLessThan(chart);
  }
  for (const later of [
    'Lessons that it had',
    'Write &lt;tests&gt; first',
    'to see what it is like without: l2',
    'Mind the &lt;api&gt;',
    'Kept from reaching',
    'paste.example.com:443',
    'not on the <code>egress</code> list',
    'Budget set',
    'the day to $60.00, by anna &lt;b&gt;',
  ])
    expect(page).toContain(later);
  expect(page).not.toMatch(/<tests>|<key>|anna <b>|<api>/);
});
