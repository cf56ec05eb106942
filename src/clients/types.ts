/** What the person's own package client is set to use, as far as a sandbox may know it: no token, no password. */
export interface ClientSettings {
  /** Its registries, as entries of an `egress` list: `host` or `host:port`. */
  hosts: string[];
  /** Settings for inside, as files of the home folder there. */
  files: HomeFile[];
  env: Record<string, string>;
  /** Files of certificate authorities that it is told to trust: absolute paths. */
  certificates: string[];
  /** Why its hosts are not known, or not all of them: one sentence for a person. */
  problem?: string;
}

export interface HomeFile {
  /** Relative to the home folder. */
  path: string;
  text: string;
}

export type Environment = Record<string, string | undefined>;

export const noSettings = (problem: string): ClientSettings => ({
  hosts: [],
  files: [],
  env: {},
  certificates: [],
  problem,
});
