export type Verdict = 'allow' | 'ask' | 'deny';

/** What a condition may be about; the names that rules use. `run` is a command itself, whatever its effects are. */
export const effectNames = [
  'git_read',
  'git_write',
  'git_remote',
  'database',
  'network',
  'publish',
  'read',
  'write',
  'delete',
  'list',
  'process',
  'system',
  'tamper',
  'unknown',
  'tool',
  'run',
] as const;
export type EffectName = (typeof effectNames)[number];

/** Where a path lies (one of the first nine), and what else it is. */
export const placeNames = [
  'workspace',
  'writable',
  'readable',
  'temporary',
  'device',
  'system',
  'above',
  'outside',
  'unknown',
  'secret',
  'env_file',
  'guarded',
  'database_file',
  'everything',
] as const;
type PlaceName = (typeof placeNames)[number];

export const databaseKinds = ['client', 'migration', 'driver', 'look'] as const;

/** All that is named must fit; of a list, one. */
export interface Condition {
  effect?: EffectName | readonly EffectName[] | undefined;
  /** Pattern of an effective command: its words with single blanks between them, `*` for any text. */
  command?: string | readonly string[] | undefined;
  /** `host`, `host:port`, `*.host`, or `loopback`, `listed`, `unknown`. */
  host?: string | readonly string[] | undefined;
  /** Data may go out with it. */
  sends?: boolean | undefined;
  /** Pattern of a path: relative to the workspace, absolute, or from `~/`; without a slash, of a name anywhere. */
  path?: string | readonly string[] | undefined;
  /** The path and everything under it. */
  whole?: boolean | undefined;
  place?: PlaceName | readonly PlaceName[] | undefined;
  how?: (typeof databaseKinds)[number] | readonly (typeof databaseKinds)[number][] | undefined;
  /** Files that the project tracks are deleted: any, or more than ten or a whole folder of them. */
  tracked?: 'any' | 'many' | undefined;
  /** Unknown text would be run by a shell or an interpreter. */
  runs?: boolean | undefined;
  /** Pattern of a tool's name. */
  tool?: string | readonly string[] | undefined;
}

/** One rule: where `when` fits an effect, `then` is what it says of it. */
export interface Rule {
  /** Its name, for the journal and for people. */
  id: string;
  /** One condition, or several of which one must fit. */
  when: Condition | readonly Condition[];
  then: Verdict;
  /** Why, in one sentence. `{command}`, `{path}`, `{host}`, `{what}`, `{tool}`, `{files}` are filled in. */
  reason: string;
  /** What to do instead, in one or two sentences. */
  instead?: string | undefined;
  /** False for a deny that only says that something could not be told: no violation. */
  counts?: boolean | undefined;
}

/** Whose rule it is. */
export type Layer = 'built-in' | 'home' | 'project or task';
