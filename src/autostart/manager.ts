import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import { launchAgent } from './launchd.ts';
import { MARK, systemdUnit } from './systemd.ts';
import type { ManagerKind, ServiceSpec, Standing } from './types.ts';

type Env = Record<string, string | undefined>;

/** What came of talking to the service manager: `why` in its own words where it did not work. */
interface Told {
  ok: boolean;
  why: string;
}

/** What one needs of a service manager, and what a person types for it. */
export interface Manager {
  kind: ManagerKind;
  file: string;
  text: string;
  /** Why nobody can talk to it here; undefined where one can. */
  absent(): Promise<string | undefined>;
  /** Reads the file in, starts the service at each login, and `now`. */
  enable(now: boolean): Promise<Told>;
  /** Ends it and starts it no more. */
  disable(): Promise<Told>;
  /** After its file is gone: it is forgotten. */
  forget(): Promise<Told>;
  standing(): Promise<Standing>;
  /** What a person types. */
  say: { start: string; stop: string; logs: string; enable: string };
}

/** @param uid the person's, for launchd */
export function managerFor(kind: ManagerKind, spec: ServiceSpec, env: Env, uid: number): Manager {
  return kind === 'systemd' ? systemd(spec, env) : launchd(spec, env, uid);
}

async function tell(env: Env, program: string, ...args: string[]): Promise<Told & { out: string }> {
  const result = await execa(program, args, { env, extendEnv: false, reject: false, stdin: 'ignore', timeout: 30_000 });
  const out = result.stdout.trim();
  // Where the program is not there at all, only the error says so.
  const why = [result.stderr.trim(), out, result.failed ? messageOf(result) : ''].find((text) => text !== '') ?? '';
  return { ok: result.exitCode === 0, why, out };
}

function systemd(spec: ServiceSpec, env: Env): Manager {
  const unit = `${spec.name}.service`;
  const ask = (...args: string[]) => tell(env, 'systemctl', '--user', ...args);
  return {
    kind: 'systemd',
    file: join(env.XDG_CONFIG_HOME ?? join(spec.env.HOME ?? '', '.config'), 'systemd', 'user', unit),
    text: systemdUnit(spec),
    async absent() {
      const { ok, why } = await ask('show-environment');
      return ok ? undefined : why;
    },
    async enable(now) {
      const read = await ask('daemon-reload');
      if (!read.ok) return read;
      const enabled = await ask('enable', unit);
      // Restarted, so that a service that ran already runs by the new file.
      return enabled.ok && now ? ask('restart', unit) : enabled;
    },
    disable: () => ask('disable', '--now', unit),
    forget: () => ask('daemon-reload'),
    async standing() {
      const [active, enabled] = await Promise.all([ask('is-active', unit), ask('is-enabled', unit)]);
      const words = `${active.out || active.why}, ${enabled.out || enabled.why}`;
      return { running: active.out === 'active', enabled: enabled.out === 'enabled', words };
    },
    say: {
      enable: `systemctl --user daemon-reload && systemctl --user enable --now ${unit}`,
      start: `systemctl --user start ${unit}`,
      stop: `systemctl --user stop ${unit}`,
      logs: `journalctl --user -u ${unit} -f`,
    },
  };
}

function launchd(spec: ServiceSpec, env: Env, uid: number): Manager {
  const domain = `gui/${uid}`;
  const file = join(spec.env.HOME ?? '', 'Library', 'LaunchAgents', `${spec.name}.plist`);
  const ask = (...args: string[]) => tell(env, 'launchctl', ...args);
  return {
    kind: 'launchd',
    file,
    text: launchAgent(spec),
    async absent() {
      const { ok, why } = await ask('print', domain);
      return ok ? undefined : why;
    },
    async enable(now) {
      // What is loaded already is taken out first: launchd reads a file only once.
      await ask('bootout', `${domain}/${spec.name}`);
      // A loaded agent runs: without `now` it is for the next login.
      return now ? ask('bootstrap', domain, file) : { ok: true, why: '' };
    },
    disable: () => ask('bootout', `${domain}/${spec.name}`),
    forget: () => Promise.resolve({ ok: true, why: '' }),
    async standing() {
      const { ok, out, why } = await ask('print', `${domain}/${spec.name}`);
      const state = /^\s*state = (.*)$/m.exec(out)?.[1] ?? (ok ? 'loaded' : why);
      return { running: state === 'running', enabled: ok, words: state };
    },
    say: {
      enable: `launchctl bootstrap ${domain} ${file}`,
      start: `launchctl kickstart ${domain}/${spec.name}`,
      stop: `launchctl bootout ${domain}/${spec.name}`,
      logs: `tail -f ${spec.logFile}`,
    },
  };
}

/** The service file as it lies there; undefined where there is none. Rejects where it is somebody else's. */
export async function readOwn(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  if (text.includes(MARK)) return text;
  throw new DayshiftError('usage', `${file} is there, and it was not written by Dayshift`, {
    hint: 'it is left alone: move it away first',
  });
}

/** Writes the service file, whole or not at all. */
export async function writeOwn(file: string, text: string): Promise<void> {
  await readOwn(file);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text, { mode: 0o644 });
  await rename(`${file}.new`, file);
}

/** Removes the service file; false where there was none. */
export async function removeOwn(file: string): Promise<boolean> {
  if ((await readOwn(file)) === undefined) return false;
  await rm(file);
  return true;
}

/** The program files that a service file starts and that are not there any more: another Node, another place. */
export function missingOf(text: string): string[] {
  const unit = /^ExecStart="((?:\\.|[^"\\])*)" "((?:\\.|[^"\\])*)"/m.exec(text);
  const agent = /<key>ProgramArguments<\/key>\s*<array>\s*<string>(.*?)<\/string>\s*<string>(.*?)<\/string>/.exec(text);
  const words = [unit, agent].flatMap((found) => (found === null ? [] : found.slice(1)));
  const paths = words.map((word) =>
    unit === null
      ? word.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
      : word.replaceAll('%%', '%').replaceAll('$$', '$').replaceAll(/\\(.)/g, '$1'),
  );
  return paths.filter((path) => !existsSync(path));
}

/** Whether a person's services go on without a terminal of theirs. */
export function lingers(user: string): boolean {
  return user !== '' && existsSync(join('/var/lib/systemd/linger', user));
}
