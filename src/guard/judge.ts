import { adviceFor } from './advice.ts';
import { UNKNOWN, hasUnknown, shown } from './marks.ts';
import { isLoopback, targetOf } from './effects/host.ts';
import { placesIn, type Place } from './places.ts';
import type { Decision, Effect, GuardContext } from './types.ts';

/** The decision on all effects together: deny first, then ask, then allow. */
export function judge(effects: readonly Effect[], context: GuardContext): Decision {
  let worst: Decision | undefined;
  let places: ((path: string) => Place) | undefined;
  const placeOf = (path: string): Place => (places ??= placesIn(context))(path);
  for (const effect of effects) {
    const decision = judgeEffect(effect, context, placeOf);
    if (worst === undefined || rank[decision.decision] > rank[worst.decision]) worst = decision;
    if (worst.decision === 'deny') return worst;
  }
  return worst ?? allow('nothing', 'It does nothing outside the shell.');
}

const rank = { allow: 0, ask: 1, deny: 2 } as const;

const allow = (rule: string, reason: string): Decision => ({ decision: 'allow', rule, reason });
const ask = (rule: string, reason: string): Decision => ({ decision: 'ask', rule, reason, instead: adviceFor(rule) });
const deny = (rule: string, reason: string): Decision => ({ decision: 'deny', rule, reason, instead: adviceFor(rule) });

type PlaceOf = (path: string) => Place;

function judgeEffect(effect: Effect, context: GuardContext, placeOf: PlaceOf): Decision {
  switch (effect.kind) {
    case 'git_read':
      return allow('git.read', 'It only reads the repository.');
    case 'git_remote':
      return ask('git.remote', `\`${brief(effect.command)}\` talks to a git remote.`);
    case 'git_write':
      return deny(
        'git.write',
        `\`${brief(effect.command)}\` would write the repository, its index, its settings or a remote.`,
      );
    case 'database':
      if (effect.how === 'look') return ask('database.look', `\`${brief(effect.command)}\` connects to a database.`);
      return deny(`database.${effect.how}`, `\`${brief(effect.command)}\` would reach or change a database.`);
    case 'publish':
      return deny(
        'packages.publish',
        `\`${brief(effect.command)}\` publishes, logs in or changes a package manager's settings.`,
      );
    case 'network':
      return judgeHost(effect, context);
    case 'process':
      return allow('process', 'An ordinary program.');
    case 'tamper':
      return deny(
        'guard.tamper',
        `\`${brief(effect.what)}\` would change the system, the agent itself or what watches it.`,
      );
    case 'unknown':
      if (effect.runs) return deny('shell.opaque', `What would run cannot be read beforehand: ${effect.what}.`);
      return ask('shell.unknown', `It cannot be told what this does: ${effect.what}.`);
    case 'write':
    case 'delete':
    case 'read':
    case 'list':
      return judgePath(effect, placeOf);
  }
}

function judgeHost(effect: Extract<Effect, { kind: 'network' }>, context: GuardContext): Decision {
  const target = targetOf(effect.host);
  if (target === undefined)
    return hasUnknown(effect.host) && !endsElsewhere(effect.host, context)
      ? ask('network.unknown', 'The host it connects to is not known.')
      : deny('network.egress', `${shown(effect.host)} is not on this task's list of hosts.`);
  if (isLoopback(target.host)) return allow('network.loopback', 'It stays on this machine.');
  const listed = context.policy.egress.some((entry) => {
    const [host = '', port] = entry.toLowerCase().split(':');
    const same = host.startsWith('*.') ? target.host.endsWith(host.slice(1)) : target.host === host;
    return same && (port === undefined || target.port === undefined || port === target.port);
  });
  if (!listed) return deny('network.egress', `${target.host} is not on this task's list of hosts.`);
  if (effect.sends) return ask('network.send', `Data would be sent to ${target.host}.`);
  return allow('network.egress', `${target.host} is on this task's list of hosts.`);
}

/** A host of which only the end is known, which no listed host has: `$(…).example.com`. */
function endsElsewhere(host: string, context: GuardContext): boolean {
  const end = /\.[\w.-]+\.[a-z]+$/i.exec(host.slice(host.lastIndexOf(UNKNOWN) + 1))?.[0]?.toLowerCase();
  return end !== undefined && !context.policy.egress.some((entry) => `.${entry.split(':')[0] ?? ''}`.endsWith(end));
}

function judgePath(effect: Extract<Effect, { path: string }>, placeOf: PlaceOf): Decision {
  const path = shown(effect.path);
  if (effect.path === '' || effect.path.startsWith(UNKNOWN)) {
    return ask('path.unknown', `The path it would ${effect.kind} is not known.`);
  }
  const place = placeOf(effect.path);
  const verb = { write: 'written', delete: 'deleted', read: 'read', list: 'listed' }[effect.kind];
  if (effect.kind === 'read' || effect.kind === 'list') {
    if (place.secret && effect.kind === 'read')
      return deny('path.secret', `${path} may hold keys, tokens or passwords.`);
    if (place.zone === 'unknown') return ask('path.unknown', `The path ${path} is not known.`);
    if (place.zone === 'outside' || (place.zone === 'above' && (effect.kind === 'read' || effect.whole))) {
      return deny('path.outside', `${path} lies outside the workspace and must not be ${verb}.`);
    }
    return allow('path.inside', 'It reads where it may.');
  }
  if (place.guarded !== undefined || (place.root && effect.whole)) {
    return deny('path.guarded', `${path} holds ${place.guarded ?? '.git'}, which must not be ${verb}.`);
  }
  if (place.secret) return deny('path.secret', `${path} may hold keys, tokens or passwords.`);
  if (place.protected) return deny('database.file', `${path} is a database file.`);
  if (place.zone === 'unknown') return ask('path.unknown', `The path ${path} is not known.`);
  const free =
    place.zone === 'workspace' || place.zone === 'writable' || place.zone === 'temporary' || place.zone === 'device';
  if (!free) return deny('path.outside', `${path} lies outside the workspace and must not be ${verb}.`);
  return allow('path.inside', 'It writes where it may.');
}

const brief = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}…` : text).replace(/\s+/g, ' ');
