/** The layer rules of docs/architecture.md: arrows point down. */
const pure = '^src/(plan|guard|budget|review|report|inbox)/';
const noIo = [
  'fs',
  'fs/promises',
  'node:fs',
  'node:fs/promises',
  'child_process',
  'node:child_process',
  'net',
  'node:net',
  'http',
  'node:http',
];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'src-never-imports-bots', severity: 'error', from: { path: '^src/' }, to: { path: '^bots/' } },
    { name: 'base-stands-alone', severity: 'error', from: { path: '^src/base/' }, to: { path: '^src/(?!base/)' } },
    {
      name: 'journal-is-the-floor',
      severity: 'error',
      from: { path: '^src/journal/' },
      to: { path: '^src/(?!base/|journal/)' },
    },
    {
      name: 'rooms-do-not-look-up',
      severity: 'error',
      from: { path: '^src/(workspace|agents|sandbox|door|guard|inbox|budget|review|report|plan|home|document)/' },
      to: { path: '^src/(run|operator|daemon|cli)' },
    },
    {
      name: 'run-does-not-look-up',
      severity: 'error',
      from: { path: '^src/run/' },
      to: { path: '^src/(operator|daemon|cli)' },
    },
    {
      name: 'operator-does-not-look-up',
      severity: 'error',
      from: { path: '^src/operator' },
      to: { path: '^src/(daemon|cli)' },
    },
    {
      name: 'daemon-does-not-know-the-cli',
      severity: 'error',
      from: { path: '^src/daemon/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'pure-rooms-do-no-io',
      severity: 'error',
      from: { path: pure, pathNot: '\\.test\\.ts$' },
      to: { path: `^(${noIo.join('|')})$`, dependencyTypes: ['core'] },
    },
    {
      name: 'rooms-show-one-index',
      comment:
        'another room is imported by its index (journal/events.ts and journal/state.ts are types and schemas that cold paths import directly)',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^src/([^/]+)/.+',
        pathNot: ['^src/$1/', '/index\\.ts$', '^src/agents/(claude-code|scripted)/index\\.ts$'],
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
