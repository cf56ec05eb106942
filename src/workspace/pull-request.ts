import { execa } from 'execa';
import { cutEnd, DayshiftError } from '../base/index.ts';
import { git } from './git.ts';
import type { Place } from './land.ts';

/** What came of asking for a pull request. `next`: commands with which a person goes on by hand. */
export type PullRequest =
  { kind: 'opened'; url: string; already?: true } | { kind: 'not'; why: string; next: string[] };

export interface Request {
  branch: string;
  title: string;
  body: string;
  /** The branch that it is to go into; the server's default where undefined. */
  base?: string;
  draft?: boolean;
}

/** A push or a call of gh that takes longer is not waited for. In ms. */
const PATIENCE_MS = 180_000;

/** What the person's own git and gh need of the environment; nothing else goes along, no key of a model and no token of a bot. */
const PASSED =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|LANG|LC_.*|XDG_.*|SSH_AUTH_SOCK|SSH_AGENT_PID|GIT_SSH|GIT_SSH_COMMAND|GIT_CONFIG_GLOBAL|GIT_CONFIG_SYSTEM|GH_.*|GITHUB_TOKEN|GITHUB_ENTERPRISE_TOKEN|https?_proxy|no_proxy|all_proxy|HTTPS?_PROXY|NO_PROXY|ALL_PROXY|SSL_CERT_.*|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|DBUS_SESSION_BUS_ADDRESS|GNUPGHOME)$/;

/**
 * Pushes a branch with the person's own git and credentials, and opens a pull request with their `gh`. Both look at the git directory alone, not
 * at the checkout, and no hook runs. Done twice it changes nothing: the second time finds the request.
 */
export async function openPullRequest(place: Place, request: Request): Promise<PullRequest> {
  const { branch } = request;
  const remote = remoteOf(place);
  if (remote === undefined)
    return {
      kind: 'not',
      why: 'the repository has no remote to push to',
      next: ['git remote add origin URL', `git push -u origin ${branch}`, `gh pr create --head ${branch}`],
    };
  const next = [`git push -u ${remote} ${branch}`, `gh pr create --head ${branch}`];
  const there = await run('gh', ['--version'], place);
  if (there.missing) return { kind: 'not', why: 'gh is not installed (https://cli.github.com)', next };
  const login = await run('gh', ['auth', 'status'], place);
  if (login.code !== 0) return { kind: 'not', why: 'gh is not logged in', next: ['gh auth login', ...next] };
  const pushed = await run('git', ['push', '-u', remote, `refs/heads/${branch}:refs/heads/${branch}`], place);
  if (pushed.code !== 0) return { kind: 'not', why: `the push to ${remote} failed: ${pushed.words}`, next };
  const base = request.base ?? (await baseOf(place, remote));
  const args = ['pr', 'create', '--head', branch, '--title', request.title, '--body-file', '-'];
  if (base !== undefined) args.push('--base', base);
  if (request.draft === true) args.push('--draft');
  const made = await run('gh', args, place, request.body);
  const url = /https?:\/\/\S+/.exec(made.code === 0 ? made.stdout : made.words)?.[0];
  if (made.code === 0) return { kind: 'opened', url: url ?? '(gh named no address)' };
  if (url !== undefined && /already exists/i.test(made.words)) return { kind: 'opened', url, already: true };
  return { kind: 'not', why: `gh refused: ${made.words}`, next: next.slice(1) };
}

/** Where the person pushes to, as git would choose it. */
function remoteOf({ settings, branch }: Place): string | undefined {
  const names = [...settings.keys()].flatMap((key) => /^remote\.(.+)\.url$/.exec(key)?.[1] ?? []);
  const own =
    branch === undefined
      ? undefined
      : (settings.get(`branch.${branch}.pushremote`) ??
        settings.get('remote.pushdefault') ??
        settings.get(`branch.${branch}.remote`));
  const wanted = [own, settings.get('remote.pushdefault'), 'origin'].find(
    (name) => name !== undefined && names.includes(name),
  );
  return wanted ?? (names.length === 1 ? names[0] : undefined);
}

/** The branch of the server that the work is meant for, where the person's settings say it and the server has it. */
async function baseOf({ project, settings, branch, repository }: Place, remote: string): Promise<string | undefined> {
  const upstream =
    branch === undefined ? undefined : settings.get(`branch.${branch}.merge`)?.replace(/^refs\/heads\//, '');
  for (const name of [withoutStart(project.base, `${remote}/`), upstream, branch]) {
    if (name === undefined) continue;
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `refs/remotes/${remote}/${name}`];
    const known = await git(args, { cwd: repository.commonDir, gitDir: repository.gitDir, ok: [0, 1, 128] });
    if (known.code === 0) return name;
  }
  return undefined;
}

function withoutStart(text: string | undefined, start: string): string | undefined {
  return text?.startsWith(start) === true ? text.slice(start.length) : text;
}

async function run(file: 'git' | 'gh', args: readonly string[], { repository }: Place, input = '') {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && PASSED.test(entry[0]),
  );
  const result = await execa(file, args, {
    cwd: repository.commonDir,
    extendEnv: false,
    reject: false,
    timeout: PATIENCE_MS,
    input,
    env: {
      ...Object.fromEntries(own),
      LC_ALL: 'C',
      GIT_DIR: repository.gitDir,
      // Nobody is there to be asked.
      ...{ GIT_TERMINAL_PROMPT: '0', GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' },
      ...{ GIT_CONFIG_COUNT: '2', GIT_CONFIG_KEY_0: 'core.hooksPath', GIT_CONFIG_VALUE_0: '/dev/null' },
      ...{ GIT_CONFIG_KEY_1: 'core.fsmonitor', GIT_CONFIG_VALUE_1: '' },
    },
  });
  const missing = result.code === 'ENOENT' && result.exitCode === undefined;
  if (missing && file === 'git') throw new DayshiftError('environment', 'git could not be started');
  const words = `${result.stderr}\n${result.stdout}`.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@').trim();
  const told = result.timedOut ? 'it took too long' : cutEnd(words, 600);
  return { missing, code: result.exitCode ?? -1, stdout: result.stdout, words: told };
}
