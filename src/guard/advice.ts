/** What to do instead, per rule: one or two sentences for the agent. */
const advice: Record<string, string> = {
  'git.write':
    'Leave the change unstaged: Dayshift takes it over after the checks, and a person commits it. `git status`, `git diff` and `git log` work.',
  'git.remote': 'Work with what the repository already holds: `git log --all`, `git show`, `git branch -a` work.',
  'database.client':
    'Work with code, migration files and tests only; say in your summary which database command a person should run.',
  'database.migration':
    'Write the migration file and leave running it to a person; say in your summary that it waits to be run.',
  'database.driver': 'Test against an in-memory or fake database in the test suite, not with a connection of your own.',
  'database.look': 'Read the schema and the migration files in the repository instead.',
  'database.file': 'Work on a copy under /tmp, and leave the project’s own database file as it is.',
  'network.egress':
    'Use what is in the workspace and what the package manager installs; if the host is needed, ask for it with AskUserQuestion.',
  'network.unknown': 'Write the host out in the command, so that it can be compared with the list of hosts.',
  'network.send': 'Write the data to a file in the workspace instead, and say in your summary where it should go.',
  'packages.publish': 'Prepare the release in files; a person publishes it.',
  'path.outside': 'Use a path inside the workspace, or /tmp for scratch files.',
  'path.secret': 'Use example values (`.env.example`) instead; if a secret is really needed, ask with AskUserQuestion.',
  'path.guarded': 'Leave this folder as it is; all other files of the workspace may be changed.',
  'path.unknown': 'Write the path out in the command, relative to the workspace.',
  'guard.tamper': 'Do the task without it; if the limits are in the way, say so with AskUserQuestion.',
  'guard.error': 'Split this into shorter, simpler commands.',
  'guard.length': 'Write long text with the Write tool and keep the command short.',
  'shell.opaque':
    'Put the commands into a script in the workspace with the Write tool, then run that script by its name.',
  'shell.unknown':
    'Write the command out plainly, without a variable or a substitution as its first word; keep scripts that you run in the workspace, not in /tmp.',
  'tool.unknown': 'Use Bash, Read, Write and Edit; a person can allow the tool by guard.tools in config/dayshift.yaml.',
  'tool.schedule': 'Finish the work in this session: Dayshift plans when agents run.',
};

export const adviceFor = (rule: string): string => advice[rule] ?? 'Find another way to do this inside the workspace.';
