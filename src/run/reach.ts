import { isPublic, type HomeFile } from '../clients/index.ts';
import type { EgressAccess } from '../door/index.ts';
import { hostName, readEntry, rulesOf, WEB_SEARCH } from '../egress/index.ts';
import type { TaskSpec } from '../journal/index.ts';
import type { RunContext } from './context.ts';

/** What a task's `egress` list comes to on this machine. */
export interface Reach {
  access: EgressAccess;
  /** The same as entries of a list, words resolved: what the guard judges by. */
  hosts: string[];
  /** For inside, beside the way to the proxy. */
  env: Record<string, string>;
  files: HomeFile[];
  /** Files of certificate authorities. */
  readable: string[];
  /** What the person should know, one sentence each. */
  problems: string[];
}

/** Reads a task's list: words become the hosts of the person's clients, whose settings come along. */
export async function reachOf({ home, egress }: Pick<RunContext, 'home' | 'egress'>, spec: TaskSpec): Promise<Reach> {
  const presets = spec.egress.flatMap((text) => {
    const entry = readEntry(text);
    return entry.kind === 'preset' ? [entry.preset] : [];
  });
  const clients = await Promise.all(presets.map((preset) => egress.client(preset)));
  const own = clients.flatMap(({ hosts }) => hosts);
  const listed = spec.egress.filter((text) => readEntry(text).kind === 'host');
  const hosts = [...new Set([...listed, ...own])];
  const rules = rulesOf(hosts);
  const named = [...home.config.egress.private, ...rulesOf(own).map(({ host }) => host)];
  const search = spec.egress.includes(WEB_SEARCH) ? [WEB_SEARCH] : [];
  const problems = clients.flatMap(({ problem }) => problem ?? []);
  const access = { rules, named: new Set(named.flatMap((name) => hostName(name) ?? [])), search: search.length > 0 };
  if (rules.length === 0) return { access, hosts: search, env: {}, files: [], readable: [], problems };
  const trusted = await egress.certificates();
  const certificates: string[] = [];
  for (const path of clients.flatMap((client) => client.certificates))
    if (await isPublic(path)) certificates.push(path);
  return {
    access,
    hosts: [...hosts, ...search],
    env: Object.assign({}, trusted.env, ...clients.map(({ env }) => env)) as Record<string, string>,
    files: clients.flatMap(({ files }) => files),
    readable: [...new Set([...trusted.files, ...certificates])],
    problems,
  };
}
