import { UNKNOWN, isKnown } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { migrationTools, type Verdict } from './migration-tools.ts';
import { setOf, takeApart } from '../options.ts';
import { resolve } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { literalsIn } from '../unwrap/literals.ts';
import { rakeTasks, runnerTasks } from '../unwrap/task-files.ts';
import { plainPath, unknownProgram } from './programs.ts';

/** Programs that talk to a database, dump one, restore one, or are one. */
const clients =
  'psql pgcli pg_dump pg_dumpall pg_restore createdb dropdb createuser dropuser vacuumdb reindexdb clusterdb pg_ctl pg_ctlcluster pg_createcluster pg_dropcluster pg_basebackup pg_resetwal pg_upgrade pg_rewind pgbench initdb postgres postmaster pgloader mysql mariadb mysqldump mariadb-dump mysqladmin mariadb-admin mysqlimport mysqlcheck mysqlshow mysqlslap mysqlpump mysqlbinlog mysqlsh mysqld mysqld_safe mariadbd-safe mysql_upgrade mysql_install_db mysql_secure_installation mariadbd mycli sqlite3 sqlite sqlite-utils litecli litestream mongo mongosh mongodump mongorestore mongoexport mongoimport mongod mongostat mongofiles redis-cli redis-benchmark redis-server valkey-cli keydb-cli iredis cqlsh nodetool sstableloader sqlcmd bcp mssql-cli sqlplus sqlldr expdp impdp rman isql tsql isql-fb gbak usql clickhouse clickhouse-client clickhouse-local duckdb influx influxd cypher-shell neo4j-admin arangosh arangodump arangorestore couchdb etcdctl cockroach ysqlsh ycqlsh surreal dolt rqlite snowsql beeline hive impala-shell spark-sql presto trino db2 hdbsql ksql osqueryi bq turso pscale planetscale neonctl memcdump memcflush memcrm dynamodb-local tiup tidb questdb vtctlclient xata edgedb gel fauna cbq cbbackup cbimport mclient monetdb virtuoso sqlpackage harlequin datasette cloud_sql_proxy cloud-sql-proxy alloydb-auth-proxy couchbase-cli snow presto-cli trino-cli hbase hdfs hadoop rabbitmqadmin rabbitmqctl nats kcat kafkacat csvsql sql2csv rainfrog lazysql gobang dbcli invoke-sqlcmd invoke-dbaquery sqlcl mongoose-cli memcached-tool redli pgadmin4 dbeaver-cli chdb zookeeper-shell zkCli cbbackupmgr opensearch-cli elasticdump typesense-cli meilisearch-cli'.split(
    ' ',
  );

const help = (args: readonly string[]): boolean =>
  args.length > 0 && args.every((arg) => /^(?:--?version|--?help|-V|-\?|version|help)$/.test(arg));

/** What leads out of a database in memory: a shell, other files, code that is loaded. */
const reaches =
  /\.(?:shell|system|open|restore|read|load|attach|output|once|excel|backup|save|clone|archive|cd|log|trace)\b|\.import\s+["']?\||attach\s|\b(?:load_extension|writefile|readfile|edit|fts3_tokenizer|read_text|read_blob|install|shellfs)\b/i;

/** Commands of the client's own that stay inside. It takes any beginning of any of its commands for the whole: the rest may be `.sh`. */
const stays =
  /^\.(?:bail|changes|databases|dbinfo|echo|exit|explain|headers?|help|import|indexes|limit|lint|maxrows|mode|nullvalue|parameter|print|prompt|quit|schema|separator|show|stats|tables|timeout|timer|version|width)(?:\s|$)/;

const leaves = (arg: string): boolean =>
  reaches.test(arg) ||
  /^--?(?:init|f|file)(?:=|$)/.test(arg) ||
  arg.split('\n').some((line) => /^\s*\./.test(line) && !stays.test(line.trim()));

/** Other spellings of the same, and files of more of it. */
const leadsOut =
  /\\(?:!|ir?\b|include|o\s*\||setenv)|`|\bprogram\b|^\s*(?:\\\.|source|system|shell)\b|\bsource\s+\S|^\s*\.(?:s[hy]|r)|^-\w*f(?:.+)?$/i;

/**
 * What a client hands to a shell: `\\! cmd`, `.shell cmd`, `system cmd`, `\\o |cmd`, `\\copy … program 'cmd'`. A rule of the
 * person's may let the database be reached, and means nothing of this.
 */
function shellsOf(call: Call): void {
  const { machine } = call;
  const files = call.args.flatMap((arg, at) =>
    /^(?:-f|--file)$/.test(arg) ? [call.args[at + 1] ?? ''] : arg.startsWith('--file=') ? [arg.slice(7)] : [],
  );
  const read = files
    .flatMap((file) => resolve(file, call.frame, machine.context))
    .map((path) => machine.file(path).text);
  for (const text of [...call.args, call.frame.stdin, ...read.map((text) => text ?? '')]) {
    for (const line of text.split('\n')) {
      const [, shell] =
        /(?:^|[\s;])(?:\\!|\.(?:sh(?:e(?:l(?:l)?)?)?|sy(?:s(?:t(?:e(?:m)?)?)?)?)\b)\s*(.+)$/i.exec(line) ??
        /(?:^|;)\s*(?:system|shell|!)\s+(.+)$/.exec(line) ??
        /\\(?:o|out|g|gx|w)\s*\|(.+)$/.exec(line) ??
        /\.(?:o\w*|im\w*)\s+["']?\|(.+)$/.exec(line) ??
        /(?:^|\s)(?:\\P|pager)\s+(.+)$/.exec(line) ??
        /\bprogram\s+'((?:[^']|'')*)'/i.exec(line) ??
        [];
      if (shell !== undefined)
        machine.run(shell, fork(call.frame, { stdin: UNKNOWN, via: [...call.frame.via, call.name] }));
      else if (leadsOut.test(line))
        machine.emit({
          kind: 'unknown',
          what: `${call.name} is told to run something that cannot be read`,
          runs: true,
        });
    }
  }
}

const client: Handler = (call) => {
  // A database of this command's own: in memory, or a scratch file.
  const memory =
    /^(?:sqlite3?|duckdb)$/.test(call.name) &&
    call.args.some((arg) => arg === ':memory:' || (/^\/tmp\/[\w.-]+(?:\/[\w.-]+)*$/.test(arg) && !arg.includes('..')));
  if (help(call.args)) call.machine.emit({ kind: 'process', command: call.shown });
  else if (
    memory &&
    !call.args.some((arg) => leaves(arg) || literalsIn(arg).some((text) => plainPath.test(text))) &&
    call.frame.stdin === ''
  ) {
    call.machine.emit({ kind: 'process', command: call.shown });
  } else {
    call.machine.emit({ kind: 'database', how: 'client', command: call.shown });
    shellsOf(call);
  }
  return UNKNOWN;
};

export const databases: Record<string, Handler> = {
  ...Object.fromEntries(clients.map((name) => [name, client])),
  ...Object.fromEntries(Object.keys(migrationTools).map((name) => [name, migration])),
  ...Object.fromEntries(
    'topics configs consumer-groups console-producer console-consumer acls delete-records reassign-partitions storage'
      .split(' ')
      .flatMap((name) => [
        [`kafka-${name}`, client],
        [`kafka-${name}.sh`, client],
      ]),
  ),
  pg_isready: look,
  pg_lsclusters: look,
};

function look(call: Call): string {
  call.machine.emit({ kind: 'database', how: 'look', command: call.shown });
  return UNKNOWN;
}

function migration(call: Call): string {
  const tool = migrationTools[call.name];
  if (tool === undefined) return UNKNOWN;
  const parsed = takeApart(call.args, setOf(tool.values ?? '-c --config --schema'));
  const verdict =
    help(call.args) || call.args.some((arg) => arg === '--help')
      ? 'pass'
      : parsed.words.length === 0 && tool.bare !== undefined
        ? tool.bare
        : verdictOf(tool.commands, tool.otherwise, parsed.words);
  if (call.name === 'lein' && parsed.words[0] === 'deploy') call.machine.emit({ kind: 'publish', command: call.shown });
  if (call.name === 'rake' && parsed.words.some((word) => /^(?:release(?::\w+)?|gem:push)$/.test(word)))
    call.machine.emit({ kind: 'publish', command: call.shown });
  if (call.name === 'rake') rakeTasks(call, parsed.words);
  if (/^(?:turbo|moon)$/.test(call.name)) runnerTasks(call);
  const checked = tool.check?.(call.args, parsed.words) ?? verdict;
  // Another program of that name runs its words for each line that it reads.
  if (call.name === 'rush') unknownProgram(call, false);
  tell(call, checked);
  return UNKNOWN;
}

/** The verdict of the longest command that the words begin with. */
function verdictOf(
  commands: Record<string, Verdict>,
  otherwise: Verdict,
  words: readonly string[],
): Verdict | 'unknown' {
  if (words.slice(0, 1).some((word) => !isKnown(word))) return 'unknown';
  for (let length = Math.min(3, words.length); length > 0; length -= 1) {
    const name = words.slice(0, length).join(' ');
    if (Object.hasOwn(commands, name)) return commands[name] ?? otherwise;
  }
  const [word = ''] = words;
  for (const [name, verdict] of Object.entries(commands)) {
    if (name.endsWith('*') && word.startsWith(name.slice(0, -1))) return verdict;
  }
  return words.length === 0 ? 'pass' : otherwise;
}

function tell(call: Call, verdict: Verdict | 'unknown'): void {
  const { machine, shown } = call;
  if (verdict === 'pass') machine.emit({ kind: 'process', command: shown });
  else if (verdict === 'unknown')
    machine.emit({ kind: 'unknown', what: `${call.name} with a command that is not known`, runs: false });
  else machine.emit({ kind: 'database', how: verdict === 'look' ? 'look' : 'migration', command: shown });
}

export const databaseNames: readonly string[] = [...clients, ...Object.keys(migrationTools), 'pg_isready'];
