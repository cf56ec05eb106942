import { parse as parseShell } from 'unbash';
import { noise } from './noise.ts';
import { forbidden, plain, rewritings, rewritten, spelled, spellings } from './rewriting.ts';

/** Numbers from 0 (inclusive) to 1 that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One input for the guard; `marked`: it holds a command, at a place where it runs, that must never be allowed. */
export interface Fuzzed {
  command: string;
  marked: boolean;
}

/** A start that leaves the shell, or changes what words mean, is no place to put a command behind. */
const unfit = /\b(?:exit|exec|alias|return|break|continue|trap|logout|suspend|HOME|set)\b|\(\)|\bfunction\b|<<|\\$/;

/** Endless inputs: corpus commands with their characters and tokens mixed up, noise, bytes, and marked commands. */
export function createFuzzer(seed: number, corpus: readonly string[]): () => Fuzzed {
  const random = randomOf(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  // An open quote would take in what follows.
  const starts = corpus.filter(
    (command) => command.length < 300 && !unfit.test(command) && (parseShell(command).errors ?? []).length === 0,
  );

  /** A character as it is, most of the time. */
  const varied = (char: string): string => {
    const asItIs = below(2) === 0 && /[\w./:-]/.test(char);
    return asItIs ? char : spelled(char, below(spellings));
  };
  const marked = (): string => {
    const words = pick(forbidden);
    const start = words.map((word) => (below(3) === 0 ? Array.from(word, varied).join('') : plain([word]))).join(' ');
    const command = rewritten(
      words,
      Array.from({ length: below(4) }, () => pick(rewritings)),
      start,
    );
    const before = below(2) === 0 ? '' : `${pick(starts)}\n`;
    const after = below(2) === 0 ? '' : `\n${Array.from({ length: below(12) }, () => pick(noise)).join('')}`;
    return `${before}true\n${command}${after}`;
  };
  const mixed = (): string => {
    let text = pick(corpus);
    for (let round = 1 + below(4); round > 0; round -= 1) {
      const at = below(text.length + 1);
      const end = Math.min(text.length, at + below(8));
      switch (below(5)) {
        case 0:
          text = text.slice(0, at) + text.slice(end);
          break;
        case 1:
          text = text.slice(0, at) + pick(noise) + text.slice(at);
          break;
        case 2:
          text = text.slice(0, end) + text.slice(at);
          break;
        case 3:
          text = `${text.slice(0, at)}${pick(corpus)}${text.slice(end)}`.slice(0, 2000);
          break;
        default:
          text = pick(rewritings).wrap(text);
      }
    }
    return text;
  };
  return () => {
    switch (below(8)) {
      case 0:
        return { command: Array.from({ length: below(24) }, () => pick(noise)).join(''), marked: false };
      case 1:
        return { command: String.fromCharCode(...Array.from({ length: below(80) }, () => below(256))), marked: false };
      case 2:
      case 3:
      case 4:
        return { command: marked(), marked: true };
      default:
        return { command: mixed(), marked: false };
    }
  };
}

/** What is wrong with the guard's answer to an input; undefined where nothing is. */
export function faultOf(input: Fuzzed, answer: { decision: string; rule: string; reason: string }): string | undefined {
  if (input.marked && answer.decision === 'allow') return 'a marked command is allowed';
  // Too deep and too long are answers; an error that nobody foresaw is a fault, although it is a deny.
  return answer.rule === 'guard.error' && answer.reason.includes('itself') ? 'an error in the guard' : undefined;
}
