import { canonical } from '../commands.ts';
import { targetOf } from '../effects/host.ts';
import type { EffectiveCommand, Facts, GuardContext, Judged, Place, Target } from '../types.ts';
import type { Loss } from './tracked.ts';

/** What a delete of this path inside the workspace would lose. */
type LossOf = (inside: string, effect: { path: string; whole: boolean }) => Loss;

const nothingLost: Loss = { any: false, many: false, words: '' };

export function factsOf(
  effect: Judged,
  command: EffectiveCommand | undefined,
  context: GuardContext,
  placeOf: (path: string) => Place,
  lossOf: LossOf,
): Facts {
  return new Asked(effect, command, context, 'path' in effect ? placeOf(effect.path) : undefined, lossOf);
}

/** (A class: there are thousands of these in a long command, of which most are asked nothing.) */
class Asked implements Facts {
  readonly effect: Judged;
  readonly context: GuardContext;
  readonly place: Place | undefined;
  private readonly command: EffectiveCommand | undefined;
  private readonly lossOf: LossOf;
  private known: { commands?: readonly string[]; target?: { found: Target | undefined }; loss?: Loss } | undefined;

  constructor(
    effect: Judged,
    command: EffectiveCommand | undefined,
    context: GuardContext,
    place: Place | undefined,
    lossOf: LossOf,
  ) {
    this.effect = effect;
    this.command = command;
    this.context = context;
    this.place = place;
    this.lossOf = lossOf;
  }

  commands(): readonly string[] {
    return ((this.known ??= {}).commands ??= spellingsOf(this.command));
  }

  target(): Target | undefined {
    const { effect } = this;
    const found = ((this.known ??= {}).target ??= {
      found: effect.kind === 'network' ? targetOf(effect.host) : undefined,
    });
    return found.found;
  }

  loss(): Loss {
    const { effect, place } = this;
    if (effect.kind !== 'delete' || effect.kept === true || place?.zone !== 'workspace') return nothingLost;
    return ((this.known ??= {}).loss ??= this.lossOf(place.inside ?? '', effect));
  }
}

/** As it is written, and with the program by its plain name. */
function spellingsOf(command: EffectiveCommand | undefined): readonly string[] {
  const [word = '', ...rest] = command?.words ?? [];
  if (command === undefined) return [];
  const name = word.slice(word.lastIndexOf('/') + 1);
  const names = new Set([word, name, canonical(name)]);
  return [...names].map((first) => [first, ...rest].join(' '));
}
