import type { EgressTarget } from '../../egress/index.ts';

/** A proxy that the daemon itself must take to get out. Its address may hold a password: never write it anywhere. */
export interface ChainedProxy {
  tls: boolean;
  host: string;
  port: number;
  /** The value of `Proxy-Authorization`, where it needs one. */
  authorization?: string;
}

/** The proxy for a target by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (either case); `direct` where there is none for it. */
export function proxyFor(
  env: Record<string, string | undefined>,
  scheme: 'http' | 'https',
  target: EgressTarget,
): ChainedProxy | 'direct' | 'unusable' {
  const names = scheme === 'https' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const address = names.map((name) => env[name]?.trim() ?? '').find((value) => value !== '');
  if (address === undefined || goesDirect(env.no_proxy ?? env.NO_PROXY ?? '', target)) return 'direct';
  const url = URL.parse(address.includes('://') ? address : `http://${address}`);
  if (url === null || url.hostname === '' || !/^https?:$/.test(url.protocol)) return 'unusable';
  const tls = url.protocol === 'https:';
  const user = `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    tls,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    ...(user === ':' ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
  };
}

/** `NO_PROXY`: names with all below them, with or without a dot in front, with or without a port; `*` is everything. */
function goesDirect(list: string, { host, port }: EgressTarget): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = '', at] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (entry === '*') return true;
      return (at === undefined || Number(at) === port) && name !== '' && (host === name || host.endsWith(`.${name}`));
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is part of the password
  }
}
