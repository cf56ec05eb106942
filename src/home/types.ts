import type { HomeGuard } from '../guard/index.ts';
import type { Project } from '../workspace/index.ts';
import type { HomePaths } from './paths.ts';
import type { Config } from './schema.ts';

/** A home with its config read and its projects found. */
export interface Home {
  paths: HomePaths;
  config: Config;
  /** The person's rules of config/guard.yaml, with the tools that the config allows. */
  guard: HomeGuard;
  /** Projects that can be worked on; none is fine until one is needed (see `projectOf`). */
  projects: Project[];
  /** Why a project of the config cannot be worked on, by its name. */
  unavailable: Record<string, string>;
  /** For people, one line each. */
  warnings: string[];
}

export interface HomeQuery {
  /** `--home`. */
  home?: string | undefined;
  env: Record<string, string | undefined>;
  cwd: string;
}
