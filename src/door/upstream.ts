import type { CredentialScheme, Upstream } from './types.ts';

const vendor = 'https://api.anthropic.com';

interface Source {
  name: string;
  kind: 'api_key' | 'oauth';
  scheme: CredentialScheme;
}

/** In the order in which they win. */
const sources: readonly Source[] = [
  { name: 'ANTHROPIC_API_KEY', kind: 'api_key', scheme: 'x-api-key' },
  // A bearer token of a gateway's: the CLI behind it works as with an API key.
  { name: 'ANTHROPIC_AUTH_TOKEN', kind: 'api_key', scheme: 'bearer' },
  { name: 'CLAUDE_CODE_OAUTH_TOKEN', kind: 'oauth', scheme: 'bearer' },
];

/** The key of a day whose model is scripted: no real one goes there. */
export const SCRIPTED_KEY = 'no-key-is-needed-for-a-scripted-model';

type Environment = Record<string, string | undefined>;

/** Where model calls go according to the daemon's environment, and with which credential. Reads nothing else. */
export function upstreamFromEnv(env: Environment): Upstream {
  const source = present(env)[0];
  const address = env.ANTHROPIC_BASE_URL?.trim() ?? '';
  const proxy: Record<string, string> = {};
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy']) {
    const value = env[name];
    if (value !== undefined && value !== '') proxy[name] = value;
  }
  return {
    baseUrl: (address === '' ? vendor : address).replace(/\/+$/, ''),
    credential:
      source === undefined
        ? undefined
        : { kind: source.kind, secret: env[source.name]?.trim() ?? '', scheme: source.scheme },
    ...(Object.keys(proxy).length === 0 ? {} : { proxy }),
  };
}

/** Who pays, in one line, for `plan` and the report: shows at most the last four characters of a key. */
export function payerOf(upstream: Upstream, env: Environment): string {
  const secret = upstream.credential?.secret;
  if (isLoopback(upstream.baseUrl) && (secret === undefined || secret === SCRIPTED_KEY))
    return 'scripted model on loopback, nobody pays';
  const [winner, ...ignored] = present(env);
  if (upstream.credential === undefined || winner === undefined) {
    return 'nobody: set ANTHROPIC_API_KEY, or make a token with `claude setup-token` and set CLAUDE_CODE_OAUTH_TOKEN';
  }
  const where = upstream.baseUrl === vendor ? '' : `, at ${originOf(upstream.baseUrl)}`;
  const rest =
    ignored.length === 0 ? '' : `; ${ignored.map((source) => source.name).join(' and ')} also set and ignored`;
  return `${describe(winner, upstream.credential.secret)}${where}${rest}`;
}

function describe(source: Source, secret: string): string {
  if (source.kind === 'oauth') return `Claude subscription (${source.name})`;
  // Of a short key the end would be most of it.
  const end = secret.length >= 16 ? `, ends in …${secret.slice(-4)}` : '';
  return `${source.scheme === 'bearer' ? 'token' : 'API key'} (${source.name}${end})`;
}

/** Everything in `upstream` that must never be written or sent anywhere else, longest first. */
export function secretsOf(upstream: Upstream): string[] {
  const secrets = new Set<string>();
  if (upstream.credential !== undefined) secrets.add(upstream.credential.secret);
  for (const address of [upstream.baseUrl, ...Object.values(upstream.proxy ?? {})]) {
    const password = URL.parse(address)?.password;
    if (password === undefined || password === '') continue;
    secrets.add(password);
    secrets.add(decoded(password));
  }
  secrets.delete('');
  return [...secrets].sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is part of the password
  }
}

function present(env: Environment): Source[] {
  return sources.filter((source) => (env[source.name]?.trim() ?? '') !== '');
}

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? 'an address that is not valid';
}

/** Whether the address is this machine: nobody outside can be asked to pay there. */
function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
