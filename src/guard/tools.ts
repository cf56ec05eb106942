import { asKnown } from './marks.ts';
import { resolve } from './paths.ts';
import { connection } from './effects/host.ts';
import type { Effect, GuardContext, ToolCall } from './types.ts';

/** Tools that only arrange the agent's own work; the door handles questions before the guard sees them. */
const own = new Set(
  'Task Agent TodoWrite TodoRead TaskCreate TaskUpdate TaskGet TaskList TaskOutput TaskStop BashOutput KillShell KillBash AskUserQuestion EnterPlanMode ExitPlanMode ListAgents SendMessage ToolSearch ReportFindings Skill StructuredOutput LSP'.split(
    ' ',
  ),
);
/** Tools that write the repository, start agents later or elsewhere, or reach out. */
const never = new Set('EnterWorktree ExitWorktree'.split(' '));
const scheduling = new Set(
  'ScheduleWakeup CronCreate CronDelete CronList RemoteTrigger Workflow PushNotification'.split(' '),
);

/** What a tool other than a shell would do; undefined where the tool is not known. */
export function toolEffects(call: ToolCall, context: GuardContext): Effect[] | 'schedule' | undefined {
  const { tool, input, cwd } = call;
  const absolute = (word: string, from = cwd): string => {
    const path = asKnown(word.startsWith('~/') || word === '~' ? context.home + word.slice(1) : word);
    return resolve(path, { cwds: [from] }, context)[0] ?? from;
  };
  const path = (...names: string[]): string =>
    absolute(names.map((name) => asText(input[name])).find((text) => text !== '') ?? cwd);
  if (own.has(tool)) return [{ kind: 'process', command: tool }];
  if (never.has(tool)) return [{ kind: 'git_write', command: tool }];
  if (scheduling.has(tool)) return 'schedule';
  switch (tool) {
    case 'Write':
    case 'Edit':
    case 'MultiEdit':
    case 'NotebookEdit': {
      const target = path('file_path', 'notebook_path', 'path');
      return target === cwd ? undefined : [{ kind: 'write', path: target, whole: false }];
    }
    case 'Read':
    case 'NotebookRead':
      return [{ kind: 'read', path: path('file_path', 'notebook_path', 'path'), whole: false }];
    case 'Glob':
    case 'LS': {
      const pattern = asText(input.pattern);
      const start = pattern.slice(0, pattern.search(/[*?[{]|$/)).replace(/[^/]*$/, '');
      const effects: Effect[] = [{ kind: 'list', path: path('path'), whole: pattern.includes('**') }];
      if (start !== '')
        effects.push({ kind: 'list', path: absolute(start, path('path')), whole: pattern.includes('**') });
      return effects;
    }
    case 'Grep':
      return [{ kind: 'read', path: path('path'), whole: true }];
    case 'WebFetch':
      return [connection(asText(input.url), 'WebFetch')];
    case 'WebSearch':
      return [{ kind: 'network', host: 'web-search', command: 'WebSearch', sends: false }];
    default:
      return context.policy.tools.includes(tool) ? [{ kind: 'process', command: tool }] : undefined;
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
