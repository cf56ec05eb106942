import { isAbsolute, normalize } from 'node:path';
import type { Path } from '../document/index.ts';
import { reservedEnv } from '../plan/index.ts';
import type { EntryConfig } from '../schedule/index.ts';
import { entryFaults } from './schedule-faults.ts';

/** Something wrong in a config before its place in the file is looked up. */
export interface Fault {
  path: Path;
  message: string;
  /** It is the key that is wrong, not what stands under it. */
  key?: boolean;
}

/**
 * What no single field of a config shows. It reads the file as it is written, before the schema: what is of the wrong kind
 * is passed over here (the schema tells of it), so that every kind of error is told at once.
 */
export function configFaults(raw: unknown): Fault[] {
  const config = mapping(raw);
  const projects = list(config.projects).map(mapping);
  const schedule = list(config.schedule).map(mapping);
  return [
    ...sameNames('projects', projects),
    ...projects.flatMap(projectFaults),
    ...sameNames('schedule', schedule),
    ...schedule.flatMap(scheduleFaults),
  ];
}

function sameNames(where: string, entries: Mapping[]): Fault[] {
  const first = new Map<string, number>();
  return entries.flatMap(({ name }, index) => {
    if (typeof name !== 'string') return [];
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, index);
      return [];
    }
    return [{ path: [where, index, 'name'], message: `${quote(name)} is also the name of ${where}[${other}]` }];
  });
}

function projectFaults(project: Mapping, index: number): Fault[] {
  const at = (...path: Path) => ['projects', index, ...path];
  const faults: Fault[] = [];
  if (typeof project.base === 'string' && project.base.startsWith('-'))
    faults.push({ path: at('base'), message: 'expected a branch, tag or commit: none begins with "-"' });
  for (const key of ['copy', 'protect']) {
    list(project[key]).forEach((path, entry) => {
      if (typeof path === 'string' && !isInside(path))
        faults.push({ path: at(key, entry), message: 'expected a path inside the project, relative to it' });
    });
  }
  for (const name of Object.keys(mapping(project.env))) {
    const message = envFault(name);
    if (message !== undefined) faults.push({ path: at('env', name), message, key: true });
  }
  return faults;
}

function envFault(name: string): string | undefined {
  if (reservedEnv.has(name)) return 'this name is Dayshift’s own: agents get no key and no other address';
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : 'not a name of the environment: letters, digits and _ only';
}

function scheduleFaults(entry: Mapping, index: number): Fault[] {
  if (typeof entry.name !== 'string') return [];
  const text = (key: string) => (typeof entry[key] === 'string' ? { [key]: entry[key] } : {});
  const read = { name: entry.name, ...text('cron'), ...text('missed') } as EntryConfig;
  return entryFaults(read, (key) => Object.hasOwn(entry, key)).map(({ key, message }) => ({
    path: ['schedule', index, key],
    message,
  }));
}

function isInside(path: string): boolean {
  const plain = normalize(path);
  return path !== '' && !isAbsolute(plain) && plain !== '..' && !plain.startsWith('../');
}

type Mapping = Record<string, unknown>;

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
