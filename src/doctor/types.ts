import type { DayshiftError } from '../base/index.ts';
import type { Config, HomePaths } from '../home/index.ts';

/** What was found about one thing that a day needs. */
export interface Finding {
  /** In a word or two: `node`, `claude`, `sandbox`. */
  name: string;
  /** fail: no day can run like this. warn: it can, with what `remedy` says in mind. */
  ok: 'ok' | 'warn' | 'fail';
  /** What was found, in one sentence. Holds no secret. */
  found: string;
  /** What to do about it; always there unless ok. */
  remedy?: string;
}

export interface DiagnoseInput {
  /** The daemon's environment, the home's `.env` included. */
  env: Record<string, string | undefined>;
  /** Where there is a home. Without one only the machine is looked at. */
  home?: HomePaths;
  /** The home's config; absent where it could not be read, and then `problem` says why. */
  config?: Config;
  problem?: DayshiftError;
}

type Found = Finding | Finding[];

/** One test: looks for itself. What it finds is never thrown. */
export type Check = (input: DiagnoseInput) => Promise<Found> | Found;
