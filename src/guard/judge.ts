import { UNKNOWN, shown } from './marks.ts';
import { factsOf } from './policy/facts.ts';
import type { Verdict } from './policy/rule.ts';
import { lossesOf, type Loss } from './policy/tracked.ts';
import { placesIn } from './places.ts';
import type { Interpretation } from './interpret.ts';
import type { Decision, Facts, Finding, GuardContext, Judged, Place, ReadyRule } from './types.ts';
import { violationOf, wordsShownIn, worse } from './violation.ts';

const rank: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };

/** One thing judged: the rule that counts, and what it says. */
interface Ruling {
  ready: ReadyRule;
  facts: Facts;
  command: number | undefined;
}

/**
 * The decision on all effects together: the strictest counts, and among denials the one that says most of what the
 * agent was about. `source`: the text as the agent wrote it.
 */
export function judge(found: Interpretation, context: GuardContext, source: string): Decision {
  const isShown = wordsShownIn(source);
  let worst: Ruling | undefined;
  let violation: Decision['violation'];
  for (const ruling of rulings(found, context)) {
    const { then } = ruling.ready.rule;
    if (worst !== undefined && rank[then] < rank[worst.ready.rule.then]) continue;
    const next =
      then === 'deny' ? violationOf(ruling.ready.rule, ruling.facts, found, ruling.command, isShown) : undefined;
    const more = worst === undefined || rank[then] > rank[worst.ready.rule.then] || worse(next, violation);
    if (more) [worst, violation] = [ruling, next];
    if (violation === 'tamper') break;
  }
  if (worst === undefined)
    return { decision: 'allow', rule: 'nothing', reason: 'No effect was found that a rule speaks of.' };
  return decisionOf(worst, violation);
}

/** What each rule says of each effect, for people. */
export function findings(found: Interpretation, context: GuardContext): Finding[] {
  return [...rulings(found, context)].flatMap(({ ready, facts, command }) => {
    const { effect } = facts;
    if (effect.kind === 'run') return [];
    const { id, then } = ready.rule;
    return [{ effect, ...(command === undefined ? {} : { command }), decision: then, rule: id, layer: ready.layer }];
  });
}

function* rulings(found: Interpretation, context: GuardContext): Generator<Ruling> {
  let places: ((path: string) => Place) | undefined;
  const placeOf = (path: string): Place => (places ??= placesIn(context))(path);
  let written: Set<string> | undefined;
  const losses = lossesOf(context.tracked);
  const lossOf = (inside: string, { path, whole }: { path: string; whole: boolean }): Loss =>
    losses(inside, whole, (written ??= writtenBy(found)).has(path));
  const one = (effect: Judged, command: number | undefined): Ruling | undefined => {
    const owner = command === undefined ? undefined : found.commands[command];
    return rule(factsOf(effect, owner, context, placeOf, lossOf), command);
  };
  for (const [index, effect] of found.effects.entries()) {
    const ruling = one(effect, found.owners[index]);
    if (ruling !== undefined) yield ruling;
  }
  if (!context.policy.rules.aboutCommands) return;
  for (const index of found.commands.keys()) {
    const ruling = one({ kind: 'run' }, index);
    if (ruling !== undefined) yield ruling;
  }
}

const writtenBy = ({ effects }: Interpretation): Set<string> =>
  new Set(effects.flatMap((effect) => (effect.kind === 'write' ? [effect.path] : [])));

function rule(facts: Facts, command: number | undefined): Ruling | undefined {
  const { first, tighter } = facts.context.policy.rules;
  const { kind } = facts.effect;
  let found: ReadyRule | undefined;
  for (const ready of first[kind]) {
    if (!ready.fits(facts)) continue;
    found = ready;
    break;
  }
  for (const ready of tighter[kind]) {
    if ((found === undefined || rank[ready.rule.then] > rank[found.rule.then]) && ready.fits(facts)) found = ready;
  }
  return found === undefined ? undefined : { ready: found, facts, command };
}

function decisionOf({ ready, facts }: Ruling, violation: Decision['violation']): Decision {
  const { id, then, reason, instead } = ready.rule;
  const decision: Decision = { decision: then, rule: id, reason: filled(reason, facts) };
  if (then !== 'allow') decision.instead = instead ?? 'Find another way to do this inside the workspace.';
  if (violation !== undefined) decision.violation = violation;
  return decision;
}

const verbs = { read: 'read', list: 'list', write: 'write', delete: 'delete' } as const;

/** The rule's sentence with the facts in it. */
function filled(sentence: string, facts: Facts): string {
  if (!sentence.includes('{')) return sentence;
  const { effect } = facts;
  return sentence.replace(/\{(command|path|host|what|tool|files)\}/g, (whole, name: string) => {
    switch (name) {
      case 'command':
        return brief(
          'command' in effect ? effect.command : 'what' in effect ? effect.what : (facts.commands()[0] ?? ''),
        );
      case 'path':
        return 'path' in effect ? shown(effect.path === '' ? UNKNOWN : effect.path) : whole;
      case 'host':
        return effect.kind === 'network' ? (facts.target()?.host ?? shown(effect.host)) : whole;
      case 'what':
        return 'what' in effect ? effect.what : 'path' in effect ? verbs[effect.kind] : whole;
      case 'tool':
        return effect.kind === 'tool' ? effect.tool : whole;
      default:
        return facts.loss().words;
    }
  });
}

const brief = (text: string): string =>
  (text.length > 120 ? `${text.slice(0, 117).toWellFormed()}…` : text).replace(/\s+/g, ' ');
