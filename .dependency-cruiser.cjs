/** The layer rules of docs/architecture.md: arrows point down. */
const noIo = ['fs', 'fs/promises', 'child_process', 'net', 'http', 'https', 'tls', 'dgram', 'worker_threads', 'sqlite'];

/** From the floor up: a room may import those of its own floor and of the floors below. */
const floors = [
  ['base'],
  ['journal'],
  [
    'document',
    'plan',
    'guard',
    'egress',
    'guarding',
    'budget',
    'review',
    'report',
    'inbox',
    'people',
    'outbox',
    'feedback',
    'learn',
    'home',
    'workspace',
    'sandbox',
    'door',
    'clients',
    'agents',
    'schedule',
  ],
  ['run', 'doctor', 'autostart'],
  ['operator'],
  ['daemon'],
  ['demo'],
  ['cli'],
];
const upTo = (floor) =>
  floors
    .slice(0, floor + 1)
    .flat()
    .join('|');

/** Second, lighter entries of a room: quick commands load no schemas, and nothing of what runs days. */
const light = [
  '^src/journal/read-only\\.ts$',
  '^src/report/status\\.ts$',
  '^src/daemon/call-running\\.ts$',
  '^src/guard/rules-file\\.ts$',
  '^src/guard/corpus/setting\\.ts$',
];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'src-never-imports-bots', severity: 'error', from: { path: '^src/' }, to: { path: '^bots/' } },
    {
      name: 'bots-know-the-chat-and-not-each-other',
      severity: 'error',
      from: { path: '^bots/(telegram|discord)/', pathNot: '(\\.test|/testing)\\.ts$' },
      to: { path: '^bots/', pathNot: ['^bots/$1/', '^bots/chat/index\\.ts$', '^bots/(index|bot)\\.ts$'] },
    },
    {
      name: 'the-chat-knows-no-bot',
      severity: 'error',
      from: { path: '^bots/chat/' },
      to: { path: '^bots/(?!chat/)' },
    },
    {
      name: 'bots-import-rooms-by-their-index',
      severity: 'error',
      from: { path: '^bots/', pathNot: ['\\.test\\.ts$', 'testing\\.ts$'] },
      to: { path: '^src/', pathNot: ['^src/[^/]+/index\\.ts$', ...light] },
    },
    {
      name: 'product-never-imports-tests',
      severity: 'error',
      from: { path: '^(src|bots)/', pathNot: '(\\.test|[/.]testing)\\.ts$' },
      to: { path: ['^(test|bench)/', '(\\.test|[/.]testing)\\.ts$'] },
    },
    {
      name: 'every-room-has-its-floor',
      comment: 'a new folder of src/ is written into the floors above first',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${upTo(floors.length)})/` },
      to: {},
    },
    // Who looks up imports a room of a floor above its own.
    ...floors.map((rooms, floor) => ({
      name: `${rooms.length > 2 ? 'rooms' : rooms.join('-and-')}-do-not-look-up`,
      severity: 'error',
      from: { path: `^src/(${rooms.join('|')})/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^src/(?!(${upTo(floor)})/)` },
    })),
    {
      name: 'pure-rooms-do-no-io',
      severity: 'error',
      from: {
        path: '^src/(plan|guard|egress|budget|review|report|inbox|people|outbox|feedback|learn|schedule)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: `^(node:)?(${noIo.join('|')})$` },
    },
    {
      name: 'pure-rooms-start-nothing',
      severity: 'error',
      from: {
        path: '^src/(plan|guard|egress|budget|review|report|inbox|people|outbox|feedback|learn|schedule)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: ['node_modules/(execa|hono|@hono|lowdb)/', '^src/(home|workspace|sandbox|door|agents)/'] },
    },
    {
      name: 'rooms-show-one-index',
      comment: 'another room is imported by its index; the light second entries are named above',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '(\\.test|[/.]testing)\\.ts$' },
      to: {
        path: '^src/([^/]+)/.+',
        pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', ...light],
      },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules)/' },
  },
};
