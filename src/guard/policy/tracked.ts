import { UNKNOWN, isKnown } from '../marks.ts';
import { matcherOf } from '../wildcards.ts';

/** What a delete would take away of what the project tracks. */
export interface Loss {
  any: boolean;
  /** More than ten files, or a whole folder. */
  many: boolean;
  /** For people: `14 files that the project tracks`. */
  words: string;
}

/** More files than this are many. */
const few = 10;
const none: Loss = { any: false, many: false, words: 'nothing that the project tracks' };

/** Where nobody can say what is tracked: names of what tools make, and may be made anew. */
const madeByTools =
  /^(?:node_modules|dist|build|builds|out|outputs?|target|coverage|htmlcov|lib-cov|\.?cache|\.next|\.nuxt|\.svelte-kit|\.astro|\.turbo|\.nx|\.parcel-cache|\.vite|\.output|\.vercel|\.netlify|\.serverless|\.nyc_output|\.angular|\.expo|\.docusaurus|__pycache__|__snapshots__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.hypothesis|\.tox|\.nox|\.?venv|\.eggs|.*\.egg-info|\.?te?mp|logs?|bin|obj|_build|deps|\.gradle|\.terraform|\.bundle|vendor|storybook-static|(?:playwright|cypress|test|allure)-?(?:reports?|results?|output)|reports?|artifacts?|screenshots?|videos?|_?site|deriveddata|pods|cmakefiles|cmake-build-.*|(?:.*[-_.])?(?:te?mp|scratch|sandbox|demo|out|backup|old)(?:[-_.]?\w*)?|.*\.(?:log|te?mp|bak|orig|rej|sw[op]|py[co]|o|a|so|dylib|dll|exe|class|map|tsbuildinfo|zip|tgz|tar|gz|xz|pid|out|cache|coverage|lcov)|\.coverage.*|\.ds_store|.*~)$/i;

/** Comparisons of tracked files with deleted paths that one decision is worth; past them a delete may be of many. */
const mostCompared = 1_000_000;
const beyond: Loss = { any: true, many: true, words: 'more files than can be counted' };

/**
 * What is lost where `path` (relative to the workspace, with marks) is deleted, `whole` with everything under it; `made`:
 * whether this very input made the path. For one decision.
 * @param files the project's files, relative to the workspace; undefined where nobody knows
 */
export function lossesOf(
  files: (() => readonly string[] | undefined) | undefined,
): (path: string, whole: boolean, made: boolean) => Loss {
  let compared = 0;
  let names: Set<string> | undefined;
  return (path, whole, made) => {
    const tracked = files?.();
    if (tracked === undefined) return guessed(path, whole, made);
    names ??= withFolders(tracked);
    if (isKnown(path) && path !== '' && !names.has(path)) return none;
    if (isKnown(path) && !whole) return counted(path, whole, tracked.includes(path) ? [path] : []);
    compared += tracked.length;
    return compared > mostCompared && compared > tracked.length * 8 ? beyond : counted(path, whole, tracked);
  };
}

/** The files, and every folder that one lies in. */
function withFolders(tracked: readonly string[]): Set<string> {
  const names = new Set(tracked);
  for (const file of tracked)
    for (let cut = file.lastIndexOf('/'); cut > 0; cut = file.lastIndexOf('/', cut - 1)) {
      const folder = file.slice(0, cut);
      if (names.has(folder)) break;
      names.add(folder);
    }
  return names;
}

function counted(path: string, whole: boolean, tracked: readonly string[]): Loss {
  let files = 0;
  let folder = false;
  const under = `${path}/`;
  const pattern = isKnown(path) ? undefined : matcherOf(path);
  const deep = pattern === undefined || !whole ? undefined : matcherOf(`${path}/${UNKNOWN}`);
  for (const file of tracked) {
    const itself = pattern === undefined ? file === path : pattern(file);
    const below = !itself && whole && (pattern === undefined ? file.startsWith(under) : deep?.(file) === true);
    if (!itself && !below) continue;
    files += 1;
    folder ||= below || path === '' || isAnything(path);
  }
  if (files === 0) return none;
  const words = `${files === 1 ? 'a file' : `${files} files`} that the project tracks`;
  return { any: true, many: folder || files > few, words: folder ? `a whole folder, ${words},` : words };
}

function guessed(path: string, whole: boolean, made: boolean): Loss {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (made || segments.some((segment) => madeByTools.test(named(segment)))) return none;
  // A name with an extension is a file's, whatever `rm -rf` could take along.
  const file = !whole || (isKnown(path) && /[^/.][^/]*\.\w{1,8}$/.test(path.slice(-300)));
  if (file && !isAnything(path)) return { any: true, many: false, words: 'a file that the project may track' };
  return { any: true, many: true, words: 'a whole folder that the project may track' };
}

/** Names all that is in a folder: `src/*`, or names that nobody knows. */
const isAnything = (path: string): boolean => named(path.slice(path.lastIndexOf('/') + 1)) === '';

const named = (segment: string): string => segment.replace(/[\u0000\u0011-\u0015]/g, '');
