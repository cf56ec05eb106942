import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { messageOf } from '../base/index.ts';
import type { HomePaths } from '../home/index.ts';
import type { Operator, Outcome } from '../operator/index.ts';
import { dayFacts, isRated, rateId } from '../report/index.ts';
import { eventsOf, patchText, reportPage } from './reports.ts';

/** A day's report for one person's browser on this machine, as long as it is served. */
export interface ServedReport {
  /** With the token: whoever has it may rate. */
  url: string;
  /** Resolves when nobody has looked for `idleMs`. */
  unused: Promise<'unused'>;
  close(): Promise<void>;
}

interface ServeOptions {
  paths: Pick<HomePaths, 'home' | 'journal' | 'results'>;
  redact: (text: string) => string;
  date: string;
  /** The operator's, wherever it runs. */
  rate: (input: Parameters<Operator['rate']>[0]) => Promise<Outcome>;
  idleMs: number;
}

/** A form holds a remark and a wish; more is refused. In bytes. */
const LARGEST_FORM = 32_768;

const formSchema = z.object({
  task: z.string().min(1).max(200).describe('the id of the task'),
  stars: z.enum(['1', '2', '3', '4', '5']).optional().describe('how many of five'),
  remark: z.string().max(2000).default('').describe('what the person thinks of it'),
  action: z.string().max(500).default('').describe('what shall be different'),
});

/**
 * Serves a day's report on loopback, under a path that nobody can guess, with a form a task that writes into the feedback file by the operator.
 * Beside it there are the patches of its tasks, as text, and nothing else. Who calls it by another name (a page whose name was made to lead here) is refused by `Host`, a form of another
 * page by `Origin`. The page runs no script and loads nothing.
 */
export async function serveReport({ paths, redact, date, rate, idleMs }: ServeOptions): Promise<ServedReport> {
  const [{ Hono }, { bodyLimit }, { createAdaptorServer }] = await Promise.all([
    import('hono'),
    import('hono/body-limit'),
    import('@hono/node-server'),
  ]);
  const token = randomBytes(24).toString('base64url');
  const app = new Hono();
  let host = '';
  let used: () => void = () => undefined;

  app.use(async (context, next) => {
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
    context.header('x-frame-options', 'DENY');
    context.header('cross-origin-resource-policy', 'same-origin');
    // A form's Origin is sent only where the page may say where it is; other servers are told nothing.
    context.header('referrer-policy', 'same-origin');
    if (context.req.header('host') !== host) return context.text('This is not for you.', 403);
    const [, given = '', ...rest] = new URL(context.req.url).pathname.split('/');
    if (!isSame(given, token) || rest.length !== 1) return context.text('There is nothing here.', 404);
    used();
    await next();
    return undefined;
  });
  /** What came of a form, by its task, until it is shown. */
  const notes = new Map<string, string>();
  const page = async () => {
    const text = await reportPage(paths, redact, await eventsOf(paths.journal, date), date, { ratable: true, notes });
    notes.clear();
    return text;
  };
  app.get('/:token/', async (context) => context.html(await page()));
  app.post('/:token/rate', bodyLimit({ maxSize: LARGEST_FORM }), async (context) => {
    if (context.req.header('origin') !== `http://${host}`) return context.text('This form came from elsewhere.', 403);
    const form = formSchema.safeParse(await context.req.parseBody());
    if (!form.success) return context.text(`Not understood: ${z.prettifyError(form.error)}`, 400);
    const { task, stars, remark, action } = form.data;
    const outcome = await rate({
      task: `${date}/${task}`,
      ...(stars === undefined ? {} : { stars: Number(stars) }),
      ...(remark.trim() === '' ? {} : { remark: remark.trim() }),
      ...(action.trim() === '' ? {} : { action: action.trim() }),
    }).catch((error: unknown): Outcome => ({ ok: false, message: messageOf(error) }));
    const words = redact(outcome.message);
    // A form says what came of it; a task that is at work again since the page was shown has none.
    const { tasks } = dayFacts(await eventsOf(paths.journal, date), date);
    if (!tasks.some((one) => one.id === task && isRated(one))) return context.text(words, outcome.ok ? 200 : 422);
    notes.set(task, words);
    return context.redirect(`./#${encodeURIComponent(rateId(task))}`, 303);
  });
  app.get('/:token/:file{.+\\.patch}', async (context) => {
    const id = context.req.param('file').slice(0, -'.patch'.length);
    const known = (await eventsOf(paths.journal, date)).some(({ task }) => task === id);
    const text = known ? await patchText(paths, date, id) : undefined;
    if (text === undefined) return context.notFound();
    context.header('content-security-policy', "default-src 'none'; sandbox");
    return context.text(redact(text));
  });
  app.notFound((context) => context.text('There is nothing here.', 404));

  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  let idle: NodeJS.Timeout | undefined;
  const unused = new Promise<'unused'>((resolve) => {
    used = () => {
      clearTimeout(idle);
      idle = setTimeout(() => resolve('unused'), idleMs);
    };
    used();
  });
  return {
    url: `http://${host}/${token}/`,
    unused,
    async close() {
      clearTimeout(idle);
      const closed = new Promise((resolve) => server.close(resolve));
      // A browser keeps its connection.
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
