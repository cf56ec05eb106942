import type { Call } from '../machine.ts';
import { fork } from '../shell/frame.ts';
import { scanCompiled } from './compiled.ts';
import { runFile } from './files.ts';
import { load, loadModule } from './loads.ts';

/** Settings written as code, by the names that these programs look for: `vite.config.ts`, `.mocharc.cjs`. */
const settings = (...names: string[]): RegExp =>
  new RegExp(`^(?:${names.join('|')})(?:[.-](?:config|conf|setup|workspace))?\\.[cm]?[jt]s$`);
const ofNode: Readonly<Record<string, RegExp>> = {
  vite: settings('vite'),
  vitest: settings('vite', 'vitest'),
  jest: settings('jest', 'babel'),
  mocha: settings('\\.mocharc'),
  ava: settings('ava'),
  wdio: settings('wdio'),
  karma: settings('karma'),
  cypress: settings('cypress'),
  playwright: settings('playwright'),
  eslint: settings('eslint', '\\.eslintrc'),
  prettier: settings('prettier', '\\.prettierrc'),
  stylelint: settings('stylelint', '\\.stylelintrc'),
  commitlint: settings('commitlint'),
  babel: settings('babel'),
  webpack: settings('webpack', 'babel'),
  rollup: settings('rollup'),
  rspack: settings('rspack'),
  rsbuild: settings('rsbuild'),
  tsup: settings('tsup'),
  tailwindcss: settings('tailwind', 'postcss'),
  postcss: settings('postcss'),
  next: settings('next', 'postcss', 'tailwind'),
  nuxt: settings('nuxt'),
  nuxi: settings('nuxt'),
  astro: settings('astro'),
  'svelte-kit': settings('svelte', 'vite'),
  hardhat: settings('hardhat'),
  truffle: settings('truffle', 'truffle-config'),
  plop: settings('plop', 'plopfile'),
  'svelte-check': settings('svelte'),
  'vue-cli-service': settings('vue'),
  gatsby: /^gatsby-(?:config|node)\.[cm]?[jt]s$/,
  eleventy: settings('eleventy', '\\.eleventy'),
  knex: settings('knexfile'),
  docusaurus: settings('docusaurus'),
  expo: settings('metro', 'app', 'babel'),
  metro: settings('metro'),
  'react-native': settings('metro', 'react-native'),
  'graphql-codegen': settings('codegen'),
  pnpm: /^\.pnpmfile\.c?js$/,
};
/** Further programs that load code which an option names. */
const others = 'c8 nyc tap tape uvu cucumber-js gulp grunt jasmine swc parcel rspec phpunit pest'.split(' ');
const loading =
  /^(?:-[rc]|--(?:require|import|loader|config|plugins?|rulesdir|bootstrap|gulpfile|gruntfile|setup-?files?\w*|global-?(?:setup|teardown)))$/i;

/** Code that an option of a test runner, a linter, a bundler names: `-r ./x.js`, `--config=x.ts`, pytest's `-p module`. */
function namedFiles({ name, args, frame, machine, shown }: Call, pytest: boolean): void {
  const call: Call = { name, args, frame: fork(frame, { via: [...frame.via, name] }), machine, shown };
  args.forEach((arg, index) => {
    const [option = '', inline] = arg.startsWith('--') ? arg.split(/=(.*)/s) : [arg];
    const value = inline ?? args[index + 1] ?? '';
    if (pytest) {
      if (/^-p./.test(arg)) loadModule(arg.slice(2), 'python', call.frame, machine);
      else if (arg === '-p') loadModule(value, 'python', call.frame, machine);
    } else if (loading.test(option) && /^\.{0,2}\/|\.(?:[cm]?[jt]s|rb|php)$/.test(value)) {
      const language = value.endsWith('.rb') ? 'ruby' : value.endsWith('.php') ? 'php' : 'node';
      load(/^[./~]/.test(value) ? value : `./${value}`, language, call);
    }
  });
}

const ofPython = /^conftest\.py$/;
/** Files of other languages, and whether what stands in their blocks waits until it is called for. */
const ofOthers: Readonly<Record<string, { names: RegExp; language: 'ruby' | 'compiled'; blocks: boolean }>> = {
  bundle: { names: /^Gemfile$/, language: 'ruby', blocks: true },
  vagrant: { names: /^Vagrantfile$/, language: 'ruby', blocks: true },
  pod: { names: /^Podfile$/, language: 'ruby', blocks: true },
  mix: { names: /^mix\.exs$/, language: 'compiled', blocks: true },
  gradle: { names: /^(?:build|settings|init)\.gradle(?:\.kts)?$/, language: 'compiled', blocks: false },
  gradlew: { names: /^(?:build|settings|init)\.gradle(?:\.kts)?$/, language: 'compiled', blocks: false },
};

/** The statements of a file that stand in no block. */
function outsideBlocks(text: string): string {
  let rest = text;
  for (let round = 0; round < 12 && rest.includes('{'); round += 1) rest = rest.replace(/\{[^{}]*\}/g, ' ');
  return rest;
}

function filesOfOthers({ name, frame, machine }: Call): void {
  const own = Object.hasOwn(ofOthers, name) ? ofOthers[name] : undefined;
  if (own === undefined) return;
  const scope = fork(frame, { via: [...frame.via, name] });
  for (const folder of frame.cwds) {
    for (const file of machine.list(folder).filter((one) => own.names.test(one))) {
      const { text } = machine.file(`${folder}/${file}`);
      if (own.language === 'ruby') runFile(`${folder}/${file}`, [], scope, machine, 'ruby');
      else if (text !== undefined) scanCompiled(own.blocks ? text : outsideBlocks(text), scope, machine);
    }
  }
}

/** Programs that run files of the project's which nobody names. */
const watched = new Set([...Object.keys(ofNode), ...Object.keys(ofOthers), ...others, 'pytest', 'py.test']);

/** What a program runs because it lies there, whatever it is told: settings that are code, pytest's `conftest.py`, Cargo's `build.rs`. */
export function ownFiles(call: Call): void {
  const { name, args, frame, machine } = call;
  if (!watched.has(name) || frame.foreign) return;
  const pytest = name === 'pytest' || name === 'py.test';
  const wanted = pytest ? ofPython : Object.hasOwn(ofNode, name) ? ofNode[name] : undefined;
  if (wanted !== undefined || others.includes(name)) namedFiles(call, pytest);
  filesOfOthers(call);
  if (wanted === undefined || (args.length === 1 && /^(?:--version|--help|-h|-v)$/.test(args[0] ?? ''))) return;
  for (const cwd of frame.cwds) {
    for (const folder of pytest ? [cwd, `${cwd}/tests`, `${cwd}/test`] : [cwd]) {
      for (const file of machine.list(folder)) {
        if (!wanted.test(file)) continue;
        const scope = fork(frame, { via: [...frame.via, name] });
        runFile(`${folder}/${file}`, [], scope, machine, pytest ? 'python' : 'node');
        if (name === 'playwright') webServers(machine.file(`${folder}/${file}`).text ?? '', scope, machine);
      }
    }
  }
}

/** Playwright starts the servers of its settings: `webServer: { command: 'npm run dev' }`. */
function webServers(text: string, frame: Call['frame'], machine: Call['machine']): void {
  for (const [, , command = ''] of text.matchAll(/\bcommand\s*:\s*(["'`])((?:(?!\1)[^\n\\]){1,400})\1/g))
    machine.run(command, fork(frame));
}
