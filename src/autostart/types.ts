/** What keeps `dayshift up` running on a machine, beside the person's terminal. */
export type ManagerKind = 'systemd' | 'launchd';

/** What is started, and with what. Nothing secret: the file that it becomes is readable. */
export interface ServiceSpec {
  /** The unit's or the agent's name, one for each home. */
  name: string;
  home: string;
  /** The program with its arguments; absolute. */
  command: string[];
  /** All that the program gets of the environment. */
  env: Record<string, string>;
  /** Of launchd, which has no journal: where the program's output goes. */
  logFile: string;
}

/** How the service stands, as its manager says. */
export interface Standing {
  running: boolean;
  /** It starts by itself when the person logs in, or the machine boots. */
  enabled: boolean;
  /** In the manager's own words. */
  words: string;
}
