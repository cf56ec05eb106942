import { posix } from 'node:path';
import { printable } from '../base/index.ts';
import { parsePatch, type Chunk } from './patch.ts';
import { display, type RawPath } from './raw.ts';

/** Something in a patch that a person should look at before they open, install or commit anything. */
export interface PatchRemark {
  path: string;
  /** What does what with it, in words. */
  why: string;
}

/** Work that is larger is worth a word, in bytes of the patch. */
const large = 10 * 1024 * 1024;

/** Symbolic links in a patch that lead out of the project or into a git directory. */
export function linksOut(chunks: readonly Chunk[]): PatchRemark[] {
  return chunks.flatMap((chunk) => {
    if (chunk.kind === 'delete' || chunk.newMode !== '120000') return [];
    const target = linkTarget(chunk);
    const why = target === undefined ? 'a link to what cannot be read' : `a link to ${printable(target)}`;
    return target === undefined || leadsOut(chunk.newPath, target) ? [{ path: name(chunk.newPath), why }] : [];
  });
}

function leadsOut(path: RawPath, target: string): boolean {
  const to = posix.normalize(posix.join(posix.dirname(path), target));
  if (posix.isAbsolute(target) || to === '..' || to.startsWith('../')) return true;
  return to.split('/').some((part) => /^\.git[ .]*$/i.test(part));
}

/** A link's content is where it leads. */
function linkTarget({ text }: Chunk): string | undefined {
  const hunk = text.search(/^@@ /m);
  if (hunk < 0) return undefined;
  const lines = text
    .slice(hunk)
    .split('\n')
    .filter((line) => line.startsWith('+'));
  return lines.length === 0 ? undefined : lines.map((line) => line.slice(1)).join('\n');
}

/** What of a patch is run by a program that nobody told to: an editor on opening, a package manager on installing, git. */
export function remarksOn(patch: string): PatchRemark[] {
  const remarks = parsePatch(patch).flatMap((chunk) => {
    if (chunk.kind === 'delete') return [];
    const why = whyItRuns(chunk);
    return why === undefined ? [] : [{ path: name(chunk.newPath), why }];
  });
  if (patch.length > large) {
    const size = `${Math.round(patch.length / 2 ** 20)} MB`;
    remarks.push({ path: 'the whole of it', why: `${size} of changes: look whether all of it belongs there` });
  }
  return remarks;
}

const editors = 'an editor runs what it names, some of it as soon as the folder is opened';
const hooks = 'git runs it at your next commit, where this kind of hooks is set up';
const ci = 'it runs in your CI once it is pushed, with the secrets that are there';
const tools = 'coding agents take hooks, servers or rights from it';
const onInstall = 'it decides what runs when packages are installed, and where they come from';
const onEnter = 'a shell or editor may run it when the folder is entered or a file opened';

const byPath: [RegExp, string][] = [
  [
    /(^|\/)\.vscode\/(tasks|settings|launch|extensions|mcp)\.json$|\.code-workspace$|(^|\/)\.idea\/|(^|\/)\.zed\//,
    editors,
  ],
  [/(^|\/)\.devcontainer(\/|\.json$)/, editors],
  [
    /(^|\/)(\.envrc|\.exrc|\.vimrc|\.nvimrc|\.nvim\.lua|\.dir-locals\.el|\.mise\.toml|mise\.toml|\.tool-versions|\.autoenv)$/,
    onEnter,
  ],
  [
    /(^|\/)(\.husky|\.githooks|githooks|\.git-hooks)\/|(^|\/)(\.pre-commit-config\.yaml|\.?lefthook\.ya?ml|\.?lefthook\.(toml|json)|\.overcommit\.yml)$/,
    hooks,
  ],
  [
    /(^|\/)\.github\/(workflows|actions)\/|(^|\/)(\.gitlab-ci\.yml|Jenkinsfile|azure-pipelines\.yml|\.travis\.yml|\.drone\.yml)$|(^|\/)(\.circleci|\.buildkite|\.woodpecker)\//,
    ci,
  ],
  [/(^|\/)\.claude\/|(^|\/)(\.mcp\.json|\.cursorrules)$|(^|\/)\.(cursor|gemini|codex|windsurf)\//, tools],
  [
    /(^|\/)(\.npmrc|\.yarnrc|\.yarnrc\.yml|\.pnpmfile\.cjs|pnpm-workspace\.yaml|binding\.gyp|\.cargo\/config(\.toml)?|pip\.conf|\.condarc|\.bunfig\.toml|bunfig\.toml)$|(^|\/)\.yarn\/(releases|plugins)\//,
    onInstall,
  ],
  [
    /(^|\/)(setup\.py|sitecustomize\.py|usercustomize\.py|build\.rs|extconf\.rb)$|\.pth$/,
    'it runs when the package is installed or built',
  ],
  [/(^|\/)\.gitmodules$/, 'git fetches what it names when submodules are updated'],
];

function whyItRuns(chunk: Chunk): string | undefined {
  const path = chunk.newPath;
  const found = byPath.find(([pattern]) => pattern.test(path));
  if (found !== undefined) return found[1];
  if (/(^|\/)package\.json$/.test(path)) {
    const scripts = added(chunk).flatMap((line) => lifecycle.exec(line)?.[1] ?? []);
    if (scripts.length > 0) return `npm runs its ${[...new Set(scripts)].join(', ')} when packages are installed`;
  }
  if (/(^|\/)\.gitattributes$/.test(path) && added(chunk).some((line) => /(^|\s)(filter|diff|merge)=/.test(line)))
    return 'git runs filters and drivers by it, those that your configuration names';
  return undefined;
}

const lifecycle = /"((?:pre|post)?install|(?:pre|post)?prepare|prepublish|dependencies)"\s*:\s*"/;

/** Lines that the part adds. */
function added({ text }: Chunk): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('+') && !line.startsWith('+++ '))
    .map((line) => line.slice(1));
}

/** A name from an agent, for a terminal. */
function name(raw: RawPath): string {
  return printable(display(raw));
}
