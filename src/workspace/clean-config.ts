import { lstat } from 'node:fs/promises';
import { git } from './git.ts';

/** Settings that say how a repository is to be read. Everything else stays out: any other value may hold a secret or a command. */
const kept = [
  /^core\.(repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf|eol|safecrlf|worktree|sparsecheckout|sparsecheckoutcone|quotepath|abbrev|bigfilethreshold|multipackindex|commitgraph)$/,
  /^extensions\.[a-z0-9]+$/,
  /^index\.(version|sparse|threads|skiphash)$/,
  /^remote\.[^\n]*\.(url|pushurl|fetch|promisor|partialclonefilter|tagopt)$/s,
  /^branch\.[^\n]*\.(remote|merge|rebase)$/s,
  /^submodule\.[^\n]*\.(url|active|path|branch)$/s,
  /^diff\.(algorithm|renames|[^\n]*\.(xfuncname|binary|wordregex))$/s,
  /^user\.(name|email)$/,
  /^init\.defaultbranch$/,
];

/** The last text of each file, with the file's state that it was made from. */
const cleaned = new Map<string, { state: string; text: string }>();

/** A git config file without secrets and commands, as text. */
export async function cleanConfig(file: string, cwd: string): Promise<string> {
  const state = await stateOf(file);
  const known = cleaned.get(file);
  if (known !== undefined && known.state === state) return known.text;
  const text = await readClean(file, cwd);
  // A file that was young when it was looked at could change without looking changed.
  if (state !== undefined) cleaned.set(file, { state, text });
  else cleaned.delete(file);
  return text;
}

/** Tells one state of a file from every other; undefined where it is too young for that, or not there. */
async function stateOf(file: string): Promise<string | undefined> {
  const stat = await lstat(file, { bigint: true }).catch(() => undefined);
  if (stat === undefined || Date.now() - Number(stat.ctimeMs) < youngMs) return undefined;
  return `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

/** The coarsest time stamps of file systems in use are two seconds. */
const youngMs = 3000;

async function readClean(file: string, cwd: string): Promise<string> {
  const listed = await git(['config', '--file', file, '--list', '-z', '--no-includes'], { cwd, ok: [0, 1, 128] });
  return listed.stdout.toString('utf8').split('\0').filter(Boolean).map(cleanEntry).join('');
}

function cleanEntry(entry: string): string {
  const end = entry.indexOf('\n');
  const key = end < 0 ? entry : entry.slice(0, end);
  if (!kept.some((pattern) => pattern.test(key))) return '';
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  const section = key.slice(0, first);
  const sub = first === last ? undefined : key.slice(first + 1, last);
  // A remote may be named by its URL.
  if (sub?.includes('://') === true) return '';
  const header = sub === undefined ? `[${section}]` : `[${section} "${sub.replace(/["\\]/g, '\\$&')}"]`;
  const name = key.slice(last + 1);
  if (end < 0) return `${header}\n\t${name}\n`;
  const value = name.endsWith('url') ? bareUrl(entry.slice(end + 1)) : entry.slice(end + 1);
  const quoted = value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `${header}\n\t${name} = "${quoted}"\n`;
}

/** A URL without user, password and query. */
function bareUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1').replace(/[?#].*$/s, '');
}
