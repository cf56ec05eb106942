import { z } from 'zod';
import { hostName } from '../egress/index.ts';
import { stricterGuardSchema } from '../guard/rules-file.ts';
import { egressEntry, timezoneName } from '../plan/index.ts';
import { whats } from '../schedule/index.ts';

/** `config/dayshift.yaml`. Every field has a description: it feeds docs/configuration.md and the errors. Snake case in the file. */
const minutes = (text: string) => z.number().positive().max(10_080).describe(`${text}, in minutes`);

const megabytes = (text: string) => z.number().positive().max(1_000_000).describe(`${text}, in megabytes`);

/** With less than `least` no agent could work. */
const limit = (text: string, least: number) =>
  z
    .number()
    .int()
    .max(100_000_000)
    .refine((value) => value === 0 || value >= least, `expected 0 (no limit) or at least ${least}`)
    .describe(`${text}; 0: no limit`);

const projectSchema = z.strictObject({
  name: z.string().min(1).describe('how task files call it'),
  path: z.string().min(1).describe('its folder, absolute or relative to the home; ~ is your home folder'),
  base: z.string().optional().describe('branch, tag or commit that work starts from; default: what is checked out'),
  copy: z.array(z.string()).default([]).describe('files that git ignores and the work needs, such as .env.test'),
  setup: z.array(z.string()).default([]).describe('commands run in the sandbox before the agent'),
  checks: z.array(z.string()).default([]).describe('commands that must pass before a task is done'),
  egress: z.array(egressEntry).default([]).describe('hosts that agents may reach, setup and checks too'),
  protect: z.array(z.string()).default([]).describe('database files in the project that agents may not write'),
  month_usd: z.number().positive().optional().describe('what its tasks may cost in a calendar month'),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe('environment of agents and checks; $NAME is taken from yours'),
  guard: stricterGuardSchema.optional().describe('rules that are stricter than the home’s'),
});

const ids = (text: string) => z.array(z.string().min(1)).default([]).describe(text);
const address = z.url({ protocol: /^(?:https?|socks5?)$/ }).optional();

const chatSchema = z.strictObject({
  tell: z
    .enum(['little', 'normal', 'all'])
    .default('normal')
    .describe('little: what needs you, alerts, the report; normal: also how tasks end; all: also what agents say'),
  quiet_hours: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'expected hours such as 22:00-07:00')
    .optional()
    .describe('no reminders then, and no sound, in the home’s time zone'),
  remind_minutes: z
    .array(z.number().positive())
    .default([10, 30])
    .describe('reminders of what waits, so long after it was asked; after the last one hourly'),
  escalate_minutes: z
    .number()
    .positive()
    .optional()
    .describe('what nobody answered for so long also goes to everyone else who may answer, by every channel'),
  transcribe: z
    .string()
    .optional()
    .describe('command that prints the words of a voice note: its last argument is the sound file'),
  telegram: z
    .strictObject({
      chats: ids('groups in which the bot listens, beside the paired people’s own chats'),
      projects: z.record(z.string(), z.string()).default({}).describe('the chat of a project, by the project’s name'),
      proxy: address.describe('proxy to the Bot API'),
    })
    .prefault({})
    .describe('Telegram; on where TELEGRAM_BOT_TOKEN is set'),
  discord: z
    .strictObject({
      servers: ids('servers in which the bot listens'),
      channels: ids('channels in which it listens; none: every channel of those servers'),
      projects: z.record(z.string(), z.string()).default({}).describe('the channel of a project'),
      proxy: address.describe('proxy to Discord'),
    })
    .prefault({})
    .describe('Discord; on where DISCORD_BOT_TOKEN is set'),
});

const entrySchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'expected letters, digits, "_" and "-" only')
    .max(40)
    .describe('morning, evening, rate, digest, clean change the built-in entry of that name; any other is your own'),
  cron: z
    .string()
    .optional()
    .describe('five fields: minute, hour, day, month, week day; off: never; default: the built-in one’s'),
  what: z.enum(whats).optional().describe('what is done; default: what the built-in one does'),
  missed: z
    .string()
    .optional()
    .describe(
      'where nobody was there at that time: run_late_until HH:MM, skip, or ask; default: the built-in one’s, else skip',
    ),
  timezone: timezoneName.optional().describe('IANA name of the zone whose clock counts; default: the home’s'),
});

export const configSchema = z.strictObject({
  timezone: timezoneName.optional().describe('IANA name, such as Europe/Berlin; default: the machine’s'),
  concurrency: z.number().int().min(1).max(64).default(3).describe('agents at work at the same time'),
  projects: z
    .array(projectSchema)
    .default([])
    .describe('repositories that tasks work on; default: the one that contains the home'),
  budget: z
    .strictObject({
      day_usd: z.number().positive().default(50).describe('what a day may cost'),
      month_usd: z.number().positive().optional().describe('what a calendar month may cost; default: no limit'),
      task_usd: z.number().positive().optional().describe('what a task may cost; default: no limit of its own'),
      alert_percent: z.number().min(1).max(100).default(75).describe('tell when so much of a budget is spent'),
    })
    .prefault({})
    .describe('money, in US dollars'),
  sandbox: z
    .strictObject({
      mode: z
        .enum(['auto', 'bubblewrap', 'sandbox-exec', 'none'])
        .default('auto')
        .describe('auto: the one for this system; none: agents can do what you can do'),
      read: z.array(z.string()).default([]).describe('folders that agents may read, such as a toolchain'),
      memory_mb: limit('memory of an agent with all it starts; default: half of the machine’s', 512).optional(),
      processes: limit('processes and threads of an agent', 100).default(2048),
      open_files: limit('open files of each of its processes', 1024).default(16_384),
      file_mb: limit('size of one file that it writes', 16).default(4096),
      tmp_mb: limit('size of its /tmp, and of its HOME', 16).default(1024),
      disk_mb: limit('what lies in its checkout, out and CLI’s folder', 100).default(20_480),
    })
    .prefault({})
    .describe('what agents can see and reach'),
  egress: z
    .strictObject({
      private: z
        .array(z.string().refine((name) => hostName(name) !== undefined, 'expected the whole name of a host'))
        .default([])
        .describe('hosts that may have addresses of your own network or machine'),
      task_mb: megabytes('what a task may send and receive beside model calls').default(4096),
      task_sent_mb: megabytes('of these, what it may send').default(64),
      connections: z.number().int().min(1).max(256).default(64).describe('connections of a task at the same time'),
      connections_per_minute: z.number().int().min(1).max(100_000).default(600).describe('new connections of a task'),
    })
    .prefault({})
    .describe('limits on what is reached by the lists of projects and tasks'),
  agent: z
    .strictObject({
      command: z.string().default('claude').describe('the Claude Code CLI: a name on the PATH or a path'),
      model: z.string().optional().describe('default model'),
      max_turns: z.number().int().positive().optional().describe('default limit of turns'),
      stand_by: z
        .boolean()
        .default(true)
        .describe('the CLI of the next task is started while others work: it takes 250 MB, where 2 GB are free'),
    })
    .prefault({})
    .describe('the coding CLI'),
  questions: z
    .strictObject({
      hold_seconds: z
        .number()
        .min(0)
        .max(3000)
        .default(20)
        .describe('how long an agent waits with its process running before it is parked'),
      on_question: z.enum(['park', 'wait']).default('park').describe('default policy of tasks'),
    })
    .prefault({})
    .describe('what happens when an agent asks'),
  chat: chatSchema.prefault({}).describe('Telegram and Discord'),
  runaway: z
    .strictObject({
      usd_per_minute: z.number().min(0).default(4).describe('money a task may cost a minute, over ten minutes; 0: any'),
      same_failure: z
        .number()
        .int()
        .min(0)
        .default(8)
        .describe('the same call failing alike so often in a row; 0: any'),
      turns_without_change: z.number().int().min(0).default(150).describe('model calls without a changed file; 0: any'),
    })
    .prefault({})
    .describe('when an agent is taken to run in circles: it is parked and you are asked'),
  auto_context: z
    .enum(['suggest', 'attach', 'off'])
    .default('suggest')
    .describe(
      'files that a task is likely to need: suggest: dayshift plan shows them; attach: the agent reads them first; off',
    ),
  learning: z
    .strictObject({
      ollama: z
        .strictObject({
          url: z
            .url({ protocol: /^https?$/ })
            .default('http://127.0.0.1:11434')
            .describe('where Ollama listens'),
          model: z.string().min(1).describe('the model, such as qwen3:8b'),
          num_ctx: z.number().int().min(1024).max(262_144).default(8192).describe('its context, in tokens'),
          timeout_seconds: z
            .number()
            .positive()
            .max(300)
            .default(30)
            .describe('for all of a file; then the rules go on'),
        })
        .optional()
        .describe(
          'a model of your own machine that proposes what a wish means where the rules know nothing but a line',
        ),
    })
    .prefault({})
    .describe('how lessons are made of feedback'),
  timeout_minutes: minutes('default working time of a task').default(240),
  idle_minutes: minutes('an agent without any progress for so long is taken for hung').default(10),
  retries: z.number().int().min(0).max(20).default(2).describe('how often failed checks send the agent back'),
  check_timeout_minutes: minutes('default time for one check or setup command').default(15),
  schedule: z.array(entrySchema).default([]).describe('what happens by itself while dayshift up runs: see below'),
  carry_over: z
    .boolean()
    .default(true)
    .describe('unfinished tasks of earlier days that cannot go on there come into a new day’s plan'),
  backlog: z
    .strictObject({
      until: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "17:00"')
        .default('17:00')
        .describe('a task of the backlog is begun only if it is likely done by then'),
    })
    .prefault({})
    .describe('tasks/backlog.yaml: taken while budget and time allow'),
  guard: z
    .strictObject({
      tools: z.array(z.string()).default([]).describe('further tools that agents may use, such as mcp__docs__*'),
      halt_on: z
        .array(z.enum(['tamper', 'disguised', 'plain']))
        .default(['tamper', 'disguised'])
        .describe('violations that stop a task at once'),
      max_violations: z
        .number()
        .int()
        .min(0)
        .max(1000)
        .default(5)
        .describe('violations of any kind that stop a task; 0: never'),
    })
    .prefault({})
    .describe('what follows from the guard’s refusals; its rules are in config/guard.yaml'),
});

export type Config = z.infer<typeof configSchema>;
export type ProjectConfig = z.infer<typeof projectSchema>;
