import { FILES, STAR_DOT, hasUnknown, isKnown, SAFE, UNKNOWN } from './marks.ts';
import { mayBe } from './wildcards.ts';
import { isEnvFile, isSecret } from './secrets.ts';
import type { GuardContext, Place } from './types.ts';

const temporary = ['/tmp', '/var/tmp', '/private/tmp', '/dev/shm'];
const devices = /^\/dev\/(?:null|zero|full|u?random|tty|ptmx|stdin|stdout|stderr|fd(?:\/.*)?)$|^\/proc\/self\/fd\/\d+$/;
const system =
  /^\/(?:usr|bin|sbin|lib\w*|etc|opt|nix|snap|sys|System|Library|Applications|var\/(?:lib\/(?:dpkg|apt)|log\/apt)|proc\/(?:\d+|self|thread-self)\/(?:status|stat|statm|limits|cgroup|mountinfo|mounts|cmdline|comm)|proc\/(?!\d|self|thread-self|kcore|sysrq)\w+)(?:\/|$)/;
/** Toolchains and caches under HOME that programs and people look into. */
const toolFolders =
  /^\/(?:\.nvm|\.npm|\.cache|\.rustup|\.cargo\/(?:bin|registry|env)|\.pyenv|\.rbenv|\.asdf|\.bun|\.deno|\.volta|\.local\/(?:bin|lib|share\/(?!keyrings))|\.m2\/repository|\.gradle|go)(?:\/|$)/;
/** True in one of those, whose programs are no agent's. */
export const inToolFolder = (path: string, home: string): boolean =>
  path.startsWith(`${home}/`) && toolFolders.test(path.slice(home.length));
const guardedNames = ['.git', '.claude', '.dayshift', '.mcp.json'];
const guardedFiles = ['config/guard.yaml', 'config/guard-cases.yaml', 'config/dayshift.yaml'];

/** What a known path has in it wherever it is guarded. */
const anyGuarded = /(?:^|\/)(?:\.git|\.claude|\.dayshift|\.mcp\.json|config\/[\w-]+\.yaml)(?:\/|$)/i;

/** Tells places for one decision, in which each folder and each path is looked at once. */
export function placesIn(context: GuardContext): (path: string) => Place {
  const roots: Roots = {
    workspace: rootsOf([context.workspace], context),
    writable: rootsOf(context.writable, context),
    readable: rootsOf(context.readable, context),
  };
  const known = new Map<string, Place>();
  return (path) => {
    const place = known.get(path) ?? placeOf(path, roots, context);
    known.set(path, place);
    return place;
  };
}

/** The context's folders, as they are named and with symlinks resolved. */
interface Roots {
  workspace: string[];
  writable: string[];
  readable: string[];
}

function placeOf(path: string, roots: Roots, context: GuardContext): Place {
  const real = realOf(path, context);
  const zone = zoneOf(path, real, roots, context);
  const insideOf = (one: string): string | undefined => belowAny(one, roots.workspace);
  const asNamed = insideOf(path);
  const asReal = real === path ? asNamed : insideOf(real);
  const inside = asReal ?? asNamed;
  // A checkout may itself lie below a folder of such a name: what counts is what is under it.
  const own = (one: string): string => belowAny(one, roots.workspace) ?? belowAny(one, roots.writable) ?? one;
  const exact = context.readable.some((readable) => readable === path || readable === real);
  const same = real === path;
  const guarded = guardedBy(own(path)) ?? (same ? undefined : guardedBy(own(real)));
  return {
    zone,
    real,
    inside: asNamed ?? asReal,
    insideReal: asReal,
    secret: !exact && (isSecret(path, context.home) || (!same && isSecret(real, context.home))),
    envFile: !exact && (isEnvFile(path) || (!same && isEnvFile(real))),
    guarded: guarded?.name,
    watches: guarded?.watches === true,
    protected: inside !== undefined && context.policy.protect.some((pattern) => isProtected(inside, pattern)),
    root: inside === '',
  };
}

function belowAny(path: string, folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    const rest = below(path, folder);
    if (rest !== undefined) return rest;
  }
  return undefined;
}

/** The part of `path` below `root` (`` for the root itself), or undefined. */
export function below(path: string, root: string): string | undefined {
  if (path === root) return '';
  const prefix = root.endsWith('/') ? root : `${root}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/** True where a segment of a path, with marks, may be this name. */
function maybe(segment: string, name: string): boolean {
  if (isKnown(segment)) return segment.toLowerCase() === name;
  if (segment.includes(FILES)) return name === '.git';
  if (name.startsWith('.') && !segment.startsWith('.') && !segment.startsWith(STAR_DOT)) return false;
  // A name of which nothing is known is no sign of anything.
  if (segment.replaceAll(SAFE, '').replaceAll(UNKNOWN, '').replace(/^\.$/, '') === '') return false;
  return mayBe(segment.toLowerCase(), name);
}

function zoneOf(path: string, real: string, roots: Roots, context: GuardContext): Place['zone'] {
  if (!real.startsWith('/')) return 'unknown';
  const within = (folders: readonly string[]): boolean => folders.some((folder) => below(real, folder) !== undefined);
  if (within(roots.workspace)) return 'workspace';
  if (within(roots.writable)) return 'writable';
  if (within(roots.readable)) return 'readable';
  if (devices.test(path) || devices.test(real)) return 'device';
  if (temporary.some((root) => below(real, root) !== undefined)) return 'temporary';
  if (system.test(real)) return 'system';
  const inHome = below(real, context.home);
  if (inHome !== undefined && toolFolders.test(`/${inHome}`)) return 'system';
  if (real === '/' || real === context.home || below(context.workspace, real) !== undefined) return 'above';
  // `/work/…` with an unknown rest may still be the workspace.
  const known = real.slice(0, real.lastIndexOf('/', Math.max(0, real.indexOf(UNKNOWN) - 1)) + 1);
  if (hasUnknown(real) && below(context.workspace, known.replace(/\/$/, '') || '/') !== undefined) return 'unknown';
  return 'outside';
}

function realOf(path: string, context: GuardContext): string {
  if (!path.startsWith('/')) return path;
  if (isKnown(path)) return context.realpath(path);

  const first = path.search(/[\u0000\u0011-\u0015]/);
  const cut = path.lastIndexOf('/', first);
  const folder = cut <= 0 ? '/' : context.realpath(path.slice(0, cut));
  return `${folder === '/' ? '' : folder}${path.slice(cut)}`;
}

const rootsOf = (folders: readonly string[], context: GuardContext): string[] => [
  ...new Set(folders.flatMap((folder) => [folder, context.realpath(folder)])),
];

function guardedBy(path: string): { name: string; watches: boolean } | undefined {
  if (isKnown(path) && !anyGuarded.test(path)) return undefined;
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const name = guardedNames.find((guarded) => maybe(segment, guarded));
    if (name === undefined) continue;
    const next = segments[index + 1];
    const settings =
      next === undefined || ['settings.json', 'settings.local.json', 'hooks'].some((one) => maybe(next, one));
    return { name, watches: name === '.dayshift' || (name === '.claude' && settings) };
  }
  const file = guardedFiles.find((one) => maybeFile(segments.slice(-2).join('/'), one));
  return file === undefined ? undefined : { name: file, watches: true };
}

/** A glob may name a file; names that nobody knows are no sign of it. */
const maybeFile = (path: string, file: string): boolean => {
  if (isKnown(path)) return path === file;
  return !hasUnknown(path) && !path.includes(SAFE) && mayBe(path, file);
};

function isProtected(inside: string, pattern: string): boolean {
  const names = pattern.includes('/') ? [inside] : [inside, inside.slice(inside.lastIndexOf('/') + 1)];
  if (!pattern.includes('*')) {
    if (names.some((name) => name.replace(/-(?:wal|shm|journal)$/, '') === pattern)) return true;
    return !isKnown(inside) && names.some((name) => maybe(name, pattern));
  }
  const test = protectionTest(pattern);
  return names.some((name) => test.test(name));
}

const protectionTests = new Map<string, RegExp>();

/** The test for one pattern of `policy.protect`; there are few, and each is asked for every path. */
function protectionTest(pattern: string): RegExp {
  const known = protectionTests.get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .replace(/[\\^$.+?()[\]{}|]/g, '\\$&')
    .replace(/\*+\/?/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
  const test = new RegExp(`^${source}(?:-(?:wal|shm|journal))?$`);
  if (protectionTests.size < 200) protectionTests.set(pattern, test);
  return test;
}
