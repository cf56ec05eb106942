import type { StricterGuard } from '../guard/rules-file.ts';

/** What a task file is read against. Plain data, and one port. */
export interface PlanContext {
  /** The day that the file's name stands for; undefined where it is named otherwise. */
  fileDate?: string | undefined;
  /** Time zone where the file names none. */
  timezone: string;
  defaults: {
    concurrency: number;
    dayUsd: number;
    taskUsd?: number | undefined;
    alertPercent: number;
    timeoutMinutes: number;
    retries: number;
    onQuestion: 'park' | 'wait';
    model?: string | undefined;
    maxTurns?: number | undefined;
  };
  projects: PlanProject[];
  /** Project of tasks that name none; undefined where they must. */
  defaultProject?: string | undefined;
  /** What to say to a task that names no project where there is no default one. */
  noProject: string;
  /** Names of the agent adapters; the first is the default. */
  agents: [string, ...string[]];
  /** Whether `path` (relative) is there in the project. */
  exists(project: string, path: string): boolean;
}

interface PlanProject {
  name: string;
  setup: string[];
  checks: string[];
  egress: string[];
  env: Record<string, string>;
  /** Stricter rules of the guard. */
  guard?: StricterGuard | undefined;
  /** Why it cannot be worked on now; undefined where it can. */
  unavailable?: string | undefined;
}
