/**
 * What a word says a program will do, where nothing else is known of it: the names that people give to tasks, scripts
 * and subcommands. Only names that can hardly mean anything else.
 */

const store =
  '(?:db|database|sql|schema|prisma|drizzle|knex|typeorm|sequelize|mikro-?orm|orm|ecto|pg|postgres\\w*|mysql|maria\\w*|mongo\\w*|redis|sqlite|supabase|d1)';
const change =
  '(?:push|migrat\\w*|reset|re-?seed|seeds?|drop|wipe|nuke|purge|setup|prepare|init|create|restore|import|load|clean|clear|flush|truncate|rollback|refresh|fresh|upgrade|downgrade|deploy|bootstrap|recreate|sync|apply)';
const direction =
  '(?:up|down|run|apply|latest|deploy|prod\\w*|stag\\w*|dev|test|all|reset|fresh|refresh|rollback|revert|undo|redo|force|execute|head|db|database|to)';
/** `db:migrate`, `db-reset`, `seed:db`, `migrate:up`. */
const tasks = [
  `^${store}[:_.-]${change}(?:[:_.-].*)?$`,
  `^${change}[:_-]${store}$`,
  `^(?:migrat(?:e|ions?)|seeds?)[:_/-]${direction}(?:[:_-].*)?$`,
  '^(?:data:migrate|re-?seed|resetdb|dbreset|dbmigrate|dbseed|seed:all)$',
];
const ofStore = new RegExp(tasks[0] ?? '');
const verb = new RegExp([...tasks, '^(?:migrate|seed)$'].join('|'), 'i');
const name = new RegExp(
  [
    ...tasks,
    '^(?:migrat(?:e|or|ions?)|seeds?|seeder|(?:run|do|apply)[_-]?(?:all[_-]?)?migrations?|(?:pg|sql|my|mongo|cql|ch)migrate|[a-z]+[_-]migrate)(?:\\.\\w+)?$',
  ].join('|'),
  'i',
);
const publication = /^(?:publish|deploy|upload|submit|unpublish|yank|gh-deploy|gh-pages|shipit)(?::\S+)?$/i;
/** What is pushed by a word of its own: `pod trunk push`, `tool image push`. */
const pushed = /^(?:trunk|images?|charts?|registry|modules?|packages?|artifacts?|plugins?|providers?|bundle|policy)$/i;
const account = /^(?:login|logout|signin|signout|push|release)$/i;
/** Tools whose `migrate` rewrites code or configuration. */
const codemods =
  /^(?:nx|ng|biome|sb|storybook|svelte-migrate|next|expo|astro|eslint\S*|tslint\S*|stylelint\S*|phpunit|rector|vue|jest|vitest|rome|uv|poetry|pdm|gradle|composer|docusaurus|typedoc|tailwind\S*|upgrade|codemod|jscodeshift|nuxi|changelogen)$/;

/** True where a task, a service or a program of this name changes a database. */
export const namesMigration = (word: string): boolean => name.test(word);

/** The same of a program or script, by the last part of its path. */
export const isMigrationProgram = (path: string): boolean => {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:[cm]?[jt]s|py|rb|php|sh|pl|exs?|go|bash)$/, '');
  return (!codemods.test(file) && name.test(file)) || runsFolder.test(path);
};
/** `migrations/run.js`: what runs all in a folder of them. */
const runsFolder =
  /(?:^|\/)(?:migrations?|migrate|seeds?|seeders?)\/(?:run|index|main|all|cli|up)\.(?:[cm]?[jt]s|py|rb|php|exs?)$/;

/** True where the first words tell a program to change a database. */
export const toldToMigrate = (program: string, words: readonly string[]): boolean =>
  !codemods.test(program) &&
  (words.slice(0, 2).some((word) => verb.test(word)) || ofStore.test(words.slice(0, 2).join(':')));

/** An option that has an ORM make or change its tables as the program starts: Hibernate's. */
export const changesSchema = (args: readonly string[]): boolean =>
  args.some((arg) => /(?:ddl-auto|hbm2ddl\.auto)[= ](?:create|update)/.test(arg));

/** True where the first words tell a program to send something out, or to log in somewhere. */
export const toldToPublish = (words: readonly string[]): boolean =>
  publication.test(words[0] ?? '') ||
  account.test(words[0] ?? '') ||
  publication.test(words[1] ?? '') ||
  (words[1] === 'push' && pushed.test(words[0] ?? ''));
