import { FILES, isKnown } from './marks.ts';
import { mayBe } from './wildcards.ts';

const folders = ['.ssh', '.aws', '.gnupg', '.kube', '.azure', '.password-store', 'keychains', 'keyrings', '.mozilla'];
const files = [
  ...['.netrc', '_netrc', '.pgpass', '.my.cnf', '.mylogin.cnf', '.pypirc', '.git-credentials', '.vault-token'],
  ...['.terraformrc', '.credentials.json', '.claude.json', '.envrc'],
  ...['id_rsa', 'id_dsa', 'id_ecdsa', 'id_ed25519', 'shadow', 'gshadow', 'master.passwd', 'door.sock'],
  ...['.bash_history', '.zsh_history', '.sh_history', '.python_history', '.node_repl_history', '.psql_history'],
  ...['.mysql_history', '.sqlite_history', '.rediscli_history', '.dbshell', '.irb_history'],
];
const pathPatterns = [
  /\/\.docker\/config\.json$/,
  /\/\.config\/(?:gh|hub|gcloud|google-chrome|chromium|doctl|op|rclone|fly)(?:\/|$)/,
  /\/\.(?:cargo|gem)\/credentials/,
  /\/\.terraform\.d\/credentials/,
  /\/\.gradle\/gradle\.properties$/,
  /\/\.m2\/settings(?:-security)?\.xml$/,
  /^\/etc\/(?:sudoers|ssl\/private|ssh\/ssh_host)/,
  /^\/proc\/[^/]+\/(?:task\/[^/]+\/)?(?:environ|mem|auxv|map_files|root|cwd)(?:\/|$)/,
  /^\/proc\/kcore$/,
  /^\/(?:var\/)?run\/secrets(?:\/|$)/,
];
const escaped = (name: string): string => name.replaceAll('.', '\\.');
/** Whatever of the above a known path may be: most are nothing of it, and that is told in one look. */
const anySecret = new RegExp(
  [
    `(?:^|/)(?:${[...folders, ...files, '.npmrc', '.yarnrc.yml'].map(escaped).join('|')})(?:/|$)`,
    ...pathPatterns.map(({ source }) => source),
  ].join('|'),
);
/** Files with example values only. */
const harmlessEnv =
  /^\.env\.(?:(?:example|sample|template|tmpl|dist|defaults?|schema|test|testing|ci)(?:\..*)?|(?:[\w-]+\.)+(?:example|sample|template|tmpl|dist))$/;

/** True where a path, with marks, is or may be a file with keys, tokens or what a person typed. */
export function isSecret(path: string, home: string): boolean {
  const lower = path.toLowerCase();
  if (isKnown(path) && !anySecret.test(lower)) return false;
  if (pathPatterns.some((pattern) => pattern.test(lower))) return true;
  const segments = lower.split('/');
  if (segments.some((segment) => folders.some((name) => matches(segment, name)))) return true;
  const last = segments.at(-1) ?? '';
  if (files.some((name) => matches(last, name))) return true;
  if (lower === `${home.toLowerCase()}/.npmrc` || lower === `${home.toLowerCase()}/.yarnrc.yml`) return true;
  return !isKnown(path) && lower.startsWith('/proc/') && mayBe(last, 'environ');
}

/** True where a path, with marks, is or may be a file of settings with secrets among them: `.env`, `.env.local`. */
export function isEnvFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (!name.startsWith('.')) return false;
  if (!isKnown(name)) return matches(name, '.env') || matches(name, '.env.local');
  return name === '.env' || (name.startsWith('.env.') && !harmlessEnv.test(name));
}

function matches(segment: string, name: string): boolean {
  if (isKnown(segment)) return segment === name;
  if (segment.includes(FILES)) return false;
  if (name.startsWith('.') ? !/^\.[^\u0013]/.test(segment) : !/[a-z]/.test(segment)) return false;
  return mayBe(segment, name);
}
