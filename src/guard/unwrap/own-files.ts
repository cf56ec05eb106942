import type { Call } from '../machine.ts';
import { fork } from '../shell/frame.ts';
import { runFile } from './files.ts';

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
  pnpm: /^\.pnpmfile\.c?js$/,
};
const ofPython = /^conftest\.py$/;

/** What a program runs because it lies there, whatever it is told: settings that are code, pytest's `conftest.py`, Cargo's `build.rs`. */
export function ownFiles({ name, args, frame, machine }: Call): void {
  const pytest = /^(?:pytest|py\.test)$/.test(name);
  const wanted = pytest ? ofPython : Object.hasOwn(ofNode, name) ? ofNode[name] : undefined;
  if (
    wanted === undefined ||
    frame.foreign ||
    (args.length === 1 && /^(?:--version|--help|-h|-v)$/.test(args[0] ?? ''))
  )
    return;
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
