import type { Machine } from '../machine.ts';
import { deletePath, readPath, resolve, writePath } from '../paths.ts';
import { plainPath } from '../effects/programs.ts';
import { isSecret } from '../secrets.ts';
import type { Frame } from '../shell/frame.ts';

/** Functions that write what their first word names; of `open` and its like, the mode or what follows decides. */
const writes =
  /\b(?:open(?:Sync)?|Path|writeFile(?:Sync)?|appendFile(?:Sync)?|createWriteStream|outputFile(?:Sync)?|file_put_contents|fopen|File\.(?:write|open|new|truncate)|IO\.(?:bin)?write|mkdirs?|makedirs|mkdir(?:Sync|_p)?|chmod(?:Sync)?|chown(?:Sync)?|truncate(?:Sync)?|utime(?:s|sSync)?|touch|Bun\.write|Deno\.(?:writeTextFile|writeFile|create|mkdir)(?:Sync)?|spurt|spew)\s*\(?\s*\(?\s*(?:<\s*)?(["'`])((?:(?!\1)[^\\\n]){1,400})\1([^)\n]{0,80}\)?[^\n]{0,40})/g;
/** Perl: `open(F, ">path")`, `open(my $f, ">", "path")`. */
const opens = /\bopen\s*\(?[^,;\n]{0,60},\s*["']\s*(\+?[<>]{0,2})\s*(?:["']\s*,\s*["'])?([^"'<>|\n]{1,300})["']/g;
const deletes =
  /\b(?:unlink(?:Sync)?|rm(?:Sync|dir|dirSync|tree|_rf?|_f)?|remove(?:Sync|_tree|_dir|dirs)?|File\.delete|FileUtils\.(?:rm\w*|remove\w*)|Deno\.remove(?:Sync)?|rimraf(?:\.sync)?|del(?:\.sync)?|emptyDir(?:Sync)?)\s*\(?\s*\[?\s*(["'`])((?:(?!\1)[^\\\n]){1,400})\1/g;
const reads =
  /\b(?:readFile(?:Sync)?|createReadStream|readdir(?:Sync)?|file_get_contents|readfile|File\.(?:read|readlines|foreach|binread)|IO\.(?:read|readlines|foreach)|Bun\.file|Deno\.(?:readTextFile|readFile|readDir)(?:Sync)?|slurp|read_text|np\.load|pd\.read_\w+|json\.load|listdir|scandir|glob)\s*\(?\s*(["'`])((?:(?!\1)[^\\\n]){1,400})\1/g;
/** Functions of two paths: the first is read (or moved), the second written. */
const pairs =
  /\b(copyFile(?:Sync)?|cp(?:Sync|_r)?|rename(?:Sync)?|symlink(?:Sync)?|link(?:Sync)?|copy(?:2|file|tree|Sync)?|move(?:Sync|_file)?|mv|replace|ln_s|File\.(?:rename|symlink|link))\s*\(?\s*(["'`])((?:(?!\2)[^\\\n]){1,400})\2\s*,\s*(["'`])((?:(?!\4)[^\\\n]){1,400})\4/g;
/** Words by which code is about files at all. */
const about =
  /\b(?:open|fs|File|Path|pathlib|shutil|os|io|IO|readFile\w*|writeFile\w*|file_\w+|unlink|Dir|FileUtils|fopen|Deno|Bun)\b/;
const changes =
  /write|append|unlink|\brm|remove|rename|copy|move|mkdir|truncate|chmod|symlink|touch|["'](?:w|a|x|wb|ab|w\+|a\+|r\+)["']/;
/** Words by which a language that is little known changes files. */
const changesElsewhere =
  /\b(?:write|spit|delete|remove|rename|copy|move|mkdir|make-directory|rm|unlink|touch|append|save|truncate|create)|[.>]\s*text\s*=/i;
const guarded = /(?:^|\/)\.(?:git|claude|dayshift)(?:\/|$)/;

/** Paths of this machine in a one-liner of a language that is little known: read, or written where it changes files at all. */
export function filesElsewhere(code: string, literals: readonly string[], frame: Frame, machine: Machine): void {
  const touch = changesElsewhere.test(code) ? writePath : readPath;
  for (const text of literals)
    if (plainPath.test(text) && !/\s/.test(text) && text.length <= 400) touch(text, frame, machine);
}

/** The files that code plainly reads, writes and deletes. `literals`: all its strings; given for a one-liner only. */
export function codeFiles(code: string, literals: readonly string[], frame: Frame, machine: Machine): void {
  for (const match of code.matchAll(writes)) {
    const [whole, , path = '', rest = ''] = match;
    const either = /^(?:open|openSync|Path|fopen|File\.(?:open|new))\b/.test(whole);
    const mode = /^\s*,\s*(?:mode\s*=\s*)?["'`]([^"'`]*)["'`]/.exec(rest)?.[1];
    const writing = either
      ? /[wax+>]/.test(mode ?? '') || /write_(?:text|bytes)|unlink|touch|mkdir|rmdir|rename|chmod/.test(rest)
      : true;
    if (/^[+<>|]+$/.test(path.trim())) continue;
    (writing ? writePath : readPath)(path, frame, machine);
  }
  for (const match of code.matchAll(opens))
    (match[1]?.includes('>') === true ? writePath : readPath)(match[2] ?? '', frame, machine);
  for (const match of code.matchAll(deletes))
    deletePath(
      match[2] ?? '',
      frame,
      machine,
      /rmtree|rmSync|rm_r|remove_tree|rimraf|recursive/.test(match[0]) || code.includes('recursive'),
    );
  for (const match of code.matchAll(reads)) {
    const path = match[2] ?? '';
    if (!/^https?:/.test(path)) readPath(path, frame, machine);
  }
  for (const match of code.matchAll(pairs)) {
    const [, verb = '', , from = '', , to = ''] = match;
    // `text.replace('a', 'b')` and `link('a', 'b')` are mostly no files: only what is plainly a path counts.
    if (verb === 'replace' && !plainPath.test(from) && !plainPath.test(to) && !guarded.test(to)) continue;
    if (
      /\.\s*$/.test(code.slice(0, match.index)) &&
      verb === 'replace' &&
      !/\bos\s*\.\s*$/.test(code.slice(0, match.index))
    )
      continue;
    (/^(?:rename|move|mv|File\.rename)/.test(verb) ? deletePath : readPath)(from, frame, machine);
    writePath(to, frame, machine);
  }
  const aboutFiles = about.test(code);
  if (/\bload_dotenv\b|\bdotenv_values\b|["']dotenv(?:\/config)?["']/.test(code)) readPath('.env', frame, machine);
  // Paths that reach a function by a variable.
  for (const text of literals) {
    if (/\s/.test(text) || text.length > 400) continue;
    const path = text.replace(/^~(?=\/)/, machine.context.home);
    if (!aboutFiles && !path.startsWith('/') && !path.startsWith('~')) continue;
    const delicate = guarded.test(path) || resolve(path, frame).some((full) => isSecret(full, machine.context.home));
    if ((aboutFiles && plainPath.test(path)) || delicate) readPath(path, frame, machine);
    if (aboutFiles && guarded.test(path) && changes.test(code)) writePath(path, frame, machine);
  }
}
