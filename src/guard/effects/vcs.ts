import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { connect } from './host.ts';
import { git } from './git.ts';

const asksForHelp = (args: readonly string[]): boolean =>
  args.length > 0 && args.every((arg) => /^(?:--version|--help|-h|version|help|-V)$/.test(arg));

/** Other version control: what reads passes, the rest writes. */
function tool(reads: RegExp, asks = /^$/): Handler {
  return (call) => {
    const word = call.args.find((arg) => !arg.startsWith('-')) ?? '';
    const risky = call.args.some((arg) => /^--(?:config|debugger|config-toml|pager|editor)/.test(arg));
    if (asksForHelp(call.args) || (reads.test(word) && !risky)) emit(call, 'git_read');
    else emit(call, asks.test(word) && !risky ? 'git_remote' : 'git_write');
    return UNKNOWN;
  };
}

function emit({ machine, shown }: Call, kind: 'git_read' | 'git_write' | 'git_remote'): void {
  machine.emit({ kind, command: shown });
}

/** GitHub's and GitLab's clients: looking is a connection, all else writes. */
function forge(host: string): Handler {
  return (call) => {
    if (asksForHelp(call.args)) return UNKNOWN;
    const [area = '', action = ''] = call.args.filter((arg) => !arg.startsWith('-'));
    if (area === 'help' || area === 'completion' || call.args.includes('--help')) return UNKNOWN;
    const looks =
      /^(?:view|list|status|diff|checks|ls|show|watch|download)$/.test(action) ||
      area === 'status' ||
      area === 'search';
    const api =
      area === 'api' && !call.args.some((arg) => /^(?:-X|--method|-f|-F|--field|--raw-field|--input)/.test(arg));
    if (looks || api) connect(host, call.shown, call.machine);
    else emit(call, 'git_write');
    return UNKNOWN;
  };
}

const always: Handler = (call) => {
  emit(call, asksForHelp(call.args) ? 'git_read' : 'git_write');
  return UNKNOWN;
};

export const vcs: Record<string, Handler> = {
  git,
  hub: (call) => git(call),
  'git-lfs': (call) => git({ ...call, name: 'git', args: ['lfs', ...call.args] }),
  gh: forge('api.github.com'),
  glab: forge('gitlab.com'),
  tea: forge('gitea.com'),
  hg: tool(
    /^(?:status|st|log|diff|cat|annotate|blame|identify|id|branches|tags|parents|heads|summary|grep|manifest|files|root|paths|tip|help|version)$/,
    /^(?:incoming|outgoing|in|out)$/,
  ),
  sl: tool(/^(?:status|st|log|diff|cat|annotate|blame|root|summary|grep|files|help|version)$/),
  svn: tool(/^(?:status|st|diff|info|help)$/, /^(?:log|list|ls|cat|blame|annotate)$/),
  jj: tool(/^(?:help|version)$/),
  bzr: tool(/^(?:status|log|diff|info|cat|ls)$/),
  ...Object.fromEntries(
    'scalar dulwich isogit bfg spr tbump bumpp commit-and-tag-version etckeeper yadm ghstack czg gitmoji cz-git cz-customizable aicommits opencommit oco gptcommit all-contributors ghp-import lakefs rcs topgit tg fossil darcs cvs p4 pijul got gix ein tig lazygit gitui gitk git-gui magit stg gitsome git-cola gitflow lint-staged semantic-release release-it standard-version commitizen cz git-cz bump2version bumpversion bump-my-version gh-pages husky lefthook simple-git-hooks overcommit'
      .split(' ')
      .map((name) => [name, always]),
  ),
  husky: hooks,
  lefthook: hooks,
  'simple-git-hooks': hooks,
  'pre-commit': (call) => {
    if (/^(?:install|uninstall|autoupdate|init-templatedir)$/.test(call.args[0] ?? '')) return hooks(call);
    call.machine.emit({ kind: 'process', command: call.shown });
    return UNKNOWN;
  },
};

/** Tools of notebooks that make themselves git's own for their files: `nbdime config-git`, `nbstripout --install`. */
function installsDriver(call: Call): string {
  if (call.args.some((arg) => /^(?:config-git|--(?:un)?install|--enable|--disable)$/.test(arg)))
    emit(call, 'git_write');
  else call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

/** Hook installers write the repository's configuration; as a step of an install they fail in the sandbox and harm nothing. */
function hooks(call: Call): string {
  if (call.frame.lifecycle || asksForHelp(call.args)) call.machine.emit({ kind: 'process', command: call.shown });
  else emit(call, 'git_write');
  return UNKNOWN;
}

/** Tools whose names are ordinary words too: no sign of a command among other words. */
export const vcsByPlainName: Record<string, Handler> = {
  arc: tool(/^(?:lint|unit|list|which|help|version)$/),
  gt: tool(/^(?:log|ls|ll|info|state|trunk|parent|children|help|version|completion)$/),
  dvc: tool(
    /^(?:status|diff|dag|metrics|plots|params|version|root|doctor|list|ls|check-ignore|data|repro|stage|help)$/,
    /^(?:pull|fetch|get|import)$/,
  ),
  repo: tool(/^(?:status|diff|list|info|branches|overview|help|version|manifest)$/, /^(?:init|sync|download)$/),
  gclient: tool(/^(?:status|diff|help|root|validate|revinfo)$/, /^(?:sync|fetch|config)$/),
  vcs: tool(/^(?:status|log|diff|branch|remotes|export|validate|help)$/, /^(?:import|pull)$/),
  ghq: tool(/^(?:list|root|help)$/, /^(?:get|clone)$/),
  nbdime: installsDriver,
  nbstripout: installsDriver,
};
