import { join } from 'node:path';

/** Every path that Dayshift uses in a home, in one place. All absolute. */
export interface HomePaths {
  home: string;
  config: string;
  configFile: string;
  /** `.env`: tokens and keys, for nobody else to read. */
  envFile: string;
  pricingFile: string;
  /** The person's own rules of the guard, and their cases. */
  guardFile: string;
  guardCasesFile: string;
  /** What was learned, as people may read and edit it. */
  lessonsFile: string;
  tasks: string;
  /** `config/recurring.yaml`: tasks that come again. */
  recurringFile: string;
  /** `tasks/backlog.yaml`: tasks for when there is time. */
  backlogFile: string;
  results: string;
  feedback: string;
  workspaces: string;
  /** `agent_questions/`: what waits now, and where people put answers. */
  questions: string;
  /** `.dayshift/`: Dayshift's own. */
  own: string;
  journal: string;
  stateFile: string;
  lockFile: string;
  /** Room that is kept back for `clean` on a full disk: see daemon/reserve.ts. */
  reserve: string;
  /** The running daemon's socket. Short, for a socket path holds 107 bytes: see daemon/. */
  controlSocket: string;
  /** Bare object stores of checkpoints. */
  stores: string;
}

export function homePaths(home: string): HomePaths {
  const own = join(home, '.dayshift');
  return {
    home,
    config: join(home, 'config'),
    configFile: join(home, 'config', 'dayshift.yaml'),
    envFile: join(home, '.env'),
    pricingFile: join(home, 'config', 'pricing.yaml'),
    guardFile: join(home, 'config', 'guard.yaml'),
    guardCasesFile: join(home, 'config', 'guard-cases.yaml'),
    lessonsFile: join(home, 'config', 'lessons.yaml'),
    tasks: join(home, 'tasks'),
    recurringFile: join(home, 'config', 'recurring.yaml'),
    backlogFile: join(home, 'tasks', 'backlog.yaml'),
    results: join(home, 'results'),
    feedback: join(home, 'feedback'),
    workspaces: join(home, 'agent_workspaces'),
    questions: join(home, 'agent_questions'),
    own,
    journal: join(own, 'journal'),
    stateFile: join(own, 'state.json'),
    lockFile: join(own, 'lock'),
    reserve: join(own, 'reserve'),
    controlSocket: join(own, 'control.sock'),
    stores: join(own, 'stores'),
  };
}
