/** `pass`: no connection (it may write a file); `look`: connects only to read; `deny`: changes a database. */
export type Verdict = 'pass' | 'look' | 'deny';

export interface MigrationTool {
  /** Commands by their first words; `db:*` is a prefix. The longest match counts. */
  commands: Record<string, Verdict>;
  /** What any other command is. */
  otherwise: Verdict;
  /** Without any word; `pass` where it is not said. */
  bare?: Verdict;
  /** Options that take a value, beyond the usual ones. */
  values?: string;
  /** For what hangs on an option: undefined leaves it to the table. */
  check?: (args: readonly string[], words: readonly string[]) => Verdict | undefined;
}

/** `'a b|c'` → every one of these commands with this verdict. */
const all = (verdict: Verdict, commands: string): Record<string, Verdict> =>
  Object.fromEntries(commands.split('|').map((command) => [command, verdict]));
const pass = (commands: string): Record<string, Verdict> => all('pass', commands);
const look = (commands: string): Record<string, Verdict> => all('look', commands);
const deny = (commands: string): Record<string, Verdict> => all('deny', commands);
const some = (args: readonly string[], pattern: RegExp): boolean => args.some((arg) => pattern.test(arg));

/** By ecosystem: node, python, ruby, php, go, java, rust, elixir, .NET, hosted databases. */
export const migrationTools: Record<string, MigrationTool> = {
  prisma: {
    commands: { ...pass('generate|format|validate|version|init|migrate diff'), ...look('db pull|migrate status') },
    otherwise: 'deny',
    check: (args, words) =>
      words.slice(0, 2).join(' ') === 'migrate diff' &&
      some(args, /^--(?:from|to)-(?:url|schema-datasource|migrations|local-d1)|^--shadow/)
        ? 'look'
        : undefined,
  },
  'drizzle-kit': { commands: { ...pass('generate*|check|up|export'), ...look('introspect*|pull') }, otherwise: 'deny' },
  typeorm: {
    commands: {
      ...pass('migration:create|entity:create|subscriber:create|init|version'),
      ...look('migration:show|schema:log'),
    },
    otherwise: 'deny',
    values: '-d -o -n',
  },
  'typeorm-ts-node-commonjs': {
    commands: { ...pass('migration:create|entity:create'), ...look('migration:show|schema:log') },
    otherwise: 'deny',
    values: '-d -o -n',
  },
  'typeorm-ts-node-esm': {
    commands: { ...pass('migration:create|entity:create'), ...look('migration:show|schema:log') },
    otherwise: 'deny',
    values: '-d -o -n',
  },
  'sequelize-cli': {
    commands: {
      ...pass('migration:generate|migration:create|model:generate|model:create|seed:generate|seed:create|init*'),
      ...look('db:migrate:status'),
    },
    otherwise: 'deny',
  },
  sequelize: {
    commands: {
      ...pass('migration:generate|migration:create|model:generate|model:create|seed:generate|seed:create|init*'),
      ...look('db:migrate:status'),
    },
    otherwise: 'deny',
  },
  knex: {
    commands: { ...pass('migrate:make|seed:make|init'), ...look('migrate:status|migrate:list|migrate:currentVersion') },
    otherwise: 'deny',
    values: '--knexfile --env --migrations-directory --cwd',
  },
  'mikro-orm': {
    commands: { ...pass('debug|generate-cache|cache:*'), ...look('migration:check|migration:list|migration:pending') },
    otherwise: 'deny',
  },
  'node-pg-migrate': { commands: pass('create'), otherwise: 'deny' },
  'db-migrate': { commands: { ...pass('create|create:*'), ...look('check') }, otherwise: 'deny' },
  'migrate-mongo': { commands: { ...pass('create|init'), ...look('status') }, otherwise: 'deny' },
  'graphile-migrate': { commands: { ...pass('init'), ...look('status') }, otherwise: 'deny' },
  umzug: { commands: { ...pass('create'), ...look('pending|executed') }, otherwise: 'deny' },
  kysely: {
    commands: { ...pass('migrate:make|migrate make|seed make|seed:make|init'), ...look('migrate list|migrate:list') },
    otherwise: 'deny',
  },
  payload: {
    commands: { ...pass('generate:*|migrate:create'), ...look('migrate:status'), ...deny('migrate*') },
    otherwise: 'pass',
  },
  medusa: { commands: deny('db:*|migrations*|seed|exec'), otherwise: 'pass' },
  directus: { commands: deny('database*|bootstrap|schema apply|users*|roles*'), otherwise: 'pass' },
  strapi: { commands: deny('import|export|transfer|configuration:restore'), otherwise: 'pass' },
  hasura: {
    commands: { ...pass('migrate create|init|version|metadata diff'), ...look('migrate status') },
    otherwise: 'deny',
  },
  supabase: {
    commands: {
      ...pass('migration new|functions new|init|seed new|completion'),
      ...look('status|migration list|gen|db diff|db lint|inspect'),
    },
    otherwise: 'deny',
  },
  wrangler: {
    commands: {
      ...pass('d1 migrations create|dev|types|init|version|docs|pages dev|check|build'),
      ...look('d1 list|d1 info|d1 migrations list|whoami|tail'),
      ...deny('d1'),
    },
    otherwise: 'deny',
  },
  convex: { commands: pass('codegen|docs'), otherwise: 'deny' },
  alembic: {
    commands: {
      ...pass('revision|history|heads|branches|show|init|merge|list_templates|edit'),
      ...look('current|check'),
    },
    otherwise: 'deny',
    values: '-c -n -x -m --config --name --message --rev-id -r --version-path --branch-label --depends-on --head',
    check: (args, words) => {
      if (words[0] === 'revision' && some(args, /^--autog/)) return 'deny';
      return /^(?:upgrade|downgrade|stamp)$/.test(words[0] ?? '') && args.includes('--sql') ? 'pass' : undefined;
    },
  },
  'flask-migrate': { commands: {}, otherwise: 'deny' },
  flask: {
    commands: {
      ...pass('db revision|db init|db history|db heads|db show|db branches|db list-templates'),
      ...look('db current|db check'),
      ...deny('db|seed|shell|init-db|drop-db|create-db|reset-db'),
    },
    otherwise: 'pass',
    values: '--app -A --env-file -e',
    check: (args, words) =>
      words.slice(0, 2).join(' ') === 'db revision' && some(args, /^--autog/) ? 'deny' : undefined,
  },
  'manage.py': django(),
  'django-admin': django(),
  aerich: { commands: { ...pass('init|history'), ...look('heads|inspectdb') }, otherwise: 'deny' },
  yoyo: { commands: { ...pass('new'), ...look('list') }, otherwise: 'deny' },
  rails: rails(),
  rake: {
    commands: {
      ...look('db:version|db:migrate:status|db:abort_if_pending_migrations'),
      ...deny('db:*|data:*|seed*|db'),
    },
    otherwise: 'pass',
    values: '-f -C',
    check: anyTask,
  },
  hanami: { commands: { ...pass('generate|g'), ...deny('db|console') }, otherwise: 'pass' },
  sequel: { commands: {}, otherwise: 'deny' },
  artisan: {
    commands: {
      ...look('migrate:status|db:show|db:table|model:show'),
      ...deny(
        'migrate*|db:*|tinker|schema:*|queue:flush|queue:clear|passport:install|telescope:clear|telescope:prune|model:prune|db',
      ),
    },
    otherwise: 'pass',
  },
  console: {
    commands: {
      ...pass('doctrine:migrations:generate|doctrine:cache:*|doctrine:mapping:*'),
      ...look('doctrine:schema:validate|doctrine:migrations:status|doctrine:migrations:list'),
      ...deny('doctrine:*|dbal:*|d:*|app:seed*'),
    },
    otherwise: 'pass',
  },
  doctrine: { commands: look('orm:validate-schema|migrations:status'), otherwise: 'deny' },
  phinx: {
    commands: { ...pass('create|init|seed:create|list'), ...look('status') },
    otherwise: 'deny',
    values: '-c -e -p',
  },
  wp: {
    commands: { ...pass('core version|i18n|scaffold|cli'), ...look('option get|post list|plugin list') },
    otherwise: 'deny',
  },
  drush: { commands: { ...pass('generate|version'), ...look('status|st') }, otherwise: 'deny' },
  goose: {
    commands: { ...pass('create|fix|version|validate'), ...look('status') },
    otherwise: 'deny',
    values: '-dir --dir -table',
    check: gooseWords,
  },
  migrate: {
    bare: 'deny',
    commands: { ...pass('create|help'), ...look('version') },
    otherwise: 'deny',
    values: '-path -database -source --path --database --source -ext -dir',
  },
  dbmate: {
    commands: { ...pass('new|n|help'), ...look('status|dump') },
    otherwise: 'deny',
    values: '-u --url -e --env -d --migrations-dir -s --schema-file',
  },
  atlas: {
    commands: {
      ...pass('migrate new|migrate hash|migrate validate|schema fmt|version|license'),
      ...look('migrate diff|migrate lint|migrate status|schema inspect|schema diff'),
    },
    otherwise: 'deny',
  },
  tern: { commands: { ...pass('new|init|version'), ...look('status') }, otherwise: 'deny' },
  sqitch: {
    commands: { ...pass('add|init|plan|show|rework|tag|help'), ...look('status|log|verify') },
    otherwise: 'deny',
  },
  bytebase: { commands: {}, otherwise: 'deny' },
  sqlx: {
    commands: { ...pass('migrate add|migrate build-script'), ...look('migrate info|prepare') },
    otherwise: 'deny',
  },
  diesel: {
    commands: { ...pass('migration generate|completions'), ...look('print-schema|migration list|migration pending') },
    otherwise: 'deny',
  },
  'sea-orm-cli': {
    commands: { ...pass('migrate generate|migrate init'), ...look('generate|migrate status') },
    otherwise: 'deny',
  },
  refinery: { commands: pass('setup'), otherwise: 'deny' },
  flyway: { commands: { ...pass('version|help'), ...look('info|validate|check') }, otherwise: 'deny' },
  liquibase: {
    commands: {
      ...pass('init|version|help'),
      ...look(
        'status|history|validate|diff|diff-changelog|generate-changelog|generateChangeLog|diffChangeLog|snapshot|update-sql|updateSQL|rollback-sql|db-doc',
      ),
    },
    otherwise: 'deny',
  },
  dbt: {
    commands: { ...pass('parse|compile|ls|list|deps|clean|init|debug|docs'), ...look('show|source') },
    otherwise: 'deny',
  },
  sqlmesh: { commands: { ...pass('format|lint|init|test'), ...look('diff|info|render') }, otherwise: 'deny' },
  'sql-migrate': { commands: { ...pass('new'), ...look('status') }, otherwise: 'deny' },
  'doctrine-migrations': { commands: { ...pass('generate'), ...look('status|list') }, otherwise: 'deny' },
  soda: { commands: pass('generate|version'), otherwise: 'deny' },
  buffalo: { commands: { ...deny('pop|db'), ...pass('pop generate') }, otherwise: 'pass' },
  lein: { commands: deny('migratus*|ragtime*|db*|run migrate|run seed'), otherwise: 'pass' },
  turbo: { commands: {}, otherwise: 'pass', check: taskNames },
  moon: { commands: {}, otherwise: 'pass', check: taskNames },
  rush: { commands: {}, otherwise: 'pass', check: taskNames },
  ent: { commands: deny('schema apply|migrate'), otherwise: 'pass' },
  phpmig: { commands: { ...pass('generate|init'), ...look('status') }, otherwise: 'deny' },
  magento: { commands: deny('setup:*|db*|deploy*|cache:flush|indexer:reset'), otherwise: 'pass' },
  micrate: { commands: { ...pass('scaffold'), ...look('dbversion|status') }, otherwise: 'deny' },
  ley: { commands: { ...pass('new'), ...look('status') }, otherwise: 'deny' },
  piccolo: { commands: { ...pass('migrations new|app|asgi'), ...look('migrations check|schema') }, otherwise: 'deny' },
  postgrator: { commands: {}, otherwise: 'deny', bare: 'deny' },
  'pg-migrate': { commands: pass('create|new'), otherwise: 'deny' },
  'n98-magerun': { commands: deny('db:*'), otherwise: 'pass' },
  odoo: { commands: pass('scaffold|--version'), otherwise: 'deny' },
  'odoo-bin': { commands: pass('scaffold|--version'), otherwise: 'deny' },
  ridgepole: { commands: {}, otherwise: 'deny', bare: 'deny' },
  'gh-ost': { commands: {}, otherwise: 'deny', bare: 'deny' },
  'pt-online-schema-change': { commands: {}, otherwise: 'deny', bare: 'deny' },
  'pt-archiver': { commands: {}, otherwise: 'deny', bare: 'deny' },
  rambler: { commands: {}, otherwise: 'deny' },
  grails: { commands: deny('dbm-*|schema-export'), otherwise: 'pass' },
  typo3: { commands: deny('database:*|extension:setup|upgrade:run|setup'), otherwise: 'pass' },
  'postgrator-cli': { commands: {}, otherwise: 'deny', bare: 'deny' },
  pgroll: { commands: pass('create|convert|validate'), otherwise: 'deny' },
  reshape: { commands: {}, otherwise: 'deny' },
  geni: { commands: pass('new|create'), otherwise: 'deny' },
  skeema: { commands: { ...pass('format|version|help'), ...look('diff|lint|pull|init') }, otherwise: 'deny' },
  evolve: { commands: { ...look('info|validate') }, otherwise: 'deny' },
  grate: { commands: {}, otherwise: 'deny', bare: 'deny' },
  dbup: { commands: {}, otherwise: 'deny' },
  'pg-schema-diff': { commands: look('plan'), otherwise: 'deny' },
  ...Object.fromEntries(
    'mysqldef psqldef sqlite3def mssqldef'
      .split(' ')
      .map((name) => [name, { commands: {}, otherwise: 'deny' as const }]),
  ),
  cornucopia: { commands: {}, otherwise: 'look' },
  ...Object.fromEntries(
    'zapatos kanel postgraphile pgtyped schemats typeorm-model-generator sequelize-auto sqlboiler jet sqlacodegen pwiz dbdocs tbls schemaspy'
      .split(' ')
      .map((name) => [name, { commands: {}, otherwise: 'look' as const, bare: 'look' as const }]),
  ),
};

function django(): MigrationTool {
  return {
    commands: {
      ...look('showmigrations|sqlmigrate|inspectdb|sqlflush|sqlsequencereset|optimizemigration|dumpdata'),
      ...deny(
        'migrate|flush|loaddata|dbshell|shell|shell_plus|runscript|reset_db|createsuperuser|changepassword|createcachetable|clearsessions|remove_stale_contenttypes|sqldsn|dbrestore|dbbackup|seed*|populate*|import*|drop*|reset*|load*|delete*|purge*|tenant_command|migrate_schemas|rebuild_index|update_index',
      ),
    },
    otherwise: 'pass',
    values: '--settings --pythonpath --database',
  };
}

function rails(): MigrationTool {
  return {
    commands: {
      ...look('db:version|db:migrate:status|db:abort_if_pending_migrations'),
      ...deny('db:*|db|dbconsole|console|c|runner|r|data:*|seed*'),
    },
    otherwise: 'pass',
    values: '-e -p -b',
    check: anyTask,
  };
}

/** Task runners whose tasks live in other folders go by the names of their tasks. */
function taskNames(args: readonly string[]): Verdict | undefined {
  return some(
    args,
    /(?:^|:)(?:(?:db|database|prisma|drizzle|knex|typeorm)[:_-](?:push|migrate|reset|seed|drop|deploy)\S*|migrate(?:[:_-]\S+)?)$/,
  )
    ? 'deny'
    : undefined;
}

/** Rake runs several tasks from one line: `rake test db:reset`. */
function anyTask(args: readonly string[], words: readonly string[]): Verdict | undefined {
  if (/^(?:generate|g|new|n|destroy|d)$/.test(words[0] ?? '')) return 'pass';
  return words.slice(1).some((word) => /^(?:db|data|seed):/.test(word))
    ? 'deny'
    : args.length === 0
      ? 'pass'
      : undefined;
}

/** `goose postgres "dsn" up`: the command stands after driver and address. */
function gooseWords(_args: readonly string[], words: readonly string[]): Verdict | undefined {
  const [driver, , command] = words;
  if (
    driver === undefined ||
    !/^(?:postgres|pgx|mysql|sqlite3?|mssql|redshift|tidb|clickhouse|vertica|ydb|turso|starrocks)$/.test(driver)
  )
    return undefined;
  return command === 'status' || command === 'version' ? 'look' : command === 'create' ? 'pass' : 'deny';
}
