import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenHome, RunningDay } from '../daemon/index.ts';
import { openItems } from '../inbox/index.ts';
import type { Build, CliIo, ExitCode } from './io.ts';
import { packageFolder } from './version.ts';

/** How long the demo's second voice thinks before it answers, in ms: long enough to see the agent parked. */
const THINKING_MS = 1500;

export const build: Build = (command, io, run) => {
  command
    .addHelpText(
      'after',
      '\nFour tasks on a sample repository, with the real Claude Code CLI and a scripted model: no tokens are spent.',
    )
    .action(() => run(() => demo(io)));
};

async function demo(io: CliIo): Promise<ExitCode> {
  const { execa } = await import('execa');
  const { makeDemo } = await import('../demo/index.ts');
  const { SCRIPTED_KEY } = await import('../door/index.ts');
  const { runDay } = await import('./run-day.ts');
  const git = await execa('git', ['--version'], { reject: false });
  const made = await makeDemo(new Date(), git.exitCode === 0);
  io.out(
    `A sample repository: ${made.project}\nA home for it:       ${made.paths.home}\nThe day:             tasks/${made.date}.yaml\n\n`,
  );
  try {
    if (git.exitCode !== 0) return await withoutGit(made.paths.home, made.date, io);
    const env = {
      ...io.env,
      ANTHROPIC_BASE_URL: made.model.url,
      ANTHROPIC_API_KEY: SCRIPTED_KEY,
      CLAUDE_CODE_OAUTH_TOKEN: undefined,
      ANTHROPIC_AUTH_TOKEN: undefined,
    };
    const code = await runDay({ env, cwd: made.paths.home, home: made.paths.home }, made.date, io, {
      json: false,
      sandboxOptional: true,
      ...(io.interactive ? {} : { onWaits: (day, open) => secondVoice(day, open, io) }),
    });
    io.out(
      `\nLook around:\n${pathHint()}  cd ${made.paths.home}\n  dayshift status · dayshift diff rolls · dayshift apply rolls · dayshift journal --task changes\n`,
    );
    return code;
  } finally {
    await made.model.close();
  }
}

/** In a checkout `dayshift` is not on everybody's PATH: the line that puts it there. */
function pathHint(): string {
  const bin = join(packageFolder(), 'node_modules/.bin');
  return existsSync(join(bin, 'dayshift')) ? `  export PATH="${bin}:$PATH"\n` : '';
}

/** Answers the demo's question once its agent was parked, as a person would from elsewhere. */
async function secondVoice(day: RunningDay, open: OpenHome, io: CliIo): Promise<boolean> {
  const item = openItems(open.journal.state, day.date)[0];
  if (item === undefined) return false;
  const what =
    item.task === ''
      ? 'This is about the whole day, which goes on meanwhile'
      : `${item.task} is parked: its process is gone and costs nothing`;
  io.out(`         (${what}. The demo's second voice thinks …)\n`);
  await new Promise((resolve) => setTimeout(resolve, THINKING_MS));
  const { ok } = await day.operator.answer(
    { item: item.id, text: 'A' },
    { kind: 'person', id: 'the demo’s second voice', via: 'demo' },
  );
  return ok;
}

/** Without git there are no checkouts, no diffs and no way back: only the plan can be shown. */
async function withoutGit(home: string, date: string, io: CliIo): Promise<ExitCode> {
  io.err(
    'NO GIT on this machine: agents work on git checkouts, so the day cannot run. What can be shown is its plan.\n\n',
  );
  const { showPlan } = await import('./plan.ts');
  await showPlan(date, { home }, io);
  io.err('\n→ install git (apt-get install git), then run the demo again\n');
  return 1;
}
