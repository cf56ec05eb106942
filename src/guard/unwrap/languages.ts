/** What the guard knows of a language's text; `other` are the some forty of which it knows little. */
export type Language = 'python' | 'node' | 'ruby' | 'perl' | 'php' | 'lua' | 'awk' | 'other';

/** How a language's interpreter is called. */
export interface Interpreter {
  language: Language;
  /** Options whose value is code. */
  code: string[];
  /** Other options with a value. */
  values?: string;
  /** Options whose value is a file of code that runs too. */
  loads?: string[];
  /** Words that stand before the file: `deno run`, `bun run`. */
  subcommands?: string[];
  /** Words after which every word is code: `deno eval`. */
  evaluates?: string[];
}

const node: Interpreter = {
  language: 'node',
  code: ['-e', '-p', '--eval', '--print', '-pe'],
  values: '-C --conditions --env-file --max-old-space-size --input-type --title --test-name-pattern --watch-path',
  loads: ['-r', '--require', '--import', '--loader', '--experimental-loader', '--test-reporter'],
};

/** Languages of which only the option for code is of interest, by their interpreters. */
const plain: Readonly<Record<string, string>> = {
  julia: '-e -E --eval',
  Rscript: '-e',
  R: '-e',
  osascript: '-e',
  elixir: '-e --eval',
  erl: '-eval',
  groovy: '-e',
  groovysh: '-e',
  scala: '-e',
  'scala-cli': '-e --execute-script',
  amm: '-c --code',
  kotlin: '-e -expression',
  kotlinc: '-e -expression',
  jrunscript: '-e',
  jjs: '-e',
  jshell: '',
  swift: '-e',
  guile: '-c',
  racket: '-e --eval',
  sbcl: '--eval',
  ecl: '--eval',
  clisp: '-x',
  csi: '-e -eval -p',
  gosh: '-e',
  hy: '-c',
  ghc: '-e',
  ghci: '-e',
  runghc: '-e',
  runhaskell: '-e',
  ocaml: '-e',
  nim: '--eval -e',
  crystal: '',
  raku: '-e',
  perl6: '-e',
  janet: '-e',
  fennel: '-e --eval',
  gforth: '-e --evaluate',
  swipl: '-g -t',
  octave: '--eval',
  matlab: '-r -batch',
  scilab: '-e',
  gnuplot: '-e',
  maxima: '--batch-string -r',
  gp: '-c',
  dc: '-e --expression',
  csharp: '-e',
  tclsh: '',
  wish: '-c',
  expect: '-c',
  coffee: '-e',
  vlang: '-e',
};

/** Interpreters that the guard knows, by name. */
export const languages: Readonly<Record<string, Interpreter>> = {
  python: { language: 'python', code: ['-c'], values: '-W -X -Q --check-hash-based-pycs' },
  pypy: { language: 'python', code: ['-c'], values: '-W -X' },
  sage: { language: 'python', code: ['-c'] },
  jython: { language: 'python', code: ['-c'] },
  micropython: { language: 'python', code: ['-c'], values: '-X' },
  ipython: { language: 'python', code: ['-c'] },
  bpython: { language: 'python', code: ['-c'] },
  ptpython: { language: 'python', code: ['-c'] },
  node,
  nodejs: node,
  qjs: { ...node, code: ['-e', '--eval'], values: '-I --include' },
  tsx: { ...node, subcommands: ['watch'], values: `${node.values ?? ''} --tsconfig` },
  'ts-node': { ...node, values: '-P -O --project --compiler-options' },
  'ts-node-esm': node,
  'babel-node': node,
  'vite-node': node,
  zx: { ...node, values: `${node.values ?? ''} --shell --prefix --cwd --ext` },
  jiti: node,
  esno: node,
  esmo: node,
  electron: node,
  deno: {
    language: 'node',
    code: ['-e'],
    subcommands: ['run', 'eval', 'serve'],
    evaluates: ['eval'],
    values: '-c --config --import-map',
  },
  perl: { language: 'perl', code: ['-e', '-E'], values: '-I -M -m -F', loads: [] },
  ruby: { language: 'ruby', code: ['-e'], values: '-I -C -F -E', loads: ['-r'] },
  irb: { language: 'ruby', code: [], loads: ['-r'], values: '-I' },
  pry: { language: 'ruby', code: ['-e', '--exec'], loads: ['-r'], values: '-I' },
  erb: { language: 'ruby', code: [], loads: ['-r'], values: '-T' },
  php: { language: 'php', code: ['-r', '-B', '-R', '-E'], values: '-d -c -S -t', loads: ['-f'] },
  'php-cli': { language: 'php', code: ['-r'], values: '-d -c', loads: ['-f'] },
  'php-cgi': { language: 'php', code: [], values: '-d -c', loads: ['-f'] },
  phpdbg: { language: 'php', code: [], values: '-d -c' },
  psysh: { language: 'php', code: [], values: '-c --config --cwd' },
  iex: { language: 'other', code: ['-e', '--eval'], values: '-S -r --remsh --name --sname --cookie' },
  lua: { language: 'lua', code: ['-e'], values: '-l' },
  luajit: { language: 'lua', code: ['-e'], values: '-l' },
  texlua: { language: 'lua', code: ['-e'], values: '-l' },
  ...Object.fromEntries(
    Object.entries(plain).map(([name, code]) => [
      name,
      { language: 'other' as const, code: code.split(' ').filter(Boolean), evaluates: ['eval'] },
    ]),
  ),
};
