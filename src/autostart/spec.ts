import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { lastingPath } from './path.ts';
import type { ManagerKind, ServiceSpec } from './types.ts';

type Env = Record<string, string | undefined>;

/** What else of a terminal's environment the service gets: nothing of it is secret, and it must be there when Node starts. */
const TAKEN_ALONG = [
  'LANG',
  'LC_ALL',
  'TZ',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'CLAUDE_CONFIG_DIR',
  'TELEGRAM_API_ROOT',
  'DISCORD_API_ROOT',
];

/** What the service can only have from the home's `.env`: secrets, and who pays. A unit is no place for them. */
const FROM_ENV_FILE = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'TELEGRAM_BOT_TOKEN',
  'TELEGRAM_CHAT_ID',
  'DISCORD_BOT_TOKEN',
  'DISCORD_CHANNEL_ID',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
];

/** Which service manager this system has; undefined where it is none that we know. */
export function managerOf(platform: NodeJS.Platform): ManagerKind | undefined {
  if (platform === 'darwin') return 'launchd';
  return platform === 'linux' ? 'systemd' : undefined;
}

/**
 * What the service of a home is. Two homes of one name have services of their own; the same home has the same one,
 * by whatever path it is called.
 * @param program this program's start file, absolute
 */
export async function serviceOf(
  kind: ManagerKind,
  home: string,
  program: string,
  env: Env,
  node: string = process.execPath,
): Promise<ServiceSpec> {
  const real = await realpath(home);
  if (/[\n\r\0]/.test(`${real}${program}${node}`))
    throw new DayshiftError('usage', 'the path of the home or of this program has a line break in it', {
      hint: 'a service manager cannot start that: rename the folder',
    });
  const own =
    basename(real)
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .slice(0, 30) || 'home';
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 8);
  const name = `${kind === 'launchd' ? 'dev.dayshift.' : 'dayshift-'}${own}-${hash}`;
  const userHome = env.HOME ?? dirname(real);
  const along = TAKEN_ALONG.flatMap((key): [string, string][] => {
    const value = env[key];
    return value === undefined || value === '' || /[\n\r\0]/.test(value) ? [] : [[key, value]];
  });
  return {
    name,
    home: real,
    command: [node, program, '--home', real, 'up'],
    env: { PATH: await lastingPath(env.PATH ?? '', node), HOME: userHome, ...Object.fromEntries(along) },
    logFile: join(userHome, 'Library', 'Logs', `${name}.log`),
  };
}

/** Names that this terminal sets and the service will not see, for the home's `.env` does not have them. */
export function unseen(env: Env, file: Record<string, string>): string[] {
  return FROM_ENV_FILE.filter((name) => (env[name] ?? '') !== '' && file[name] === undefined);
}
