import { canonical } from '../commands.ts';
import { targetOf } from '../effects/host.ts';
import type { EffectiveCommand, Facts, GuardContext, Judged, Place, Target } from '../types.ts';
import { lossOf, type Loss } from './tracked.ts';

const nothingLost: Loss = { any: false, many: false, words: '' };

export function factsOf(
  effect: Judged,
  command: EffectiveCommand | undefined,
  context: GuardContext,
  placeOf: (path: string) => Place,
  made: (path: string) => boolean,
): Facts {
  let commands: readonly string[] | undefined;
  let target: { found: Target | undefined } | undefined;
  let loss: Loss | undefined;
  const place = 'path' in effect ? placeOf(effect.path) : undefined;
  return {
    effect,
    context,
    place,
    commands: () => (commands ??= spellingsOf(command)),
    target: () => (target ??= { found: effect.kind === 'network' ? targetOf(effect.host) : undefined }).found,
    loss() {
      if (effect.kind !== 'delete' || effect.kept === true || place?.zone !== 'workspace') return nothingLost;
      loss ??= lossOf(place.inside ?? '', effect.whole, context.tracked?.(), made(effect.path));
      return loss;
    },
  };
}

/** As it is written, and with the program by its plain name. */
function spellingsOf(command: EffectiveCommand | undefined): readonly string[] {
  const [word = '', ...rest] = command?.words ?? [];
  if (command === undefined) return [];
  const name = word.slice(word.lastIndexOf('/') + 1);
  const names = new Set([word, name, canonical(name)]);
  return [...names].map((first) => [first, ...rest].join(' '));
}
