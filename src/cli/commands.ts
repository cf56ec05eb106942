import type { Build } from './io.ts';

/** Every command with the file that it lives in, loaded only when it is called. */
export interface CommandEntry {
  name: string;
  summary: string;
  /** What its first argument names, for shell completion. */
  takes?: 'task' | 'item' | 'date';
  load: () => Promise<{ build: Build }>;
}

export const commands: readonly CommandEntry[] = [
  { name: 'init', summary: 'make a home: config, an example task file', load: () => import('./init.ts') },
  { name: 'plan', summary: 'show a day before it runs', takes: 'date', load: () => import('./plan.ts') },
  { name: 'run', summary: 'run a day, or go on with it', takes: 'date', load: () => import('./run.ts') },
  { name: 'status', summary: 'what each task is doing', takes: 'date', load: () => import('./status.ts') },
  { name: 'inbox', summary: 'what waits for you', load: () => import('./inbox.ts') },
  { name: 'answer', summary: 'answer what waits', takes: 'item', load: () => import('./answer.ts') },
  { name: 'tell', summary: 'send a message to a running agent', takes: 'task', load: () => import('./tell.ts') },
  { name: 'pause', summary: 'pause a task, or the day', takes: 'task', load: () => import('./pause.ts') },
  { name: 'resume', summary: 'go on with a paused task, or the day', takes: 'task', load: () => import('./resume.ts') },
  { name: 'stop', summary: 'end a task, or the day', takes: 'task', load: () => import('./stop.ts') },
  { name: 'retry', summary: 'give a task that ended another go', takes: 'task', load: () => import('./retry.ts') },
  { name: 'diff', summary: 'show what a task changed', takes: 'task', load: () => import('./diff.ts') },
  {
    name: 'apply',
    summary: 'put a task’s work into your checkout, unstaged',
    takes: 'task',
    load: () => import('./apply.ts'),
  },
  {
    name: 'rollback',
    summary: 'take a task’s checkout back to a checkpoint',
    takes: 'task',
    load: () => import('./rollback.ts'),
  },
  {
    name: 'report',
    summary: 'write a day’s report again from the journal',
    takes: 'date',
    load: () => import('./report.ts'),
  },
  { name: 'journal', summary: 'show what happened', load: () => import('./journal.ts') },
  { name: 'clean', summary: 'remove old workspaces', takes: 'task', load: () => import('./clean.ts') },
  { name: 'doctor', summary: 'test whether this machine has what a day needs', load: () => import('./doctor.ts') },
  { name: 'demo', summary: 'run a day on a sample repository, without tokens', load: () => import('./demo.ts') },
  { name: 'completion', summary: 'print the completion script of your shell', load: () => import('./completion.ts') },
];
