import { UNKNOWN, hasUnknown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { deletePath, readPath, writePath } from '../paths.ts';
import { connect } from '../effects/host.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { commandsIn, literalsIn, withoutComments } from './literals.ts';

export type Language = 'python' | 'node' | 'ruby' | 'perl' | 'php' | 'lua' | 'awk' | 'other';

/** Ways to start a program or to run text as code. */
const starts =
  /\b(?:os\s*\.\s*(?:system|popen|exec\w*|spawn\w*|posix_spawn\w*|execute)|subprocess|pty\s*\.\s*spawn|commands\s*\.\s*getoutput|create_subprocess_\w+|child_process|(?<![.\w/)])exec(?:File)?(?:Sync)?\s*[("'%[]|spawn(?:Sync)?\s*[(`]|execa\w*\s*[(`]|Bun\s*\.\s*spawn|Deno\s*\.\s*(?:run|Command)|zx\b|system\s*[("'{ ]|popen\w*\s*\(|proc_open|passthru|shell_exec|pcntl_exec|Open3|IO\s*\.\s*popen|Kernel\s*\.|io\s*\.\s*popen|qx\s*[^\w\s]|ProcessBuilder|getRuntime)|%x\s*[^\w\s]/;
const backticks = /`[^`]*`/;
/** Text turned into code, or names that cannot be read here. */
const hides =
  /(?<![.\w])(?:eval|exec|compile|execfile)\s*\(|(?<![.\w])eval\s+["'$]|__import__|importlib|getattr\s*\(|globals\s*\(\)|new\s+Function|\bFunction\s*\(|\bvm\b|process\s*\.\s*binding|globalThis\s*\[|require\s*\(\s*[^'"`)\s]|require\s*\([^)]*\+|import\s*\(\s*[^'"`)\s]|ctypes|\bffi\b|dlopen/;
/** Text taken from another form: harmless, unless programs are started too. */
const decodes =
  /b64decode|base64|unhexlify|fromhex|codecs\s*\.\s*decode|atob\s*\(|fromCharCode|pack\s*\(|\bchr\s*\(|\[::-1\]|\.reverse\s*\(|rot13/;
const drivers =
  /\b(?:psycopg\d?|asyncpg|pymysql|MySQLdb|mysql\.connector|aiomysql|pymongo|motor\.motor|redis\.(?:Redis|StrictRedis|from_url)|create_engine|cx_Oracle|oracledb|pyodbc|cassandra\.cluster|clickhouse_(?:connect|driver)|neo4j\.GraphDatabase|peewee|duckdb\.connect)\b|(?:require|import|from)\s*\(?\s*["'`](?:pg|pg-promise|postgres|mysql2?|mysql2\/promise|mariadb|mongodb|mongoose|ioredis|redis|tedious|mssql|oracledb|knex|sequelize|typeorm|better-sqlite3|sqlite3?|node:sqlite|bun:sqlite|@prisma\/client|drizzle-orm\/.+?|cassandra-driver|neo4j-driver|@clickhouse\/client)["'`]|new\s+PrismaClient|DBI\s*->\s*connect|DBI->|new\s+(?:\\?PDO|mysqli)|pg_connect|mysqli_connect|new\s+SQLite3|PG\s*(?:\.|::)\s*(?:connect|Connection)|Mysql2::Client|Sequel\s*\.\s*connect|ActiveRecord::Base|Mongo::Client|django\.setup|luasql|\bfrom\s+django\.db|\bconnection\.cursor\b/;
const sqliteFile =
  /\bsqlite3\s*\.\s*connect\s*\(\s*(["'])(?!:memory:|file::memory:)|SQLite3::Database\s*\.\s*(?:new|open)\s*\(?\s*["'](?!:memory:)/;
const gitLibraries =
  /\b(?:import\s+git\b|from\s+git\s+import|pygit2|dulwich|GitPython|Rugged::|Git\.open|LibGit2)|["'`](?:simple-git|isomorphic-git|nodegit)["'`]/;
const writesGit =
  /\.\s*(?:commit|push|add|reset|checkout|stash|merge|rebase|tag|branch|pull|clone|create_commit|create_reference|index_commit)\s*\(/;
const network =
  /\b(?:urllib|requests\s*\.|httpx|aiohttp|http\.client|socket\s*\.\s*(?:socket|create_connection)|fetch\s*\(|axios|https?\s*\.\s*(?:get|request)|net\s*\.\s*(?:connect|createConnection|Socket)|Net::HTTP|TCPSocket|LWP|IO::Socket|file_get_contents\s*\(\s*["']https?|curl_init|fsockopen|smtplib|ftplib|paramiko)|["'](?:node:)?net["']/;

/**
 * Reads another language's code by its marks. `line` is a one-liner: what cannot be told there is unknown. A
 * `file` of the project is only stopped for what is plainly there: it is reviewed like the rest of the change.
 */
export function scanCode(
  source: string,
  language: Language,
  mode: 'line' | 'file',
  frame: Frame,
  machine: Machine,
): void {
  const code = withoutComments(source, language);
  const scope = fork(frame, { stdin: UNKNOWN });
  if (hasUnknown(code) && (mode === 'line' || code.trimStart().startsWith(UNKNOWN))) {
    machine.emit({
      kind: 'unknown',
      what: `a part of the ${language} code is not known`,
      runs: code.trim() === UNKNOWN,
    });
  }
  const literals = literalsIn(code);
  if (language === 'other') {
    for (const match of code.matchAll(/\b(?:exec|spawn|system|shell)\s+(?:--\s+)?["{]?([^"}\n;]+)/g))
      machine.run(match[1] ?? '', fork(scope));
  }
  const shells = language !== 'node' && language !== 'python' && language !== 'awk' && backticks.test(code);
  if (starts.test(code) || shells) {
    const understood = runLiterals(code, mode, scope, machine);
    if (mode === 'line' && (!understood || hides.test(code) || decodes.test(code))) {
      machine.emit({
        kind: 'unknown',
        what: `a ${language} one-liner starts programs that cannot be told`,
        runs: false,
      });
    }
  } else if (mode === 'line' && hides.test(code)) {
    machine.emit({ kind: 'unknown', what: `a ${language} one-liner hides what it runs`, runs: false });
  }
  if (gitLibraries.test(code)) {
    if (writesGit.test(code)) machine.emit({ kind: 'git_write', command: `${language} with a git library` });
    else if (mode === 'line')
      machine.emit({ kind: 'unknown', what: `a ${language} one-liner uses a git library`, runs: false });
  }
  if (mode === 'line' ? drivers.test(code) || sqliteFile.test(code) : changesData(code, frame.via.at(-1) ?? '')) {
    machine.emit({ kind: 'database', how: 'driver', command: `${language} with a database driver` });
  }
  files(code, scope, machine);
  if (mode === 'line' && network.test(code)) hosts(code, literals, language, machine);
}

/** A file of the project that fills, changes or empties a database: servers, which only use one, may be started. */
const changesData = (code: string, name: string): boolean =>
  drivers.test(code) &&
  (/seed|migrat|reset|drop|populate|truncate|wipe|purge|backfill/i.test(name.slice(name.lastIndexOf('/') + 1)) ||
    /deleteMany\s*\(\s*\)|TRUNCATE\s|DROP\s+(?:TABLE|DATABASE|SCHEMA)|DELETE\s+FROM\s+\w+\s*["'`;]|dropDatabase|flush(?:all|db)\s*\(|sync\s*\(\s*\{\s*force/i.test(
      code,
    ));

/** Runs what reads as a command in the code's literals. True where at least one did. */
function runLiterals(code: string, mode: 'line' | 'file', frame: Frame, machine: Machine): boolean {
  let understood = false;
  const seen = new Set<string>();
  for (const { text, called } of commandsIn(code)) {
    const trimmed = text.trim();
    const word = /^[\w./+-]+/.exec(trimmed)?.[0] ?? '';
    const knowledge = machine.knows(word.slice(word.lastIndexOf('/') + 1));
    if (knowledge === 'nothing' || trimmed.length > 4000 || seen.has(trimmed)) continue;
    seen.add(trimmed);
    // In a file only what is certainly meant as a command counts: prose may begin with `test` or `find`.
    if (mode === 'file' && (knowledge !== 'dangerous' || !called || !trimmed.includes(' '))) continue;
    understood ||= trimmed !== word || !/^(?:sh|bash|node|python3?)$/.test(word);
    machine.run(trimmed, fork(frame));
  }
  return understood;
}

function files(code: string, frame: Frame, machine: Machine): void {
  const writes =
    /\b(?:open|Path|writeFile(?:Sync)?|appendFile(?:Sync)?|createWriteStream|outputFile(?:Sync)?|file_put_contents|fopen|File\.(?:write|open)|IO\.write|mkdirs?|makedirs|mkdir(?:Sync)?|copyFile(?:Sync)?|rename(?:Sync)?|symlink(?:Sync)?|chmod(?:Sync)?)\s*\(?\s*\(?\s*(?:<\s*)?(["'`])((?:(?!\1)[^\\\n]){1,400})\1([^)\n]{0,80}\)?[^\n]{0,40})/g;
  for (const match of code.matchAll(writes)) {
    const [whole, , path = '', rest = ''] = match;
    const opens = /^(?:open|Path|fopen|File\.open)/.test(whole);
    const modeOf = /^\s*,\s*(?:mode\s*=\s*)?["'`]([^"'`]*)["'`]/.exec(rest)?.[1];
    const writing = opens
      ? /[wax+>]/.test(modeOf ?? '') || /write_(?:text|bytes)|unlink|touch|mkdir|rmdir/.test(rest)
      : true;
    if (/^[+<>|]+$/.test(path.trim())) continue;
    if (writing) writePath(path, frame, machine);
    else readPath(path, frame, machine);
  }
  // Perl: `open(F, ">path")`, `open(my $f, ">", "path")`.
  for (const match of code.matchAll(
    /\bopen\s*\(?[^,;\n]{0,60},\s*["']\s*(\+?[<>]{0,2})\s*(?:["']\s*,\s*["'])?([^"'<>|\n]{1,300})["']/g,
  )) {
    (match[1]?.includes('>') === true ? writePath : readPath)(match[2] ?? '', frame, machine);
  }
  const deletes =
    /\b(?:unlink(?:Sync)?|rm(?:Sync|dir|dirSync|tree)?|remove(?:Sync)?|File\.delete|FileUtils\.rm\w*)\s*\(?\s*(["'`])((?:(?!\1)[^\\\n]){1,400})\1/g;
  for (const match of code.matchAll(deletes))
    deletePath(match[2] ?? '', frame, machine, /rmtree|rmSync|rm_r/.test(match[0]));
  const reads =
    /\b(?:readFile(?:Sync)?|createReadStream|readdir(?:Sync)?|file_get_contents|readfile|File\.read|IO\.read)\s*\(?\s*(["'`])((?:(?!\1)[^\\\n]){1,400})\1/g;
  for (const match of code.matchAll(reads)) {
    const path = match[2] ?? '';
    if (!/^https?:/.test(path)) readPath(path, frame, machine);
  }
}

function hosts(code: string, literals: readonly string[], language: string, machine: Machine): void {
  const addresses = literals.filter((text) => /^[a-z]+:\/\/\S+$/i.test(text));
  for (const address of addresses) connect(address, `${language} one-liner`, machine);
  const pair = /\(\s*(?:\(\s*)?(\d{2,5})\s*,\s*["']([\w.:-]+)["']|["']([\w.:-]+)["']\s*,\s*(\d{2,5})/.exec(code);
  if (pair !== null)
    connect(`${pair[2] ?? pair[3] ?? ''}:${pair[1] ?? pair[4] ?? ''}`, `${language} one-liner`, machine, { raw: true });
  if (addresses.length === 0 && pair === null) {
    machine.emit({
      kind: 'unknown',
      what: `a ${language} one-liner connects to a host that cannot be told`,
      runs: false,
    });
  }
}
