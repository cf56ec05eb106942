import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { connect } from './host.ts';
import { unknownProgram } from './programs.ts';

/** `git`: writes history or a remote; `service`: changes what lies with a service elsewhere. */
type Kind = 'git' | 'publish' | 'system' | 'client' | 'migration' | 'service';

/**
 * Tools of which only some subcommands matter: for the names, what the words begin with where they do it. All else that
 * they are told is looked at as it would be without this table.
 */
const table: readonly [kind: Kind, names: string, words: RegExp][] = [
  // Version control, its wrappers, and tools that make releases.
  ['git', 'multi-semantic-release monodeploy aicommit2 fullrelease postrelease prerelease', /^/],
  ['git', 'conventional-github-releaser gh-release push-dir angular-cli-ghpages rusty-hook husky-init', /^/],
  ['git', 'semantic-release semantic_release', /^(?:version|publish|changelog)\b/],
  ['git', 'changelogen', /(?:^|\s)--(?:release|push|publish)\b|^gh release/],
  ['git', 'lerna lerna-lite', /^version\b/],
  ['publish', 'lerna-lite publish-please', /^(?:publish\b|(?!init)$)/],
  ['git', 'rush', /^(?:version|publish)\b|^change\b.*\s--commit\b/],
  ['git', 'pretty-quick', /^(?=.*--staged\b)(?!.*--no-restage\b)/],
  ['git', 'release', /^(?:patch|minor|major|pre|premajor|preminor|prepatch)\b/],
  ['git', 'shipjs', /^(?:prepare|trigger|release)\b(?!.*--dry-run)/],
  ['git', 'cog', /^(?:bump\b(?!.*--dry-run)|commit|init|install-hook|edit)/],
  ['git', 'towncrier', /^build\b(?!.*--draft)/],
  ['git', 'nbgv', /^(?:tag|prepare-release)\b/],
  ['git', 'dotnet', /^(?:nbgv (?:tag|prepare-release)|versionize)\b/],
  ['git', 'versionize', /^(?!.*--(?:dry-run|skip-commit)|inspect)/],
  ['git', 'melos', /^version\b/],
  ['publish', 'melos', /^publish\b(?=.*--no-dry-run)/],
  ['git', 'lein', /^release\b/],
  ['git', 'mvn mvnw', /(?:^|\s)(?:\S*:)?j?gitflow\S*:\S*(?:start|finish|publish|update-versions)\b/],
  ['publish', 'mvn mvnw', /(?:^|\s)(?:\S*:)?jib(?:-maven-plugin\S*)?:build\b/],
  ['git', 'gradle gradlew', /(?:^|\s)(?:final|candidate|reckonTag\w*|createRelease|pushRelease)(?:\s|$)/],
  ['git', 'dune-release', /^tag\b/],
  ['publish', 'dune-release opam-publish', /^(?:publish|opam submit|undraft|bistro|-|\.|$)/],
  ['git', 'nix', /--commit-lock-file\b/],
  ['git', 'captainhook prek hk', /^(?:install|uninstall|auto-?update)\b/],
  ['git', 'grumphp', /^git:(?:init|deinit)\b/],
  ['git', 'transcrypt', /(?:^|\s)(?:-[cypfFuir]\b|--(?:cipher|password|yes|force|uninstall|rekey|upgrade))/],
  ['git', 'bit', /^(?:export|tag|snap|reset|checkout|merge|lane (?:create|switch|remove))\b/],
  ['git', 'but', /^(?:commit|branch (?:new|delete|apply|unapply)|push|undo|restore|amend|squash|init)\b/],
  ['git', 'rad', /^(?:init|sync|push|patch (?:open|update|merge)|issue (?:open|delete)|clone|fork)\b/],
  ['git', 'gl', /^(?:commit|publish|track|untrack|switch|merge|fuse|resolve|tag|branch -\w)/],
  ['git', 'vcsh dotbare', /(?:^|\s)(?:commit|push|add|rm|mv|reset|checkout|merge|rebase|pull|fadd|fstash|finit)\b/],
  ['git', 'homeshick', /^(?:pull|clone|link|track|refresh)\b/],
  ['git', 'gitup', /^[^-]/],
  ['git', 'gitbatch', /(?:^|\s)-m (?:pull|merge)\b/],
  [
    'git',
    'lab',
    /^(?:fork|(?:mr|issue|ci|snippet|project|release) (?:create|merge|close|delete|edit|note|approve|rebase|trigger|run|cancel|retry))\b/,
  ],
  ['git', 'gita', /^(?:super|shell|push|pull|merge|add|rm|commit|stash|reset)\b/],
  ['git', 'mr', /^(?:commit|push|update|checkout|run|record|register)\b/],
  ['git', 'guilt', /^(?:new|push|pop|refresh|commit|init|add|rm|delete|fold|fork|import|rebase|repair)\b/],
  [
    'git',
    'svnadmin',
    /^(?:load|create|recover|rmtxns|rmlocks|setlog|setrevprop|setuuid|unlock|upgrade|pack|hotcopy)\b/,
  ],
  ['git', 'cm', /^(?:checkin|ci|add|checkout|co|undo|merge|switch|branch create|label|push|shelve|update)\b/],
  ['git', 'tf', /^(?:checkin|checkout|shelve|undo|unshelve|rename|branch|merge|rollback|destroy|label)\b/],
  ['git', 'accurev', /^(?:promote|keep|add|defunct|mkstream|chstream|revert|purge)\b/],
  ['git', 'turbolift', /^(?:commit|create-prs|update-prs|foreach .*git)\b/],
  ['git', 'multi-gitter', /^(?:run|merge|close)\b/],
  ['git', 'src', /^batch (?:apply|preview|remote)\b/],
  ['service', 'ghorg', /^(?:clone|reclone)\b/],
  ['publish', 'dep', /^(?:deploy|rollback)\b/],
  ['publish', 'eas', /^(?:update|submit)\b(?!:(?:list|view))/],
  ['publish', 'code-push appcenter', /^(?:codepush )?(?:release\S*|promote|rollback|patch)\b/],
  ['publish', 'docker podman', /^manifest push\b/],
  ['publish', 'jfrog jf', /^(?:rt )?(?:del|delete|u|upload|mv|move|cp|copy|sp|set-props|build-publish|bp)\b/],
  // What lies with services.
  ['service', 'chalice', /^(?:deploy|delete)\b/],
  ['system', 'kind', /^delete\b/],
  ['service', 'azd', /^(?:up|down|deploy|provision)\b/],
  ['service', 'func', /^azure\b/],
  ['service', 'vultr-cli openstack', /^\S+ (?:\S+ )?(?:create|delete|set|unset|add|remove|reboot|stop|start)\b/],
  [
    'service',
    'kamal',
    /^(?:deploy|redeploy|setup|remove|rollback|server|(?:app|proxy|accessory)(?! (?:logs|details|containers|images|version|live|stale_containers)\b)|prune|registry|env push)\b/,
  ],
  ['service', 'eas', /^(?:build:(?:delete|cancel)|channel:delete|branch:delete|credentials|secret:\w+)/],
  ['service', 'circleci', /^(?:context|runner|namespace|orb publish)\b/],
  [
    'service',
    'sentry-cli',
    /^(?:(?:releases|deploys)(?! (?:list|info|propose-version)\b)|sourcemaps upload|upload-\S+|send-\S+|(?:monitors|issues)(?! list\b))\b/,
  ],
  ['service', 'stripe', /^(?:\S+ (?:create|update|delete|cancel|confirm|capture|refund)|trigger|post|delete|login)\b/],
  ['service', 'twilio', /^(?:api:\S*:(?:create|remove|update)|phone-numbers:update|login|profiles:)/],
  ['service', 'shopify', /^(?:theme (?:push|delete|publish|share)|app (?:deploy|release)|hydrogen deploy)\b/],
  ['service', 'contentful', /^(?:space|content-type|environment) (?:delete|create|import|migration)\b/],
  ['service', 'algolia', /^\S+ (?:delete|clear|import|copy|move|set|save|update)\b/],
  ['service', 'auth0', /^\S+ (?:delete|create|update|rotate-secret|deploy|import)\b/],
  ['service', 'ampx', /^(?:sandbox|pipeline-deploy)\b/],
  ['service', 'shuttle', /^(?:deploy|resource delete|project (?:delete|create))\b/],
  // Databases.
  ['client', 'zkCli.sh', /(?:^|\s)(?:create|set|delete|deleteall|rmr|setAcl|reconfig)\b/],
  ['client', 'neon', /^(?:projects|branches|databases|roles|psql|connection-string|cs|operations)\b/],
  ['client', 'vsql nzsql imposm osm2pgsql pgsync pg_repack myloader mydumper pg_receivewal pg_recvlogical', /^/],
  ['client', 'ogr2ogr ogrinfo', /(?:^|\s)(?:PG|MySQL|MSSQL|OCI):/i],
  ['client', 'cbt', /^(?:create|delete|drop|set|import|read|lookup|count|ls)/],
  ['client', 'astro', /^db (?:push|execute|shell|verify)\b/],
  ['client', 'pocketbase', /^(?:superuser|admin|migrate (?:up|down|collections))\b/],
  ['client', 'appwrite', /^(?:databases|tables\S*|collections) (?:create|update|delete|upsert)/],
  ['client', 'meteor', /^(?:reset|mongo)\b/],
  ['client', 'pgbackrest', /(?:^|\s)(?:restore|backup|expire|stanza-\w+|archive-\w+|repo-rm)\b/],
  ['client', 'barman', /^(?:recover|restore|backup|delete|switch-wal|replication-status|receive-wal)\b/],
  ['client', 'wal-g', /^(?:backup-|wal-|delete|catchup|copy|restore|binlog)/],
  ['client', 'xtrabackup mariabackup mariadb-backup', /--(?:copy-back|move-back|backup|prepare)\b/],
  ['client', 'pt-table-sync pt-archiver', /--execute\b|--purge\b/],
  ['client', 'sanity', /^dataset (?:delete|import|create|copy|alias|visibility)\b/],
  ['migration', 'sqlite_utils', /^(?!--?(?:help|version))\S/],
  ['migration', 'redwood rw', /^(?:data-migrate|prisma (?:migrate|db))\b/],
  ['migration', 'mix', /^event_store\.(?:drop|create|init|migrate|reset)\b/],
  ['migration', 'rake rails', /(?:^|\s)neo4j:migrate/],
  ['migration', 'artisan', /^(?:passport:(?:purge|install|client)|scout:(?:flush|import|delete-\S+))\b/],
  [
    'migration',
    'console',
    /^do(?:ctrine)?:(?:da|database|s|sc|schema|m|mi|migrations|f|fixtures)\w*:(?:d|c|u|m|e|l|r)/,
  ],
  ['migration', 'magento', /^setup:(?:upgrade|install|uninstall|rollback|db-\S+)/],
  ['migration', 'craft', /^(?:up|migrate|db\/(?:restore|drop-all-tables|convert\S*)|install|project-config\/apply)\b/],
  ['migration', 'cake', /^(?:migrations (?:migrate|rollback|mark_migrated|seed)|schema_cache clear)\b/],
  ['migration', 'dotnet', /^(?:tool run )?grate\b/],
  [
    'migration',
    'go',
    /^tool (?:goose|migrate|atlas|sql-migrate|tern|dbmate)\b.*\s(?:up\S*|down\S*|reset|redo|drop|force|apply|migrate|create)\b/,
  ],
  ['migration', 'cargo', /^run\b.*\bmigration\/Cargo\.toml -- (?:up|down|fresh|refresh|reset)\b/],
  ['migration', 'dart', /^run conduit db (?:upgrade|execute)\b/],
  ['migration', 'efbundle grate moo-postgresql', /^(?!.*--dry-?run)/],
  ['migration', 'codd', /^(?:up|add)\b/],
  ['migration', 'surrealdb-migrations', /^apply\b/],
  ['migration', 'conduit', /^db (?:upgrade|execute)\b/],
  ['migration', 'dbic-migration', /(?:^|\s)(?:upgrade|downgrade|install|populate|drop_tables|delete_table_rows)\b/],
  // What stays, or is everybody's on this machine.
  ['system', 'atrm forever-service update-rc.d', /^/],
  ['system', 'supervisorctl', /^(?!status|help|version|pid|avail|tail)\S/],
  ['system', 'chkconfig', /\s(?:on|off|reset)$|--(?:add|del)\b/],
  ['system', 'rc-update', /^(?:add|del|delete)\b/],
  ['system', 'initctl', /^(?:start|stop|restart|reload|emit)\b/],
  ['system', 'lxc incus', /^config (?:device add|set)\b/],
  ['system', 'spctl', /--(?:master-disable|global-disable|add|remove|disable)\b/],
  ['system', 'tmux', /^kill-server\b/],
  ['system', 'gcore skill', /\S/],
  ['system', 'prlimit', /(?:^|\s)(?:--pid|-p)/],
  ['system', 'chronyd ntpd', /^/],
  ['system', 'apt', /^(?:remove|purge|edit-sources)\b/],
  ['system', 'yum dnf', /^(?:remove|erase|config-manager)\b/],
  ['system', 'dpkg', /(?:^|\s)(?:-[irP]|--(?:install|remove|purge|unpack))\b/],
  ['system', 'rpm', /^(?:-[iUFe]|--(?:install|upgrade|erase|import))/],
  ['system', 'apt-key', /^(?:add|del|adv)\b/],
  ['system', 'nix-channel', /--(?:add|remove|update|rollback)\b/],
  ['system', 'code code-insiders codium cursor', /--(?:un)?install-extension\b/],
  [
    'publish',
    'mamba micromamba conda',
    /^config (?:append|prepend|set|add|remove|--(?:add|set|append|prepend|remove))/,
  ],
  ['publish', 'pixi', /^(?:config (?:set|append|prepend|unset|edit)|auth (?:login|logout)|upload)\b/],
  ['publish', 'bundle bundler', /^config (?:set |unset )?--global\b/],
  ['publish', 'nuget', /^(?:sources? (?:add|remove|update|enable|disable)|setapikey|push|delete|config -set)\b/i],
  ['publish', 'mix', /^hex\.(?:repo|organization|user|owner|publish|retire|registry|config \S+ \S)/],
  ['publish', 'luarocks', /^(?:config \S+ \S|upload)/],
  // Bytes that leave by a service or an address.
  ['service', 'tmate s5cmd curlftpfs', /^(?!-V$|version$)/],
];

const service = (name: string): string => `the service of ${name}`;

function tell(kind: Kind, { name, machine, shown }: Call): void {
  if (kind === 'git') machine.emit({ kind: 'git_write', command: shown });
  else if (kind === 'publish') machine.emit({ kind: 'publish', command: shown });
  else if (kind === 'system')
    machine.emit(
      /parent|claude|dayshift|bwrap/i.test(shown)
        ? { kind: 'tamper', what: shown }
        : { kind: 'system', command: shown },
    );
  else if (kind === 'service') connect(service(name), shown, machine, { sends: true });
  else machine.emit({ kind: 'database', how: kind, command: shown });
}

const asksForHelp = (args: readonly string[]): boolean =>
  /^(?:--help|--version)$/.test(args.at(-1) ?? '') && args.slice(0, -1).every((arg) => !arg.startsWith('-'));

/** The programs of the table, each in front of what is known of it otherwise. */
export function withDeeds(handlers: Record<string, Handler>): Record<string, Handler> {
  const result = { ...handlers };
  for (const [kind, names, words] of table) {
    for (const name of names.split(' ')) {
      const known = result[name] ?? ((call: Call) => unknownProgram(call, false));
      result[name] = (call) => {
        const at = call.args.findIndex((arg) => !arg.startsWith('-'));
        const texts = [call.args.join(' '), ...(at > 0 ? [call.args.slice(at).join(' ')] : [])];
        if (call.frame.lifecycle || asksForHelp(call.args) || !texts.some((text) => words.test(text)))
          return known(call);
        tell(kind, call);
        known(call);
        return UNKNOWN;
      };
    }
  }
  return result;
}
