import { chownSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';

/** A real PostgreSQL in a temporary folder, run by an ordinary user: it refuses to run as root. */
export interface Postgres {
  /** Of its socket. */
  folder: string;
  port: number;
  /** What psql prints for `sql`, asked over its socket. */
  ask(sql: string): Promise<string>;
  stop(): Promise<void>;
}

/** undefined where no PostgreSQL is installed. */
export async function startPostgres(): Promise<Postgres | undefined> {
  const bin = programs();
  if (bin === undefined) return undefined;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dayshift-pg-')));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const user = process.getuid?.() === 0 ? nobody() : undefined;
  if (user !== undefined) for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
  const as = (program: string, args: string[]): [string, string[]] =>
    user === undefined
      ? [join(bin, program), args]
      : ['setpriv', [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', join(bin, program), ...args]];
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  await execa(...as('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync']), {
    env,
    extendEnv: false,
    cwd: folder,
  });
  const port = await freePort();
  const options = ['-k', folder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'];
  const server = execa(...as('postgres', ['-D', data, ...options]), {
    env,
    extendEnv: false,
    cwd: folder,
    reject: false,
  });
  const ask = async (sql: string) =>
    (await execa('psql', ['-h', folder, '-p', String(port), '-U', 'postgres', '-d', 'postgres', '-Atc', sql])).stdout;
  const stop = async () => {
    server.kill('SIGQUIT');
    await server;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries += 1) {
    try {
      await ask('select 1');
      return { folder, port, ask, stop };
    } catch (error) {
      if (tries > 200) {
        await stop();
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Debian keeps them outside the PATH. */
function programs(): string | undefined {
  const debian = '/usr/lib/postgresql';
  try {
    const version = readdirSync(debian).toSorted().at(-1);
    if (version !== undefined) return join(debian, version, 'bin');
  } catch {
    // No Debian: on the PATH, perhaps.
  }
  const { stdout, exitCode } = execaSync('which', ['initdb'], { reject: false });
  return exitCode === 0 ? join(realpathSync(stdout), '..') : undefined;
}

/** initdb wants a user with a name. */
function nobody(): { uid: number; gid: number } {
  const [, , uid, gid] = execaSync('getent', ['passwd', 'nobody']).stdout.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
