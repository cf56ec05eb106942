import { UNKNOWN, hasUnknown } from '../marks.ts';
import { isLoopback } from '../effects/host.ts';
import { below } from '../places.ts';
import type { Facts, GuardContext, Place, ReadyRule, RuleSet } from '../types.ts';
import { builtInRules } from './built-in.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { effectNames, type Condition, type EffectName, type Layer, type Rule, type Verdict } from './rule.ts';

/** What a person or a project says beyond the built-in rules. */
export interface RuleSources {
  /** The home's: looked at before the built-in rules, stricter or looser. */
  own?: readonly Rule[] | undefined;
  /** What comes after them; by default the built-in ones as they are. */
  builtIn?: readonly Rule[] | undefined;
  /** A project's or a task's: they count only where they are stricter. */
  tighter?: readonly Rule[] | undefined;
}

/** Puts rules together. Built once for a policy, for it is the guard's hot path. */
export function compileRules({ own = [], builtIn = builtInRules, tighter = [] }: RuleSources = {}): RuleSet {
  const first = [...own.map((rule) => ready(rule, 'home')), ...builtIn.map((rule) => ready(rule, 'built-in'))];
  const stricter = tighter.map((rule) => ready(rule, 'project or task'));
  const aboutRun = [...own, ...tighter].some((rule) => effectsOf(rule).includes('run'));
  return {
    first: byEffect(first),
    tighter: byEffect(stricter),
    aboutCommands: aboutRun,
    all: [...stricter, ...first].map(({ rule, layer }) => ({ rule, layer })),
  };
}

function byEffect(rules: readonly ReadyRule[]): Record<EffectName, ReadyRule[]> {
  const named = new Map(rules.map((rule) => [rule, new Set(effectsOf(rule.rule))]));
  return Object.fromEntries(
    effectNames.map((name) => [name, rules.filter((rule) => named.get(rule)?.has(name) === true)]),
  ) as Record<EffectName, ReadyRule[]>;
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

const conditionsOf = (rule: Rule): readonly Condition[] => listOf<Condition>(rule.when);

/** The effects that a rule may be about: those that it names, or those that have what it asks for. */
function effectsOf(rule: Rule): EffectName[] {
  return [...new Set(conditionsOf(rule).flatMap((condition) => effectsIn(condition)))];
}

function effectsIn(condition: Condition): readonly EffectName[] {
  const named = listOf<EffectName>(condition.effect);
  if (named.length > 0) return named;
  if (condition.tool !== undefined) return ['tool'];
  if (condition.host !== undefined || condition.sends !== undefined) return ['network'];
  if (condition.how !== undefined) return ['database'];
  if (condition.tracked !== undefined) return ['delete'];
  if (condition.runs !== undefined) return ['unknown'];
  if (condition.path !== undefined || condition.place !== undefined || condition.whole !== undefined)
    return ['read', 'write', 'delete', 'list'];
  return effectNames.filter((name) => name !== 'tool');
}

function ready(rule: Rule, layer: Layer): ReadyRule {
  const tests = conditionsOf(rule).map((condition) => {
    const effects = new Set<string>(effectsIn(condition));
    const parts = partsOf(condition, rule.then);
    return (facts: Facts) => effects.has(facts.effect.kind) && all(parts, facts);
  });
  const [only] = tests;
  return { rule, layer, fits: only !== undefined && tests.length === 1 ? only : (facts) => any(tests, facts) };
}

/** (Loops: each rule is asked for each effect.) */
function all(tests: readonly Test[], facts: Facts): boolean {
  for (const test of tests) if (!test(facts)) return false;
  return true;
}

function any(tests: readonly Test[], facts: Facts): boolean {
  for (const test of tests) if (test(facts)) return true;
  return false;
}

type Test = (facts: Facts) => boolean;

function partsOf(condition: Condition, then: Verdict): Test[] {
  // What nobody knows is taken for what a stricter rule means, and never for what is allowed.
  const sure = then === 'allow';
  const fits = (pattern: Pattern, text: string): boolean => (sure ? pattern.must(text) : pattern.may(text));
  const parts: Test[] = [];
  const { sends, runs, tracked, whole } = condition;
  const kinds = new Set<string>(listOf<string>(condition.how));
  if (kinds.size > 0) parts.push(({ effect }) => effect.kind === 'database' && kinds.has(effect.how));
  if (sends !== undefined) parts.push(({ effect }) => effect.kind === 'network' && effect.sends === sends);
  if (runs !== undefined) parts.push(({ effect }) => effect.kind === 'unknown' && effect.runs === runs);
  if (whole !== undefined) parts.push(({ effect }) => 'whole' in effect && effect.whole === whole);
  const places = new Set<string>(listOf<string>(condition.place));
  if (places.size > 0) parts.push(({ place, effect }) => place !== undefined && liesIn(place, effect, places));
  const hosts = listOf(condition.host);
  if (hosts.length > 0) parts.push((facts) => hosts.some((host) => hostFits(host, facts)));
  const tools = listOf(condition.tool).map((tool) => compilePattern(tool));
  if (tools.length > 0)
    parts.push(({ effect }) => effect.kind === 'tool' && tools.some((tool) => tool.must(effect.tool)));
  const commands = listOf(condition.command).map((command) => compilePattern(command.trim().replace(/\s+/g, ' ')));
  if (commands.length > 0)
    parts.push((facts) => facts.commands().some((text) => commands.some((command) => fits(command, text))));
  const paths = listOf(condition.path).map(pathPattern);
  if (paths.length > 0) parts.push((facts) => paths.some((path) => pathFits(path, facts, sure)));
  if (tracked !== undefined) parts.push((facts) => (tracked === 'many' ? facts.loss().many : facts.loss().any));
  return parts;
}

function liesIn(place: Place, effect: Facts['effect'], places: ReadonlySet<string>): boolean {
  if (places.has(place.zone)) return true;
  if (place.secret && places.has('secret')) return true;
  if (place.envFile && places.has('env_file')) return true;
  if (place.guarded !== undefined && places.has('guarded')) return true;
  if (place.protected && places.has('database_file')) return true;
  return place.root && 'whole' in effect && effect.whole && places.has('everything');
}

function hostFits(name: string, facts: Facts): boolean {
  const target = facts.target();
  if (name === 'unknown')
    return (
      target === undefined &&
      facts.effect.kind === 'network' &&
      hasUnknown(facts.effect.host) &&
      !endsElsewhere(facts.effect.host, facts.context)
    );
  if (target === undefined) return false;
  if (name === 'loopback') return isLoopback(target.host);
  if (name === 'listed') return facts.context.policy.egress.some((entry) => isListed(entry, target));
  return isListed(name, target);
}

/** `host`, `host:port`, `*.host` for its subdomains, `*` for every host. */
function isListed(entry: string, target: { host: string; port: string | undefined }): boolean {
  const [host = '', port] = entry.toLowerCase().split(':');
  const same = host === '*' || (host.startsWith('*.') ? target.host.endsWith(host.slice(1)) : target.host === host);
  return same && (port === undefined || target.port === undefined || port === target.port);
}

/** A host of which only the end is known, which no listed host has: `$(…).example.com`. */
function endsElsewhere(host: string, context: GuardContext): boolean {
  const end = /\.[\w.-]+\.[a-z]+$/i.exec(host.slice(host.lastIndexOf(UNKNOWN) + 1))?.[0]?.toLowerCase();
  return end !== undefined && !context.policy.egress.some((entry) => `.${entry.split(':')[0] ?? ''}`.endsWith(end));
}

interface PathPattern {
  from: 'workspace' | 'home' | 'root';
  itself: Pattern;
  under: Pattern;
}

function pathPattern(source: string): PathPattern {
  const from = source.startsWith('/') ? 'root' : source.startsWith('~/') ? 'home' : 'workspace';
  const plain = source.replace(/^~\//, '').replace(/^\.\//, '').replace(/\/+$/, '');
  const text = from === 'workspace' && !plain.includes('/') ? `**/${plain}` : plain;
  // Compared with a slash before it, so that `**/x` means `x` itself too.
  const whole = from === 'root' || text.startsWith('**/') ? text : `/${text}`;
  return {
    from,
    itself: compilePattern(whole, true),
    under: compilePattern(`${whole}/**`, true),
  };
}

function pathFits(pattern: PathPattern, { effect, place, context }: Facts, sure: boolean): boolean {
  if (place === undefined || !('path' in effect)) return false;
  const from = (path: string): string | undefined => {
    if (pattern.from === 'root') return path;
    const folder = pattern.from === 'home' ? context.home : undefined;
    const rest = folder === undefined ? undefined : below(path, folder);
    return rest === undefined ? undefined : `/${rest}`;
  };
  const texts =
    pattern.from === 'workspace'
      ? [place.inside, place.insideReal].map((path) => (path === undefined ? undefined : `/${path}`))
      : [from(effect.path), from(place.real)];
  const one = (text: string | undefined): boolean => {
    if (text === undefined) return false;
    if (sure) return pattern.itself.must(text) || pattern.under.must(text);
    // What is done to a folder as a whole is done to what the pattern means in it.
    const deeper = 'whole' in effect && effect.whole && pattern.itself.may(`${text === '/' ? '' : text}/\u0000`);
    return pattern.itself.may(text) || pattern.under.may(text) || deeper;
  };
  return sure ? texts.every(one) : texts.some(one);
}
