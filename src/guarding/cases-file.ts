import { resolve } from 'node:path';
import { z } from 'zod';
import { parseDocument, type Problem } from '../document/index.ts';
import { defaultPolicy, type GuardContext, type GuardPolicy, type ToolCall } from '../guard/index.ts';

const verdict = z.enum(['allow', 'ask', 'deny']);

const caseSchema = z
  .strictObject({
    command: z.string().min(1).optional().describe('a line of shell'),
    tool: z.string().min(1).optional().describe('another tool than the shell: Write, WebFetch, mcp__docs__search'),
    input: z.record(z.string(), z.unknown()).optional().describe('what that tool is called with'),
    cwd: z.string().min(1).optional().describe('where it starts; relative to the workspace'),
    expect: verdict.describe('what the guard must say: allow, ask or deny'),
    rule: z.string().min(1).optional().describe('the rule that must decide'),
  })
  .superRefine((one, context) => {
    if ((one.command === undefined) === (one.tool === undefined))
      context.addIssue({ code: 'custom', message: 'name either a command, or a tool with its input' });
    if (one.command !== undefined && one.input !== undefined)
      context.addIssue({ code: 'custom', message: 'input is for a tool', path: ['input'] });
  });

const whole = z.strictObject({
  workspace: z
    .string()
    .startsWith('/', 'expected an absolute path')
    .default('/repo')
    .describe('where the cases are judged; need not exist'),
  egress: z.array(z.string().min(1)).default([]).describe('hosts that may be reached'),
  files: z
    .record(z.string().min(1), z.string())
    .default({})
    .describe('files of the workspace, as far as cases need them'),
  cases: z.array(caseSchema).describe('the cases'),
});

type CasesFile = z.infer<typeof whole>;

/** A case that was judged otherwise than its author says. */
export interface WrongCase {
  /** Where it stands: `config/guard-cases.yaml:7:5`, or the family of a built-in one. */
  place: string;
  /** The command, or the tool with its input. */
  what: string;
  expected: { decision: string; rule?: string | undefined };
  found: { decision: string; rule: string };
}

/** A person's file of cases: a list of them, or a mapping with more about their setting. Never throws. */
export function readCases(
  text: string,
  file: string,
): { value?: CasesFile; problems: Problem[]; placeOf(index: number): string } {
  const list = z.array(caseSchema);
  const isList = Array.isArray(parseDocument(text, file, z.unknown()).raw);
  const parsed = isList ? parseDocument(text, file, list) : parseDocument(text, file, whole);
  const value = parsed.value === undefined ? undefined : whole.parse(isList ? { cases: parsed.value } : parsed.value);
  return {
    ...(value === undefined ? {} : { value }),
    problems: parsed.problems,
    placeOf(index) {
      const { line, column } = parsed.locate(isList ? [index] : ['cases', index]);
      return `${file}:${line}:${column}`;
    },
  };
}

/** The place that a file of cases speaks of: no file of this machine is looked at. */
export function contextOf(file: CasesFile, policy: GuardPolicy = defaultPolicy, home = '/home/user'): GuardContext {
  const { workspace } = file;
  const files = new Map(Object.entries(file.files).map(([name, text]) => [resolve(workspace, name), text]));
  return {
    workspace,
    writable: [],
    readable: [],
    home,
    policy: { ...policy, egress: [...policy.egress, ...file.egress] },
    readFile: (path) => files.get(path),
    list(folder) {
      const names = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
      return [...new Set(names.map((path) => path.slice(folder.length + 1).replace(/\/.*/s, '')))];
    },
    realpath: (path) => path,
    tracked: () => [...files.keys()].map((path) => path.slice(workspace.length + 1)),
  };
}

/** The calls of a file, with what is expected of each. */
export function callsOf(file: CasesFile): { call: ToolCall; what: string; expected: WrongCase['expected'] }[] {
  return file.cases.map(({ command, tool, input, cwd, expect, rule }) => ({
    call: {
      tool: tool ?? 'Bash',
      input: command === undefined ? (input ?? {}) : { command },
      cwd: resolve(file.workspace, cwd ?? '.'),
    },
    what: command ?? `${tool ?? ''} ${JSON.stringify(input ?? {})}`,
    expected: { decision: expect, rule },
  }));
}
