/** The marks by which another language's code tells what it does. Patterns over its text; each is linear. */

/** Ways to start a program or to run text as code. */
export const starts =
  /(?<![\w$])\$(?:\.\w+)?`|\bopen\s*\(?[^;\n]{0,80}["'](?:-\||\|-|\|[^"'\n]|[^"'\n]{1,200}\|["'])|\b(?:import\s+sh\b|from\s+sh\s+import|plumbum|pexpect|invoke\s*\.\s*run)|\b(?:os\s*\.\s*(?:system|popen|exec\w*|spawn\w*|posix_spawn\w*|execute)|subprocess|pty\s*\.\s*spawn|commands\s*\.\s*getoutput|create_subprocess_\w+|child_process|(?<![.\w/)])exec(?:File)?(?:Sync)?\s*[("'%[]|spawn(?:Sync)?\s*[(`]|execa\w*\s*[(`]|Bun\s*\.\s*spawn|Deno\s*\.\s*(?:run|Command)|zx\b|system\s*[("'{ ]|popen\w*\s*\(|proc_open|passthru|shell_exec|pcntl_exec|Open3|IO\s*\.\s*popen|Kernel\s*\.|io\s*\.\s*popen|qx\s*[^\w\s]|ProcessBuilder|getRuntime)|%x\s*[^\w\s]/;
export const backticks = /`[^`]*`/;
/** Text turned into code, or names that cannot be read here. */
export const hides =
  /(?<![.\w])(?:eval|exec|compile|execfile)\s*\(|(?<![.\w])eval\s+[^{\s]|\b(?:instance|class|module)_eval\b|__import__|__builtins__|\bbuiltins\b|importlib(?!\.(?:metadata|resources|util)|\s+import\s+(?:metadata|resources))|getattr\s*\(|(?:globals|vars|locals)\s*\(\)|sys\s*\.\s*modules|\brunpy\b|\b(?:marshal|pickle)\s*\.\s*loads|new\s+Function|\bFunction\s*\(|\bvm\b|\bnew\s+Worker\b|process\s*\.\s*(?:binding|mainModule|dlopen)|\bReflect\s*\.|(?:global|globalThis|window|process|module|this)\s*\[|constructor\s*[.[]|\b_load\s*\(|createRequire|require\s*\(\s*[^'"`)\s]|require\s*\([^)]*\+|import\s*\(\s*[^'"`)\s]|ctypes|\bffi\b|dlopen|const_get|\b(?:public_)?send\s*[(:]|__send__|call_user_func|create_function|\$\w+\s*\(\s*["'$]|&\s*\{?\s*\$\w+|->\s*can\s*\(|\bassert\s*\(\s*\$|loadstring|(?<![.\w])load\s*\(|dofile/;
/** Names taken from a module that plainly start nothing. */
export const plainNames =
  /\bgetattr\s*\(\s*[\w.]+\s*,\s*(["'])(?!system|popen|exec|spawn|eval|__|run|call|fork)\w+\1|(?<!\.)\b(?:assert|load)\s*\(\s*(?=[\w.]+\s*[=<>!])/g;
/** Text taken from another form: harmless, unless programs are started too. */
export const decodes =
  /b64decode|base64|unhexlify|fromhex|codecs\s*\.\s*decode|atob\s*\(|fromCharCode|pack\s*\(|\bchr\s*\(|\[::-1\]|\.reverse\s*\(|rot13/;
export const drivers =
  /\b(?:psycopg\d?|asyncpg|pymysql|MySQLdb|mysql\.connector|aiomysql|pymongo|motor\.motor|redis\.(?:Redis|StrictRedis|from_url)|create_engine|cx_Oracle|oracledb|pyodbc|cassandra\.cluster|clickhouse_(?:connect|driver)|neo4j\.GraphDatabase|peewee|duckdb\.connect)\b|(?:require|import|from)\s*\(?\s*["'`](?:pg|pg-promise|postgres|mysql2?|mysql2\/promise|mariadb|mongodb|mongoose|ioredis|redis|tedious|mssql|oracledb|knex|sequelize|typeorm|better-sqlite3|sqlite3?|node:sqlite|bun:sqlite|@prisma\/client|drizzle-orm\/.+?|cassandra-driver|neo4j-driver|@clickhouse\/client)["'`]|new\s+PrismaClient|DBI\s*->\s*connect|DBI->|new\s+(?:\\?PDO|mysqli)|pg_connect|mysqli_connect|new\s+SQLite3|PG\s*(?:\.|::)\s*(?:connect|Connection)|Mysql2::Client|Sequel\s*\.\s*connect|ActiveRecord::Base|Mongo::Client|django\.setup|luasql|\bfrom\s+django\.db|\bdbConnect\b|\bLibPQ\b|\bRedis\s*\.\s*new\b|new\s+\\?Redis\b|\bfrom\s+redis\b|\bElasticsearch\s*\(|client-dynamodb|\bRepo\s*\.\s*(?:delete|insert|update|query|transaction|one|all|get)\w*|\bconnection\.cursor\b/;
/** Calls that change a store, whoever offers them: ORMs, document stores, caches; and migrations started from code. */
export const changesStore =
  /\.\s*(?:drop_all|create_all|flushall|flushdb|flushAll|flushDb|dropDatabase|drop_database|deleteMany|updateMany|createMany|delete_many|insert_many|update_many|delete_table|delete_item|put_item|batch_writer|bulk_create|bulk_update|destroy_all|delete_all|insert_all|update_all|truncate_all)\s*\(|\.\s*(?:destroy_all|delete_all|flushall|flushdb)\b|\.objects\b[^;\n]{0,200}\.\s*(?:delete|update|create|get_or_create|bulk_\w+)\s*\(|\bsync\s*\(\s*\{\s*(?:force|alter)|\.indices\s*\.\s*delete|\$(?:executeRaw|queryRaw)\w*|\.\s*(?:query|execute|executemany|raw|exec|run|unsafe|executescript)\s*\(?\s*[frb]?["'`]{1,3}\s*(?:drop|delete|truncate|insert|update|alter|create|grant|merge|replace)\s|execute_from_command_line|call_command\s*\(\s*["'](?:migrate|flush|loaddata|sqlflush|reset_db|dbshell)|\balembic\s*\.\s*(?:config|command)|\bcommand\s*\.\s*(?:upgrade|downgrade|stamp)\s*\(|\bmigrate\s*\.\s*(?:latest|up|down|rollback)\s*\(/i;
/** Signs that a driver is not only loaded but used. */
export const connects =
  /\b(?:drop|delete|truncate|insert|alter|select)\s+\w|connect|create(?:Connection|Pool|Client|_engine|Engine)|\bClient\b|\bPool\b|\bRedis\s*\(|new\s+\w|\.\s*(?:query|execute\w*|exec|run|raw|flush\w*|drop\w*|delete\w*|find\w*|insert\w*|update\w*|sync|authenticate|cursor|all|objects|set|get)\s*\(|\.objects\b|from_url|\bPDO\b|mysqli|pg_\w+\s*\(|\(\s*["'](?!:memory:)[^"']*["']\s*\)\s*\(/;
export const sqliteFile =
  /\bsqlite3\s*\.\s*connect\s*\(\s*(?!["'](?::memory:|file::memory:|\/tmp\/))|SQLite3::Database\s*\.\s*(?:new|open)\s*\(?\s*["'](?!:memory:)/;
export const gitLibraries =
  /\b(?:import\s+git\b|from\s+git(?:\.\w+)?\s+import|pygit2|dulwich|GitPython|Rugged::|Git\.open|LibGit2)|["'`](?:simple-git|isomorphic-git|nodegit)["'`]/;
export const writesGit =
  /\.\s*(?:commit|push|add|reset|checkout|stash|merge|rebase|tag|branch|pull|clone|create_commit|create_reference|index_commit)\s*\(/;
export const network =
  /\b(?:urllib(?!\.parse)|requests\s*\.|httpx|aiohttp|http\.client|socket\s*\.\s*(?:socket|create_connection)|fetch\s*\(|axios|https?\s*\.\s*(?:get|request)|net\s*\.\s*(?:connect|createConnection|Socket)|Net::HTTP|TCPSocket|LWP|IO::Socket|file_get_contents\s*\(\s*["']https?|open-uri|URI\s*\.\s*open|HTTP::Tiny|HTTPClient|Faraday|HTTParty|RestClient|(?:require|import)\s*\(?\s*["'](?:node:)?(?:https?|http2|tls|dgram|dns|undici|axios|got|node-fetch)["']\s*\)?[^;]{0,60}?\.\s*(?:get|request|connect|lookup|resolve\w*|createSocket|send|post)\b|curl_init|fsockopen|smtplib|ftplib|paramiko)|["'](?:node:)?net["']/;
