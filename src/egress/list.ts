import { domainToASCII } from 'node:url';
import { hostName, looksLikeAddress } from './name.ts';

/** One host (or all hosts below one) and one port that may be reached. */
export interface EgressRule {
  /** In the form of `hostName`. */
  host: string;
  /** Any name below `host`, but not `host` itself. */
  below: boolean;
  port: number;
}

/** Words that stand for hosts: those that the person's own client of that name is set to use. */
export const presets = ['npm', 'pip', 'cargo', 'go'] as const;
export type Preset = (typeof presets)[number];

/** The word for searches that the model's provider makes: they leave from its machines, not through the proxy. */
export const WEB_SEARCH = 'web-search';

/** What one entry of an `egress` list means. */
export type EgressEntry =
  | { kind: 'host'; rule: EgressRule }
  | { kind: 'preset'; preset: Preset }
  | { kind: 'search' }
  | { kind: 'wrong'; why: string };

/** Without a port a host is reached by TLS only. */
export const defaultPort = 443;

/** Reads an entry: `host`, `host:port`, `*.host`, `*.host:port`, or a word. */
export function readEntry(text: string): EgressEntry {
  const preset = presets.find((word) => word === text);
  if (preset !== undefined) return { kind: 'preset', preset };
  if (text === WEB_SEARCH) return { kind: 'search' };
  if (/[/@?#\s]/.test(text)) return wrong('a host alone, such as docs.example.org: no scheme, path, user or space');
  const [, stars = '', rest = '', digits] = /^(\*\.)?(.*?)(?::(\d*))?$/s.exec(text) ?? [];
  if (looksLikeAddress(text) || looksLikeAddress(rest)) return wrong('a name: addresses cannot be listed');
  if (rest.includes('*')) return wrong('a "*" only as the whole first part, as in *.example.org');
  const host = nameOf(rest);
  if (host === undefined) return wrong('a host such as docs.example.org, docs.example.org:8443 or *.example.org');
  const below = stars !== '';
  if (below && !host.includes('.')) return wrong(`more than ${text}: that would be nearly everything`);
  const port = digits === undefined ? defaultPort : portOf(digits);
  if (port === undefined) return wrong('a port from 1 to 65535');
  return { kind: 'host', rule: { host, below, port } };
}

function wrong(why: string): EgressEntry {
  return { kind: 'wrong', why: `expected ${why}` };
}

/** A person may write a name in any script; in the network and here it is its ASCII form. */
function nameOf(text: string): string | undefined {
  return hostName(/^[\x20-\x7e]*$/.test(text) ? text : domainToASCII(text));
}

/** The port in decimal digits, nothing else: undefined for 0, 65536, "+1", "". */
export function portOf(digits: string): number | undefined {
  if (!/^[1-9]\d{0,4}$/.test(digits)) return undefined;
  const port = Number(digits);
  return port <= 65_535 ? port : undefined;
}

/** The rules of a list; words and what is wrong in it give none. */
export function rulesOf(entries: readonly string[]): EgressRule[] {
  return entries.flatMap((text) => {
    const entry = readEntry(text);
    return entry.kind === 'host' ? [entry.rule] : [];
  });
}

/** The first rule that lets `host` (in the form of `hostName`) be reached at `port`; undefined where none does. */
export function ruleFor(rules: readonly EgressRule[], host: string, port: number): EgressRule | undefined {
  return rules.find((rule) => rule.port === port && covers(rule, host));
}

/** Whether the rule is about this host, whatever the port. Whole parts are compared, from the right. */
function covers(rule: EgressRule, host: string): boolean {
  return rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host;
}

/** A rule as a person writes it. */
export function showRule({ host, below, port }: EgressRule): string {
  return `${below ? '*.' : ''}${host}${port === defaultPort ? '' : `:${port}`}`;
}
