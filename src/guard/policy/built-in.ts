import type { Rule } from './rule.ts';

const leaveDatabase =
  'Work with code, migration files and tests only; say in your summary which database command a person should run.';

/**
 * The rules that hold where nobody said otherwise. For each effect the first that fits counts; of all effects of a
 * command the strictest.
 */
export const builtInRules: readonly Rule[] = [
  { id: 'git.read', when: { effect: 'git_read' }, then: 'allow', reason: 'It only reads the repository.' },
  {
    id: 'git.remote',
    when: { effect: 'git_remote' },
    then: 'ask',
    reason: '`{command}` talks to a git remote.',
    instead: 'Work with what the repository already holds: `git log --all`, `git show`, `git branch -a` work.',
  },
  {
    id: 'git.write',
    when: { effect: 'git_write' },
    then: 'deny',
    reason: '`{command}` would write the repository, its index, its settings or a remote.',
    instead:
      'Leave the change unstaged: Dayshift takes it over after the checks, and a person commits it. `git status`, `git diff` and `git log` work.',
  },
  {
    id: 'database.look',
    when: { effect: 'database', how: 'look' },
    then: 'ask',
    reason: '`{command}` connects to a database.',
    instead: 'Read the schema and the migration files in the repository instead.',
  },
  {
    id: 'database.client',
    when: { effect: 'database', how: 'client' },
    then: 'deny',
    reason: '`{command}` would reach or change a database.',
    instead: leaveDatabase,
  },
  {
    id: 'database.migration',
    when: { effect: 'database', how: 'migration' },
    then: 'deny',
    reason: '`{command}` would reach or change a database.',
    instead: 'Write the migration file and leave running it to a person; say in your summary that it waits to be run.',
  },
  {
    id: 'database.driver',
    when: { effect: 'database', how: 'driver' },
    then: 'deny',
    reason: '`{command}` would reach or change a database.',
    instead: 'Test against an in-memory or fake database in the test suite, not with a connection of your own.',
  },
  {
    id: 'packages.publish',
    when: { effect: 'publish' },
    then: 'deny',
    reason: '`{command}` publishes, logs in or changes a package manager’s settings.',
    instead: 'Prepare the release in files; a person publishes it.',
  },
  {
    id: 'network.loopback',
    when: { effect: 'network', host: 'loopback' },
    then: 'allow',
    reason: 'It stays on this machine.',
  },
  {
    id: 'network.unknown',
    when: { effect: 'network', host: 'unknown' },
    then: 'ask',
    reason: 'The host it connects to is not known.',
    instead: 'Write the host out in the command, so that it can be compared with the list of hosts.',
  },
  {
    id: 'network.send',
    when: { effect: 'network', host: 'listed', sends: true },
    then: 'ask',
    reason: 'Data would be sent to {host}.',
    instead: 'Write the data to a file in the workspace instead, and say in your summary where it should go.',
  },
  {
    id: 'network.listed',
    when: { effect: 'network', host: 'listed' },
    then: 'allow',
    reason: '{host} is on this task’s list of hosts.',
  },
  {
    id: 'network.egress',
    when: { effect: 'network' },
    then: 'deny',
    reason: '{host} is not on this task’s list of hosts.',
    instead:
      'Use what is in the workspace and what the package manager installs; if the host is needed, ask for it with AskUserQuestion.',
  },
  { id: 'process', when: { effect: 'process' }, then: 'allow', reason: 'An ordinary program.' },
  {
    id: 'system.change',
    when: { effect: 'system' },
    then: 'deny',
    reason: '`{command}` would change this machine or what runs on it, beyond the workspace.',
    instead: 'Do the task inside the workspace; say in your summary what a person should set up on the machine.',
  },
  {
    id: 'guard.tamper',
    when: { effect: 'tamper' },
    then: 'deny',
    reason: '`{command}` would change the agent itself or what watches it.',
    instead: 'Do the task without it; if the limits are in the way, say so with AskUserQuestion.',
  },
  {
    id: 'shell.opaque',
    when: { effect: 'unknown', runs: true },
    then: 'deny',
    reason: 'What would run cannot be read beforehand: {what}.',
    instead: 'Put the commands into a script in the workspace with the Write tool, then run that script by its name.',
    counts: false,
  },
  {
    id: 'shell.unknown',
    when: { effect: 'unknown' },
    then: 'ask',
    reason: 'It cannot be told what this does: {what}.',
    instead:
      'Write the command out plainly, without a variable or a substitution as its first word; keep scripts that you run in the workspace, not in /tmp.',
  },
  {
    id: 'path.guarded',
    when: { effect: ['write', 'delete'], place: ['guarded', 'everything'] },
    then: 'deny',
    reason: '{path} is or holds the repository’s own data, the agent’s settings or Dayshift’s files.',
    instead: 'Leave this folder as it is; all other files of the workspace may be changed.',
  },
  {
    id: 'path.secret',
    when: [
      { effect: 'read', place: ['secret', 'env_file'] },
      { effect: ['write', 'delete'], place: 'secret' },
    ],
    then: 'deny',
    reason: '{path} may hold keys, tokens or passwords.',
    instead: 'Use example values (`.env.example`) instead; if a secret is really needed, ask with AskUserQuestion.',
  },
  {
    id: 'database.file',
    when: { effect: ['write', 'delete'], place: 'database_file' },
    then: 'deny',
    reason: '{path} is a database file.',
    instead: 'Work on a copy under /tmp, and leave the project’s own database file as it is.',
  },
  {
    id: 'path.unknown',
    when: { effect: ['read', 'list', 'write', 'delete'], place: 'unknown' },
    then: 'ask',
    reason: 'The path {path}, which it would {what}, is not known.',
    instead: 'Write the path out in the command, relative to the workspace.',
  },
  {
    id: 'path.outside',
    when: [
      { effect: ['read', 'list', 'write', 'delete'], place: 'outside' },
      { effect: ['read', 'write', 'delete'], place: 'above' },
      { effect: 'list', place: 'above', whole: true },
      { effect: ['write', 'delete'], place: ['readable', 'system'] },
    ],
    then: 'deny',
    reason: '{path} lies outside the workspace: it may not {what} that.',
    instead: 'Use a path inside the workspace, or /tmp for scratch files.',
  },
  {
    id: 'path.many',
    when: { effect: 'delete', tracked: 'many' },
    then: 'ask',
    reason: 'It would delete {files} at {path}.',
    instead: 'Delete file by file what the task really makes superfluous, ten at most.',
  },
  {
    id: 'path.inside',
    when: { effect: ['read', 'list', 'write', 'delete'] },
    then: 'allow',
    reason: 'It stays where it may be.',
  },
  {
    id: 'tool.own',
    when: {
      tool: 'Task Agent TodoWrite TodoRead TaskCreate TaskUpdate TaskGet TaskList TaskOutput TaskStop BashOutput KillShell KillBash AskUserQuestion EnterPlanMode ExitPlanMode ListAgents SendMessage ToolSearch ReportFindings Skill SlashCommand StructuredOutput LSP'.split(
        ' ',
      ),
    },
    then: 'allow',
    reason: 'It only arranges the agent’s own work.',
  },
  {
    id: 'tool.worktree',
    when: { tool: ['EnterWorktree', 'ExitWorktree'] },
    then: 'deny',
    reason: '{tool} would write the repository.',
    instead: 'Work in this checkout: it is yours alone.',
  },
  {
    id: 'tool.schedule',
    when: {
      tool: 'ScheduleWakeup CronCreate CronDelete CronList RemoteTrigger Workflow PushNotification'.split(' '),
    },
    then: 'deny',
    reason: '{tool} would start work outside this session.',
    instead: 'Finish the work in this session: Dayshift plans when agents run.',
    counts: false,
  },
  {
    id: 'tool.unknown',
    when: { effect: 'tool' },
    then: 'deny',
    reason: 'The tool {tool} is not known, or misses its input.',
    instead: 'Use Bash, Read, Write and Edit; a person can allow the tool in config/guard.yaml.',
    counts: false,
  },
  { id: 'nothing', when: { effect: 'run' }, then: 'allow', reason: 'No effect was found that a rule speaks of.' },
];
