/** Git's own commands that write a repository or reach another one. */
export const gitWrites =
  /^(?:add|am|apply|archive|bisect|branch|bundle|checkout|cherry-pick|clean|clone|commit|commit-graph|commit-tree|config|fast-import|fetch|fetch-pack|filter-branch|format-patch|gc|hash-object|index-pack|init|lfs|ls-remote|maintenance|merge|merge-file|mergetool|mktag|mktree|multi-pack-index|mv|notes|pack-objects|pack-refs|prune|prune-packed|pull|push|quiltimport|read-tree|rebase|receive-pack|reflog|remote|repack|replace|request-pull|rerere|reset|restore|revert|rm|send-email|send-pack|sparse-checkout|stage|stash|submodule|subtree|svn|p4|switch|symbolic-ref|tag|unpack-objects|update-index|update-ref|update-server-info|upload-pack|worktree|write-tree|credential|daemon|instaweb|checkout-index|cvsimport|difftool|refs|shell|http-push|init-db|ci|co|cm|p|save)$/;

/** Programs whose call is a deed unless it only asks for help, and what they may be called with. */
const tools: [names: string, harmless?: RegExp][] = [
  [
    'psql pgcli pg_dump pg_dumpall pg_restore createdb dropdb createuser dropuser vacuumdb pg_ctl pg_ctlcluster pg_basebackup pgbench initdb postgres pgloader pg_isready mysql mariadb mysqldump mariadb-dump mysqladmin mysqlimport mysqld mysqld_safe mycli litecli litestream mongo mongosh mongodump mongorestore mongoexport mongoimport mongod redis-cli redis-server valkey-cli iredis cqlsh sqlcmd sqlplus usql clickhouse clickhouse-client influx cypher-shell etcdctl cockroach dolt snowsql bq turso pscale planetscale neonctl memcdump datasette sqlpackage sqlite-utils cloud_sql_proxy',
  ],
  ['sqlite3 duckdb sqlite', /:memory:|(?:^| )\/tmp\/(?!.*\.\.)/],
  ['prisma', /^(?:generate|format|validate|version|init|studio --help|migrate (?:diff|dev --help|--help))/],
  ['drizzle-kit', /^(?:generate|check|up|export)/],
  ['alembic', /^(?:revision(?!.*--autogenerate)|.*--sql$|history|heads|branches|show|init|list_templates|--help)/],
  ['flyway liquibase dbmate goose sqitch', /^(?:new|create|validate --help|info --help|--help)/],
  [
    'knex sequelize sequelize-cli sequelize-auto',
    /^(?:migrate:make|seed:make|(?:migration|seed|model):(?:generate|create)|init)/,
  ],
  ['typeorm typeorm-ts-node-esm typeorm-ts-node-commonjs', /^(?:migration|entity|subscriber):create/],
  ['mikro-orm node-pg-migrate migrate-mongo db-migrate', /^(?:migration:create|create|debug)/],
  [
    'diesel sea-orm-cli sqlx refinery',
    /^(?:migration generate|migrate generate|migrate add|prepare|migrate init|setup --help)/,
  ],
  [
    'manage.py django-admin',
    /^(?:makemigrations|test|check|collectstatic|startapp|startproject|show_urls|makemessages|compilemessages|sqlmigrate|runserver|help|--help|--version|shell_plus --(?:print-sql|help)|spectacular|diffsettings)/,
  ],
  [
    'supabase hasura wrangler convex atlas dbt',
    /^(?:--version|--help|init|gen types|dev|types|migration new|migrate create|parse|compile|ls|deps|docs|build|pages dev|functions serve|functions new|migrate (?:new|hash|lint|validate)|test|deploy --dry-run|deploy .*--dry-run)/,
  ],
  [
    'hg svn jj got sl bzr fossil darcs cvs p4 git-lfs dulwich gix',
    /^(?:log|status|st|diff|info|blame|cat|show|ls|help|--version|annotate|id)/,
  ],
  ['git-push git-commit git-cz git-crypt isogit tig lazygit gitk hub gitpush'],
  [
    'ssh scp sftp rsync ftp telnet nc ncat socat nmap aria2c lynx w3m links websocat mail sendmail rclone s3cmd mc http yt-dlp ping dig nslookup host ngrok cloudflared localtunnel',
    /^(?:-V|--version|--help|-zv? (?:localhost|127\.0\.0\.1) \d+|.*(?:localhost|127\.0\.0\.1|:\d+\/)|-l \d+$|-a\S* (?:-\S+ (?:node_modules )?)*(?![/~]|\S*:)\S+ (?:\/tmp\/|(?![/~.]|\S*:))\S*$|-c \d+ 127)/,
  ],
  ['gh glab', /^(?:--version|--help|help)/],
  [
    'docker podman nerdctl docker-compose podman-compose',
    /^(?:compose )?(?:--version|version|ps|images|logs|inspect|info|stats|port|config|top|ls|build|buildx build|image ls|image inspect|container ls|volume ls|network ls|network inspect|compose ls|--help|help|events|diff|history|system df|context ls|rmi|cp|builder prune|image prune|network create|volume create|stop|start|restart|tag|pull|down|rm|kill)\b|^compose (?:-f \S+ )*(?:ps|logs|config|build|images|top|ls|up -d)\b|^(?:run|exec|compose (?:run|exec|up)|up)\b(?!.*(?:psql|pg_|dropdb|createdb|mysql|maria|redis-cli|mongo|migrat|seed|reset|flush|upgrade|db |git |--privileged|-v \/(?!repo:)))/,
  ],
  [
    'kubectl helm oc k9s kustomize minikube',
    /^(?:version|config (?:view|get-contexts|current-context)|get|describe|logs|explain|top|api-resources|template|lint|show|list|search|build|status|diff|kustomize|apply .*--dry-run|dependency list|create .*--dry-run=client|--help)/,
  ],
  [
    'aws gcloud gsutil az heroku doctl fly flyctl vercel netlify firebase railway render eb amplify surge now serverless sst cdk sam pulumi terraform packer ansible-playbook',
    /^(?:--version|version|--help|help|validate|fmt|init -backend=false|configure list|config list|synth|build|local|dev|lint|syntax|.*--syntax-check|.*--check|logs|info|plan|show|output|graph|providers|state list|workspace list|emulators|local invoke)/,
  ],
  ['systemctl service launchctl', /^(?:status|is-active|is-enabled|list|show|cat|--version|\S+ status)/],
  ['crontab at batch', /^-l$/],
  [
    'mount umount swapoff reboot shutdown poweroff useradd usermod passwd chsh visudo sysctl iptables insmod modprobe chroot nsenter setfacl',
    /^(?:--version|--help|-n? ?[a-z.]+$|$)/,
  ],
  [
    'twine gem vsce ovsx flit semantic-release release-it np gh-pages standard-version lerna changeset goreleaser bumpversion bump2version cz commitizen commitlint-push',
    /^(?:$|add$|install (?!-)\S+$|check|list|--version|--help|build|env|which|search|info|contents|specification|run|ls|exec|status|changed|version --no-git|add --empty|package|init|pre|.*--dry-run|.*--no-publish)/,
  ],
  ['claude dayshift claude-code bwrap', /^(?:--version|--help|doctor|status)/],
  ['gdb strace lldb ltrace', /^(?!.*-p )/],
  ['apt apt-get dpkg brew', /^(?:-l|-L|-s|--version|list|show|search|policy|info|install|update|--help|-S)/],
  ['vault op pass secret-tool security gpg ssh-add ssh-keygen', /^(?:--version|--help|-l$|-lf|status)/],
];
export const byName = new Map(
  tools.flatMap(([names, harmless]) => names.split(' ').map((name) => [name, harmless] as const)),
);

/** Words with which an ordinary program of a project writes a database or publishes. */
export const deeds =
  /(?:^|[ :._/-])(?:migrate|migrations? (?:run|up|apply)|seed|db:(?:migrate|seed|reset|drop|create|push|setup|wipe|fresh|rollback|prepare|schema:load|truncate|purge|import|restore)|dbshell|publish|deploy|database:\w+|doctrine:\w+|schema:(?:update|drop|sync|create|load)|db (?:push|upgrade|reset|seed|migrate|execute|drop)|ef database|ecto\.(?:migrate|drop|reset|setup|create|rollback)|flyway:\w+|liquibase:\w+|flyway\w+|migration:\w+|run sql|tinker|rails (?:c|console|runner|r)|manage\.py shell|flask shell|dbconsole|rails db|updb|updatedb)(?:$|[ :=-])/i;
export const deedless =
  /storybook|make:|--pretend|--help|create-only|migration:create|migrate:make|--version|migrations? (?:add|new|create|script)|generate migration|g migration|gen\.migration|:migration|\bshell(?:check|script|wright)?\.|--shell|dry-run|nix-shell -p|make migration|routes|--create-only|migration (?:new|add|create)|migrate create|vendor:publish|dotnet publish|cargo test|nx migrate latest/i;

/** A path that is not the agent's, given to a program that would write or read it. */
export const foreign =
  /^(?:--?[\w-]+=)?\/(?:srv|root|mnt|data|opt|home\/(?:other|u\/(?:\.ssh|\.aws|\.netrc|notes)))(?:\/|$)/;

/** Programs that test and check: their words are names of files and tests. */
export const runners = new Set(
  'vitest jest mocha ava tap pytest rspec phpunit pest eslint prettier tsc biome oxlint rg fd ag ruff mypy black cypress playwright knip rubocop cspell mockgen'.split(
    ' ',
  ),
);

/** Of programs that are ordinary otherwise: the words with which their call is a deed. */
const named: [names: string, words: RegExp][] = [
  // Databases: clients, migrations, what empties or fills one.
  ['docker', /^run [^\s/]*\.[^\s/]*\//],
  ['ffmpeg', /(?:^| )rtmps?:/],
  ['semgrep', /https?:/],
  ['towncrier', /^build(?!.*--draft)/],
  ['cog', /^(?:bump|commit)/],
  ['changelogen', /--(?:release|push|publish)/],
  ['wal-g', /^(?:delete|backup-|wal-)/],
  ['supervisorctl', /^(?:start|stop|restart|reload|update)/],
  ['stripe', /^\S+ (?:create|update|delete)/],
  ['nuget', /^(?:setapikey|push|delete|sources? )/],
  ['aerich', /^(?:upgrade|downgrade|init-db)/],
  ['yoyo', /^(?:apply|rollback|reapply|mark)/],
  ['flask', /^(?:db (?:upgrade|downgrade|stamp|migrate$|revision .*--autogenerate)|init-db|seed|shell|dbshell)/],
  ['sequel', /postgres:|-m /],
  ['wp', /^(?:db|search-replace|post (?:delete|create|update)|user (?:create|delete)|option update|plugin|import)/],
  [
    'php',
    /(?:^| )(?:\S*bin\/console|yii|\S*artisan) (?:d:|doctrine:|dbal:|migrate|db$|db |queue:flush|schema:dump|tinker)/,
  ],
  ['symfony', /^console (?:d:|doctrine:|dbal:)/],
  [
    'go',
    /^run (?:\S* )*(?:\S*(?:goose|dbmate|migrate|entgo\.io\/ent)\S*|\.\/migrations|\S*cmd\/(?:seed|dbreset|migrate)\S*)/,
  ],
  ['go', /^env -w /],
  [
    'gradlew gradle',
    /(?:^| )(?:update|liquibase\w+|flyway\w+|dropAll|rollback|release|publish(?!ToMavenLocal)\w*)(?: |$)/,
  ],
  [
    'mvn mvnw',
    /(?:^| )(?:sql:|liquibase:|flyway:|release:(?:prepare|perform)|scm:checkin|deploy|.*ddl-auto=|-Dexec\.\S*=(?:org\.flywaydb|git)\S*|.*org\.flywaydb)/,
  ],
  [
    'mix',
    /^(?:ecto\.(?:migrate|drop|reset|setup|create|rollback|load)|ash\.(?:reset|migrate|setup)|run .*(?:Repo\.|seeds))/,
  ],
  ['iex elixir', /Repo\.|seeds/],
  ['sqlmesh', /^(?:plan|run|apply|migrate)/],
  ['rake', /(?:^| )(?:db:(?!migrate:status|version)|release)/],
  ['bundle', /^(?:exec rake (?:db:|release)|exec sequel|config set|push)/],
  ['rails spring', /(?:^| )(?:db:|runner|console|dbconsole)/],
  ['airflow ckan', /^db (?:init|migrate|upgrade|reset|clean)/],
  ['odoo', /(?:^| )-[ui] /],
  ['piccolo', /^migrations (?:forwards|backwards)/],
  ['ddev lando', /^(?:mysql|psql|import-db|db-import|mongo)/],
  ['n98-magerun magento', /db:|setup:upgrade/],
  ['drush', /^(?:sql|updb|updatedb|cim|pm:|site:install)/],
  ['lein', /migratus (?:migrate|rollback|reset|up|down)/],
  [
    'dotnet',
    /(?:^| )(?:(?:ef|dotnet-ef)(?: --)? (?:database|migrations remove)|nuget (?:push|add)|run .*(?:Migrator|seed)|tool run dotnet-ef -- database)/i,
  ],
  [
    'cargo',
    /^(?:sqlx (?:database|migrate run|migrate revert)|run .*(?:migration|seed)|login|logout|publish|owner|yank|release(?! --help)|install .*(?:--git|--root))/,
  ],
  ['pgmigrate micrate ley postgrator postgrator-cli umzug rambler ridgepole phpmig', /^/],
  ['doctrine', /schema-tool:(?:update|drop|create)|migrations:migrate/],
  ['app', /^(?:rpc|eval) .*migrat/],
  ['strapi', /^(?:import|transfer|export)/],
  ['directus', /^(?:schema apply|database)/],
  ['grails', /^dbm-/],
  ['dart', /migrations/],
  [
    'couchbase-cli hbase presto-cli snow kafka-topics.sh kafka-console-producer rabbitmqadmin nats gh-ost pt-online-schema-change csvsql sql2csv rainfrog',
    /./,
  ],
  ['visidata', /:\/\//],
  ['crictl ctr', /exec/],
  ['heroku', /^(?:local:run .*(?:db:|migrat)|run|pg:)/],
  [
    'ecs-cli eb eas pod fastlane ko terragrunt dokku vagrant',
    /^(?:compose up|submit|trunk push|\S* ?release|build|run-all|ps:rebuild|destroy|up|deploy|update)/,
  ],
  ['terraform', /^(?:plan|apply|destroy|import|state (?:rm|push|mv))/],
  ['packer', /^build/],
  ['kubectl', /^(?:get |config view .*--raw|describe secret|delete|apply|exec|create|patch|scale|rollout)/],
  [
    'docker podman nerdctl docker-compose',
    /(?:^| )(?:-H tcp:|pull \S+\.(?:test|example|com)\/|compose rm|.*down (?:.*)(?:-v|--volumes)|.*--(?:pid|network|net|ipc)=host|.*--mount \S*source=\/(?!repo)|.*--volume=\/(?!repo)|.*liquibase|.*dbmate (?:up|drop)|buildx build .*--push|push|login|cp .*(?:\/srv|\.ssh)|build .*\/srv|.*rake db:)/,
  ],
  ['dbt', /^(?:build|test|run|seed|snapshot)/],
  ['alembic', /--autogenerate|^(?:upgrade|downgrade|stamp)(?!.*--sql)/],
  ['phinx', /^(?:rollback|migrate|seed)/],
  // History, hooks, releases.
  [
    'npm',
    /^(?:publish|unpublish|login|adduser|logout|token|deprecate|dist-tag|owner|access|(?:config |c )?set |config get .*_auth|profile|(?:i|install|add|init|exec|x) .*(?:file:\.\.|(?:^| )\.\.\/|git\+|https?:\/\/|--registry=|--prefix[ =]\/))/,
  ],
  ['yarn', /^(?:version|publish|npm (?:publish|login)|config set|workspaces foreach exec git)/],
  ['pnpm', /^(?:version|publish|login|config set)/],
  ['bun', /^(?:pm version|publish)/],
  ['bunx', /https?:|git\+/],
  ['lerna', /^(?:version|publish)/],
  [
    'semantic-release release-it np standard-version commitizen cz git-cz bumpp commit-and-tag-version tbump simple-git-hooks lint-staged spr bfg etckeeper',
    /^(?!.*(?:--help|--version|--dry-run))/,
  ],
  ['gt ghstack ghp-import czg all-contributors repo dvc yadm chezmoi', /^(?!.*(?:--help|--version|status|diff-list))/],
  ['arc', /^(?:diff|land|amend|commit|patch)/],
  ['gitmoji', /-c|--commit|-i/],
  ['nbdime nbstripout', /config-git|--install/],
  ['vcs', /push|commit|custom/],
  ['web-ext', /^sign/],
  ['code', /^tunnel/],
  ['doppler infisical', /^(?:run|secrets|export)/],
  ['magic-wormhole b2 gist untun gpasswd add-apt-repository', /./],
  ['java', /ddl-auto=/],
  ['husky lefthook pre-commit', /^(?:install|init|add|uninstall)/],
  ['ci rcs', /^-/],
  ['poetry', /^(?:publish|config \S*token)/],
  ['composer', /^config --global/],
  ['git-secret git-filter-repo git-gui git-citool git-scalar git-replay git-backfill git-history gitk', /^/],
  // Where packages come from.
  ['pip pip3', /^(?:install .*(?:https?:|git\+|\.\.\/|--index-url|-i )|config set|download .*https?:)/],
  ['pipx uvx uv', /git\+|https?:/],
  ['conda', /https?:/],
  ['nix nix-shell', /github:|https?:/],
  ['deno', /https?:/],
  ['gem', /^(?:push|signin|yank|owner)/],
  // The network and the machine.
  ['ssh', /./],
  ['cloudflared tailscale bore ngrok localtunnel', /^(?:tunnel|funnel|serve|local|http)/],
  ['skopeo crane', /^(?:copy|push|delete)/],
  ['restic borg lftp ncftpput smbclient sshfs wscat gnutls-cli drill irssi ntpdate snmpget', /^(?!.*localhost).*[/.:]/],
  ['php', /https?:|^-S 0\.0\.0\.0/],
  ['logger', /-n |-f \//],
  ['tcpdump pbpaste wl-paste screencapture', /^/],
  ['xclip xsel', /-o|--output/],
  ['import', /-window|\.png/],
  ['cpio', /--absolute-filenames|-D \/|\/srv|-[IOF] \S+:\S/],
  ['setup.py', /upload|register/],
  ['ffmpeg', /grab|(?:^| )\.\.\//],
  ['convert pandoc xmllint yq', /(?:^| )\.\.\//],
  ['go cargo', /(?:-o|--root) \/usr\//],
  ['7z meson', /-o\/|^install/],
  ['git-lfs', /^(?:push|track|install|pull|migrate|checkout)/],
  ['tree', /^\/(?:home|srv|root|$)/],
  ['rg ag', /(?:^| )(?:\/home|~)/],
  ['nvim vim less', /(?:^| )\.env$/],
  ['ip', /(?:^| )(?:set|add|del|flush|netns)(?: |$)/],
  ['ifconfig', /(?:^| )(?:down|up|netmask)(?: |$)/],
  ['hostname timedatectl gsettings busctl', /^(?:[a-z][\w-]*$|set\S* |call )/],
  ['dbus-send', /^--(?:session|system) /],
  ['journalctl', /--vacuum|--rotate/],
  ['mount umount fusermount chattr update-alternatives passwd visudo reboot su', /./],
  ['su sudo', /^(?:-i|su|-s|-)?$/],
  ['passwd visudo reboot', /^$/],
  ['keyring kwallet-query sops ansible-vault locate aider cursor-agent', /./],
  ['kill pkill killall', /./],
  ['bazel', /^run .*(?:deploy|push|publish)/],
  ['sqlite3', /load_extension/],
];
export const namedDeeds = new Map<string, RegExp>();
for (const [names, words] of named)
  for (const name of names.split(' ')) {
    const other = namedDeeds.get(name);
    namedDeeds.set(name, other === undefined ? words : new RegExp(`${other.source}|${words.source}`, other.flags));
  }
