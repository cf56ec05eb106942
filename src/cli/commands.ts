/** Every command's name and what it does, for help and completion. Its file has the same name: see load.ts. */
export const commands = [
  { name: 'init', summary: 'make a home: config, an example task file' },
  { name: 'plan', summary: 'show a day before it runs', takes: 'date' },
  { name: 'run', summary: 'run a day, or go on with it', takes: 'date' },
  { name: 'up', summary: 'stay up: run days as they come, until it is told to end' },
  { name: 'start', summary: 'begin a day in the running dayshift up', takes: 'date' },
  { name: 'down', summary: 'park what runs and end dayshift up' },
  { name: 'service', summary: 'keep dayshift up running: install, uninstall, status' },
  { name: 'schedule', summary: 'what happens by itself, and when' },
  { name: 'status', summary: 'what each task is doing', takes: 'date' },
  { name: 'cost', summary: 'what was spent, by day, task, module, project or model' },
  { name: 'survival', summary: 'what still stands of the work that you took over' },
  { name: 'inbox', summary: 'what waits for you' },
  { name: 'answer', summary: 'answer what waits', takes: 'item' },
  { name: 'tell', summary: 'send a message to a running agent', takes: 'task' },
  { name: 'add', summary: 'make a task of a sentence' },
  { name: 'budget', summary: 'change what a day or a task may cost' },
  { name: 'rate', summary: 'say what you think of a task’s work', takes: 'task' },
  { name: 'feedback', summary: 'read what you wrote in feedback/DATE.md', takes: 'date' },
  { name: 'lessons', summary: 'what was learned from feedback, and what it does' },
  { name: 'pause', summary: 'pause a task, or the day', takes: 'task' },
  { name: 'resume', summary: 'go on with a paused task, or the day', takes: 'task' },
  { name: 'stop', summary: 'end a task, or the day', takes: 'task' },
  { name: 'retry', summary: 'give a task that ended another go', takes: 'task' },
  { name: 'diff', summary: 'show what a task changed', takes: 'task' },
  { name: 'apply', summary: 'put a task’s work into your checkout, unstaged', takes: 'task' },
  { name: 'commit', summary: 'make a commit of a task’s work, on your branch', takes: 'task' },
  { name: 'branch', summary: 'make a branch of a task’s work; your checkout stays', takes: 'task' },
  { name: 'pr', summary: 'open a pull request for a task’s work, with gh', takes: 'task' },
  { name: 'rollback', summary: 'take a task’s checkout back to a checkpoint', takes: 'task' },
  { name: 'report', summary: 'write a day’s report again from the journal', takes: 'date' },
  { name: 'journal', summary: 'show what happened' },
  { name: 'clean', summary: 'remove old workspaces', takes: 'task' },
  { name: 'pair', summary: 'print a code that lets somebody in by chat' },
  { name: 'people', summary: 'who may speak by chat' },
  { name: 'unpair', summary: 'let somebody speak no more' },
  { name: 'doctor', summary: 'test whether this machine has what a day needs' },
  { name: 'guard', summary: 'the guard by itself: judge and explain commands' },
  { name: 'demo', summary: 'run a day on a sample repository, without tokens' },
  { name: 'completion', summary: 'print the completion script of your shell' },
] as const satisfies readonly CommandEntry[];

interface CommandEntry {
  name: string;
  summary: string;
  /** What its first argument names, for shell completion. */
  takes?: 'task' | 'item' | 'date';
}

export type CommandName = (typeof commands)[number]['name'];
