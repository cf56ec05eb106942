import { doorTokenName } from '../../sandbox/index.ts';

/** Tools that make no sense in a shift: they leave the checkout, schedule the agent, follow work in the background, or talk to other sessions. */
const UNWANTED_TOOLS = [
  'CronCreate',
  'CronDelete',
  'CronList',
  'EnterPlanMode',
  'EnterWorktree',
  'ExitPlanMode',
  'ExitWorktree',
  'ListAgents',
  'Monitor',
  'ReportFindings',
  'ScheduleWakeup',
  'SendMessage',
  'TaskStop',
  'Workflow',
];

/** Seconds that a hook may hold its answer: a question waits for a person. */
const HOOK_TIMEOUT_S = 3600;

/**
 * The settings file of an attempt: every tool call and every end of a turn is asked about at the door. Nothing
 * is allowed beforehand; with the door gone, nothing runs. What a tool came to shows in the CLI's stream: a hook for that
 * would make each call 8 ms slower. Where the door asks for a token (`shown`) the CLI takes it from its environment: the file has its name only.
 */
export function settings(doorPort: number, shown: boolean): string {
  const hook = {
    type: 'http',
    url: `http://127.0.0.1:${doorPort}/hook`,
    timeout: HOOK_TIMEOUT_S,
    ...(shown ? { headers: { 'x-dayshift-token': `$${doorTokenName}` }, allowedEnvVars: [doorTokenName] } : {}),
  };
  const onTool = [{ matcher: '*', hooks: [hook] }];
  const always = [{ hooks: [hook] }];
  return json({
    hooks: {
      PreToolUse: onTool,
      Stop: always,
      SubagentStop: always,
      SessionEnd: always,
    },
    permissions: { deny: UNWANTED_TOOLS },
    // Parked sessions must be there after the holidays: the CLI deletes transcripts after 30 days by default.
    cleanupPeriodDays: 3650,
    autoMemoryEnabled: false,
    // The vendor would be asked about each host first, past the door. The list of hosts is the person's.
    skipWebFetchPreflight: true,
    attribution: { commit: '', pr: '' },
  });
}

/** Restrictive keys only. Hooks do not belong here: with managed hooks 2.1.329 refuses AskUserQuestion in `dontAsk`. */
export function managedSettings(): string {
  return json({ permissions: { disableBypassPermissionsMode: 'disable' } });
}

/** Where the CLI looks for its managed settings inside the sandbox. */
export const MANAGED_SETTINGS_PATH = '/etc/claude-code/managed-settings.json';

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
