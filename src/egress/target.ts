import { portOf } from './list.ts';
import { hostName, looksLikeAddress } from './name.ts';

/** A host and a port that somebody wants to reach; `host` in the form of `hostName`. */
export interface EgressTarget {
  host: string;
  port: number;
}

/** Why a request names nobody who could be reached. `asked`: what it said, cut to what may be written down. */
export interface WrongTarget {
  problem: 'address' | 'malformed';
  asked: string;
}

/** What `CONNECT host:port` names. The port must be there; nothing else may be: no user, no path, no second host. */
export function connectTarget(authority: string): EgressTarget | WrongTarget {
  const colon = authority.lastIndexOf(':');
  const name = authority.slice(0, Math.max(0, colon));
  const port = portOf(authority.slice(colon + 1));
  if (colon < 0 || port === undefined) return wrong(authority);
  const host = hostName(name);
  return host === undefined ? wrong(name) : { host, port };
}

/** What `GET http://host[:port]/path` names, and the path with its query as it is sent on. */
export function plainTarget(url: string): (EgressTarget & { path: string }) | WrongTarget {
  const [, authority = '', path = ''] = /^http:\/\/([^/?#]*)([/?][\x21-\x7e]*)?$/i.exec(url) ?? [];
  const target = connectTarget(/:\d*$/.test(authority) && !authority.endsWith(']') ? authority : `${authority}:80`);
  if ('problem' in target) return { ...target, asked: shown(url) };
  return { ...target, path: path.startsWith('/') ? path : `/${path}` };
}

function wrong(asked: string): WrongTarget {
  const bare = asked.slice(asked.lastIndexOf('@') + 1);
  return { problem: looksLikeAddress(bare) ? 'address' : 'malformed', asked: shown(asked) };
}

/** The words of a stranger: cut, and nothing in them that moves a cursor. */
function shown(text: string): string {
  return text.slice(0, 120).replace(/[^\x21-\x7e]/g, '?');
}
