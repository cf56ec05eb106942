import { z } from 'zod';
import { builtInRules } from './built-in.ts';
import { databaseKinds, effectNames, placeNames, type Condition, type EffectName } from './rule.ts';

/** `config/guard.yaml`, and the `guard:` of a project or a task. Strict, a description on every field. */

const text = z.string().trim().min(1, 'expected some text');

const oneOrMore = <T extends z.ZodType>(schema: T) =>
  z.union([schema, z.array(schema).min(1)], {
    // Of the two what was meant: the fault itself, not that neither fits.
    error: (issue) => {
      const [meant] = issue.errors[Array.isArray(issue.input) ? 1 : 0] ?? [];
      return meant === undefined ? undefined : [...meant.path.map(String), meant.message].join(': ');
    },
  });

const host = text.refine(
  (value) => /^(?:loopback|listed|unknown|\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?(?::\d{1,5})?)$/i.test(value),
  'expected a host such as api.example.org, api.example.org:8443 or *.example.org, or one of loopback, listed, unknown',
);

/** Which effects have what a condition asks for. */
const about: Partial<Record<keyof Condition, readonly EffectName[]>> = {
  host: ['network'],
  sends: ['network'],
  how: ['database'],
  tracked: ['delete'],
  runs: ['unknown'],
  tool: ['tool'],
  path: ['read', 'write', 'delete', 'list'],
  place: ['read', 'write', 'delete', 'list'],
  whole: ['read', 'write', 'delete', 'list'],
};

const condition = z
  .strictObject({
    effect: oneOrMore(z.enum(effectNames)).optional().describe('what it does to the world: one or several'),
    command: oneOrMore(text).optional().describe('pattern of an effective command; * stands for any text'),
    host: oneOrMore(host).optional().describe('host, host:port or *.host; or loopback, listed, unknown'),
    sends: z.boolean().optional().describe('whether data may go out with it'),
    path: oneOrMore(text).optional().describe('pattern of a path, from the workspace, / or ~/'),
    whole: z.boolean().optional().describe('the path with everything under it'),
    place: oneOrMore(z.enum(placeNames)).optional().describe('where the path lies, or what it is'),
    how: oneOrMore(z.enum(databaseKinds)).optional().describe('how a database is reached'),
    tracked: z.enum(['any', 'many']).optional().describe('deletes files that the project tracks'),
    runs: z.boolean().optional().describe('unknown text would be run'),
    tool: oneOrMore(text).optional().describe('pattern of a tool’s name'),
  })
  .superRefine((value, context) => {
    const keys = Object.keys(value) as (keyof Condition)[];
    if (keys.length === 0)
      context.addIssue({ code: 'custom', message: 'name at least one of effect, command, path, host, tool …' });
    const named = value.effect === undefined ? [] : [value.effect].flat();
    for (const key of keys) {
      const fitting = about[key];
      if (fitting === undefined || named.length === 0 || named.some((effect) => fitting.includes(effect))) continue;
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `${key} is about ${fitting.join(', ')}, and this rule is about ${named.join(', ')}`,
      });
    }
  });

const builtInIds = new Set(builtInRules.map(({ id }) => id));

const ruleOf = <T extends z.ZodType<'allow' | 'ask' | 'deny'>>(then: T) =>
  z.strictObject({
    id: text
      .regex(/^[\w.-]+$/, 'expected letters, digits, ".", "_" and "-" only')
      .refine((id) => !builtInIds.has(id), 'this is the name of a built-in rule: take another')
      .optional()
      .describe('its name, for the journal and the report'),
    when: oneOrMore(condition).describe('what it is about: a condition, or several of which one must fit'),
    then,
    reason: text.optional().describe('why, in one sentence, for the agent and for you'),
    instead: text.optional().describe('what the agent should do instead'),
    counts: z.boolean().optional().describe('whether a deny counts as a violation; default: yes'),
  });

const verdict = z.enum(['allow', 'ask', 'deny']);
const stricter = z.enum(['ask', 'deny'], 'expected ask or deny: a project or a task can only be stricter');

/** `config/guard.yaml` of a home: the only place where something can be allowed that the built-in rules do not. */
export const guardFileSchema = z.strictObject({
  rules: z
    .array(ruleOf(verdict.describe('allow, ask or deny')))
    .default([])
    .describe('looked at before the built-in rules; the first that fits counts'),
  delete: verdict
    .optional()
    .describe('deleting files that the project tracks; default: ask for more than ten or a whole folder, else allow'),
  env_files: verdict.optional().describe('reading .env files of the workspace; default: deny'),
  tools: z.array(text).default([]).describe('further tools that agents may use, such as mcp__docs__*'),
});

/** The `guard:` of a project in config/dayshift.yaml, and of a task. */
export const stricterGuardSchema = z.strictObject({
  rules: z.array(ruleOf(stricter)).default([]).describe('stricter rules: each then is ask or deny'),
  delete: stricter.optional().describe('deleting files that the project tracks'),
  env_files: stricter.optional().describe('reading .env files of the workspace'),
  max_violations: z.number().int().min(0).optional().describe('stop after so many; 0: never'),
});

export type GuardFile = z.infer<typeof guardFileSchema>;
export type StricterGuard = z.infer<typeof stricterGuardSchema>;
