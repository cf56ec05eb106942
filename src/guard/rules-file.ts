/** The second entry of the room, for whoever reads or writes rules: it loads zod and yaml, which a decision needs not. */
import { stringify } from 'yaml';
import { parseDocument, type Problem } from '../document/index.ts';
import type { RuleSet } from './types.ts';
import { guardFileSchema, type GuardFile } from './policy/schema.ts';

export { stricterGuardSchema } from './policy/schema.ts';
export type { GuardFile, StricterGuard } from './policy/schema.ts';

/** `config/guard.yaml`'s text as what it says, or everything that is wrong with it. Never throws. An empty file says nothing. */
export function parseGuardFile(text: string, file: string): { value?: GuardFile; problems: Problem[] } {
  const { value, problems } = parseDocument(text, file, guardFileSchema, { empty: {} });
  return value === undefined ? { problems } : { value, problems };
}

/** The rules in force as YAML, in the order in which they count, each with whose it is. */
export function printRules(rules: RuleSet): string {
  let layer = '';
  return rules.all
    .map(({ rule, layer: whose }) => {
      const heading = whose === layer ? '' : `${layer === '' ? '' : '\n'}# ${headings[whose]}\n`;
      layer = whose;
      return heading + stringify([rule], { lineWidth: 0, flowCollectionPadding: true });
    })
    .join('');
}

const headings = {
  'project or task': 'of the project or the task: they count where they are stricter',
  home: 'config/guard.yaml: the first that fits counts, before the built-in ones',
  'built-in': 'built in: the first that fits counts',
} as const;
