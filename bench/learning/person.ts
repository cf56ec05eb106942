import { numbers } from './random.ts';
import { dear, faults, harmful, useless, type Fault } from './world.ts';
import type { Work } from './agent.ts';

/** Stars that a fault costs: who finds one thing to mend gives four, two give three. A broken one gets a single star. */
const A_FAULT = 1;
/** Moods, in stars. */
const MOOD = 0.35;
/** Of the tasks that went well or middling so many are rated; who got a broken one says so. */
const RATES = 0.85;
/** A fault that is there is named so often, and with the first naming comes a wish so often; later ones are wished for less and less gladly. */
const NAMES = 0.9;
const WISHES = 0.6;
const WISHES_AGAIN = 0.3;
/** A card that waits for a yes gets it on a day with this probability. */
export const SAYS_YES = 0.8;

export interface Person {
  /** The stars that the work is worth to this person, whether they write them down or not. */
  stars: (work: Work) => number;
  /** `feedback/DATE.md` for a day's work. */
  feedback: (date: string, day: number, work: readonly Work[]) => string;
  /** What was named so far. */
  told: ReadonlySet<string>;
  /** Whether it is one of their own wishes: to nothing else they say yes. */
  isOwn: (text: string) => boolean;
}

/** Whoever rates: their wishes are those for this world, or (`shuffled`) for another one, with the harmful one among them if they err. They know nothing of lessons. */
export function person(
  seed: number,
  arm: string,
  { wishes = 'right', errs = true }: { wishes?: 'right' | 'shuffled'; errs?: boolean },
): Person {
  const told = new Set<string>();
  const wished = new Set<string>();
  const stars = ({ task, day, found, broken }: Work) => {
    const mood = MOOD * numbers(`mood ${seed} ${arm} ${day} ${task}`).normal();
    const worth = broken ? 1 : 5 - A_FAULT * found.length;
    return Math.min(5, Math.max(1, Math.round(2 * (worth + mood)) / 2));
  };
  const said = (fault: Fault) => (wishes === 'right' ? fault.wish : fault.shuffled);
  return {
    told,
    stars,
    isOwn: (text) => faults.some((fault) => said(fault) === text),
    feedback(date, day, work) {
      const random = numbers(`person ${seed} ${arm} ${day}`);
      const sections = work.flatMap((one) => {
        const given = stars(one);
        if (given > 2.5 && !random.chance(RATES)) return [];
        const lines: string[] = [];
        const actions: string[] = [];
        for (const fault of one.found) {
          if (!random.chance(NAMES)) continue;
          lines.push(`⚠️ ${fault.seen}`);
          if (random.chance(wished.has(fault.id) ? WISHES_AGAIN : WISHES)) {
            wished.add(fault.id);
            actions.push(`Action: ${said(fault)}`);
          }
          told.add(fault.id);
        }
        if (one.broken) lines.push('❌ Nothing works any more');
        if (one.found.length === 0 && !one.broken) lines.push('✅ As it should be');
        return ['', `## ${one.task}`, `Rating: ${given}/5`, '', ...lines, ...actions];
      });
      const ideas = ideasOf(seed, day, errs).map((idea) => `Action: ${idea}`);
      const first = work[0];
      if (ideas.length > 0 && first !== undefined) {
        // An idea of one's own comes with the first task's stars.
        if (!sections.includes(`## ${first.task}`))
          sections.push('', `## ${first.task}`, `Rating: ${stars(first)}/5`, '');
        const at = sections.indexOf(`## ${first.task}`);
        sections.splice(at + 3, 0, ...ideas);
      }
      return [`# Feedback - ${date}`, ...sections, ''].join('\n');
    },
  };
}

/** Ideas that nothing in the work gave rise to, each once, on some day of the first two weeks; the harmful one only if the person errs. */
function ideasOf(seed: number, day: number, errs: boolean): string[] {
  const random = numbers(`ideas ${seed}`);
  const on = [...useless, dear.wish, harmful].map((idea) => ({ idea, day: 2 + Math.floor(random.next() * 12) }));
  return on.filter((one) => one.day === day && (errs || one.idea !== harmful)).map(({ idea }) => idea);
}

/** All that the oracle knows from the first day on. */
export const rightWishes = faults.map(({ wish }) => wish);
