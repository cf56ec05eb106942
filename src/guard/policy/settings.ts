import { builtInRules } from './built-in.ts';
import type { RuleSet } from '../types.ts';
import { compileRules } from './compile.ts';
import type { Condition, Rule, Verdict } from './rule.ts';

/** A rule as it is written: what it leaves out is filled in here. */
interface WrittenRule {
  id?: string | undefined;
  when: Condition | readonly Condition[];
  then: Verdict;
  reason?: string | undefined;
  instead?: string | undefined;
  counts?: boolean | undefined;
}

/** What a home says of the guard. */
export interface HomeGuard {
  rules?: readonly WrittenRule[];
  delete?: Verdict | undefined;
  env_files?: Verdict | undefined;
  tools?: readonly string[];
}

/** What a project or a task says. Only `ask` and `deny` in it count. */
export interface StricterRules {
  rules?: readonly WrittenRule[] | undefined;
  delete?: Verdict | undefined;
  env_files?: Verdict | undefined;
}

/** The rules in force for a home, with what its project and task add. */
export function rulesFor(home: HomeGuard, stricter: readonly StricterRules[] = []): RuleSet {
  const tools: Rule[] =
    home.tools === undefined || home.tools.length === 0
      ? []
      : [{ id: 'tool.allowed', when: { tool: home.tools }, then: 'allow', reason: 'A person allows {tool}.' }];
  return compileRules({
    own: [...written(home.rules ?? [], 'home'), ...tools],
    builtIn: builtInRules.flatMap((rule) => replaced(rule, home)),
    tighter: stricter.flatMap(strict),
  });
}

/** A built-in rule with a setting in its place: so that what stands before it holds all the same. */
function replaced(rule: Rule, home: HomeGuard): Rule[] {
  if (rule.id === 'path.secret' && home.env_files !== undefined) return [envRule(home.env_files), rule];
  if (rule.id === 'path.many' && home.delete !== undefined)
    return home.delete === 'allow' ? [] : [deleteRule(home.delete)];
  return [rule];
}

function strict({ rules = [], delete: deletes, env_files }: StricterRules): Rule[] {
  const all = [...written(rules, 'stricter')];
  if (deletes !== undefined) all.push(deleteRule(deletes));
  if (env_files !== undefined) all.push(envRule(env_files));
  return all.filter((rule) => rule.then !== 'allow');
}

/** Within the workspace only: what lies elsewhere is no setting of the project's. */
const envRule = (then: Verdict): Rule => ({
  id: 'path.env',
  when: { effect: 'read', place: 'env_file', path: '**' },
  then,
  reason: '{path} may hold keys, tokens or passwords.',
  instead: 'Use example values (`.env.example`) instead; if a secret is really needed, ask with AskUserQuestion.',
});

const deleteRule = (then: Verdict): Rule => ({
  id: 'path.tracked',
  when: { effect: 'delete', tracked: 'any' },
  then,
  reason: 'It would delete {files} at {path}.',
  instead: 'Leave the files where they are, and say in your summary which of them are superfluous.',
});

function written(rules: readonly WrittenRule[], whose: string): Rule[] {
  return rules.map((rule, index) => {
    const id = rule.id ?? `${whose}.${index + 1}`;
    const says = rule.then === 'allow' ? `The rule ${id} allows it.` : `The rule ${id} is against it.`;
    return { ...rule, id, reason: rule.reason ?? says };
  });
}
