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
  return new Asked(effect, command, context, 'path' in effect ? placeOf(effect.path) : undefined, made);
}

/** (A class: there are thousands of these in a long command, of which most are asked nothing.) */
class Asked implements Facts {
  readonly effect: Judged;
  readonly context: GuardContext;
  readonly place: Place | undefined;
  private readonly command: EffectiveCommand | undefined;
  private readonly made: (path: string) => boolean;
  private known: { commands?: readonly string[]; target?: { found: Target | undefined }; loss?: Loss } | undefined;

  constructor(
    effect: Judged,
    command: EffectiveCommand | undefined,
    context: GuardContext,
    place: Place | undefined,
    made: (path: string) => boolean,
  ) {
    this.effect = effect;
    this.command = command;
    this.context = context;
    this.place = place;
    this.made = made;
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
    return ((this.known ??= {}).loss ??= lossOf(
      place.inside ?? '',
      effect.whole,
      this.context.tracked?.(),
      this.made(effect.path),
    ));
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
