import { UNKNOWN, SAFE, hasUnknown, isKnown, isNames } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { connect } from '../effects/host.ts';
import { unknownProgram } from '../effects/programs.ts';
import { readPath, resolve, writePath } from '../paths.ts';
import { checkVariable } from '../shell/environment.ts';
import { exportOf, fork, type Frame } from '../shell/frame.ts';

interface Wrapper {
  /** Options that take a value. */
  values?: string;
  /** Words before the command: a duration, a folder. */
  skip?: number;
  /** `X=1` words before the command set variables. */
  assigns?: boolean;
  /** An option whose value is a whole shell command. */
  script?: string[];
}

/** Programs that run the rest of their words as a command. */
const table: Record<string, Wrapper> = {
  nohup: {},
  setsid: {},
  nice: { values: '-n --adjustment' },
  ionice: { values: '-c -n -p -P -u' },
  chrt: { values: '-T -P -D -p', skip: 1 },
  taskset: { values: '-p', skip: 1 },
  stdbuf: { values: '-i -o -e --input --output --error' },
  timeout: { values: '-s -k --signal --kill-after', skip: 1 },
  gtimeout: { values: '-s -k --signal --kill-after', skip: 1 },
  time: { values: '-f -o --format --output' },
  builtin: {},
  sudo: { values: '-u -g -h -p -C -T -r -t -U -D -R --user --group --host --prompt --chdir', assigns: true },
  doas: { values: '-u -C -a' },
  pkexec: { values: '--user' },
  runuser: { values: '-u -g -G -s', script: ['-c', '--command'] },
  su: { values: '-s -g -G', script: ['-c', '--command'], skip: 99 },
  sg: { skip: 1, script: ['-c'] },
  newgrp: { skip: 99 },
  unshare: { values: '-S -G -R -w --setuid --setgid --root --wd' },
  setpriv: { values: '--reuid --regid --groups --bounding-set --inh-caps --ambient-caps' },
  linux32: {},
  linux64: {},
  prlimit: { values: '-p --pid' },
  numactl: { values: '-N -m -C -p -i' },
  cgexec: { values: '-g' },
  'systemd-run': { values: '-p --property --unit -u --uid --gid -E --setenv --slice --description' },
  'dbus-run-session': {},
  'xvfb-run': { values: '-e -f -n -p -s -w --server-args --server-num' },
  unbuffer: {},
  catchsegv: {},
  fakeroot: { values: '-l -s -i' },
  faketime: { values: '-f', skip: 1 },
  firejail: {},
  rlwrap: { values: '-f -H -a -p' },
  valgrind: {},
  strace: { values: '-e -o -s -u -E -a -O -S -P -p -X --trace --output' },
  ltrace: { values: '-e -o -s -u -a -l -n -p -x' },
  perf: { skip: 1, values: '-e -o -p -F' },
  hyperfine: {
    values: '-w -r -m -M -n --warmup --runs --export-json --export-markdown',
    script: ['-p', '-s', '-c', '--prepare', '--setup', '--cleanup'],
  },
  chronic: {},
  ts: {},
  retry: { values: '-t -d' },
  'wait-for-it': {},
  dotenv: { values: '-e -f -v --file' },
  c8: { values: '-r -n -x -o --reporter --include --exclude --reports-dir --temp-directory --all --src' },
  nyc: { values: '-r -n -x -e --reporter --include --exclude --report-dir --temp-dir --cwd --nycrc-path' },
  'dotenv-cli': { values: '-e -f -v -c --file' },
  '0x': { values: '-o -D --output-dir' },
  clinic: { skip: 1 },
  dotenvx: { values: '-f --env-file', skip: 1 },
  'env-cmd': { values: '-f -e --file --environments' },
  'cross-env': { assigns: true },
  'cross-env-shell': { assigns: true },
  direnv: { skip: 2 },
  caffeinate: { values: '-t -w' },
  arch: {},
  tini: {},
  'dumb-init': {},
  'ld-linux-x86-64.so.2': { values: '--library-path --preload --argv0' },
  'ld-linux-aarch64.so.1': { values: '--library-path --preload --argv0' },
  proxychains: {},
  torsocks: {},
  'start-stop-daemon': { skip: 99 },
  proot: { values: '-r -b -w -R -S' },
  bwrap: { values: '--chdir --setenv' },
  watchexec: { values: '-e -w -i -d -s --exts --watch --ignore' },
  entr: {},
  parallel: { values: '-j -n -a -I --jobs --colsep --delay --joblog' },
  bear: { values: '-o --output' },
  'scan-build': { values: '-o' },
  compiledb: {},
  'intercept-build': { values: '--cdb' },
  'py-spy': { skip: 1, values: '-o -f -r -d --output --format --rate --duration' },
  frankenphp: {},
  busybox: {},
  toybox: {},
};

export const wrappers: Record<string, Handler> = {
  ...Object.fromEntries(Object.entries(table).map(([name, wrapper]) => [name, wrapped(wrapper)])),
  infisical: secretsOf('app.infisical.com'),
  doppler: secretsOf('api.doppler.com'),
  env,
  command: (call) => {
    const parsed = takeApart(call.args, new Set(), true);
    if (has(parsed, '-v', '-V')) return parsed.words.length === 1 ? `${parsed.words[0] ?? ''}\n` : SAFE;
    return inner(call, parsed.words, call.frame);
  },
  exec: (call) => inner(call, takeApart(call.args, setOf('-a'), true).words, call.frame),
  watch: (call) => {
    const parsed = takeApart(call.args, setOf('-n -d --interval --differences'), true);
    return parsed.words.length === 0 ? '' : call.machine.run(parsed.words.join(' '), into(call));
  },
  flock: (call) => {
    const parsed = takeApart(call.args, setOf('-w -E --timeout --wait'), true);
    const [file = '', next, ...rest] = parsed.words;
    if (!/^\d+$/.test(file)) writePath(file, call.frame, call.machine);
    if (next === '-c' || next === '--command') return call.machine.run(rest[0] ?? '', into(call));
    return next === undefined ? '' : inner(call, [next, ...rest]);
  },
  script: (call) => {
    const parsed = takeApart(call.args, setOf('-c --command -I -O -T -B -E'), true);
    for (const command of valuesOf(parsed, '-c', '--command')) call.machine.run(command, into(call));
    if (parsed.words[0] !== undefined) writePath(parsed.words[0], call.frame, call.machine);
    return parsed.words.length > 1 ? inner(call, parsed.words.slice(1)) : UNKNOWN;
  },
  xargs,
  parallel,
  sem: parallel,
  'start-stop-daemon': daemon,
  'run-parts': runParts,
  ...Object.fromEntries(
    'nodemon pm2 pm2-runtime forever node-dev ts-node-dev tsnd supervisor ndb'
      .split(' ')
      .map((name) => [name, restarted]),
  ),
  setarch: (call) => {
    const { words } = takeApart(call.args, new Set(), true);
    const named = /^(?:x86_64|i\d86|linux(?:32|64)|aarch64|arm\w*|ppc\w*|s390\w*|riscv\w*|uname26)$/.test(
      words[0] ?? '',
    );
    return inner(call, named ? takeApart(words.slice(1), new Set(), true).words : words);
  },
};

/** Programs that run a script of Node's, and again where it changes: `nodemon x.js`, `pm2 start x.js`. */
function restarted(call: Call): string {
  const words = call.args.filter((arg) => !arg.startsWith('-'));
  const at = call.args.findIndex((arg) => /\.[cm]?[jt]sx?$/.test(arg));
  const script = call.args[at];
  if (script !== undefined && !/^(?:-w|--watch|-i|--ignore|-c|--config|-e|--ext)$/.test(call.args[at - 1] ?? ''))
    call.machine.invoke(['node', script, ...call.args.slice(at + 1)], into(call));
  else if (words[0] === 'start' && words[1] !== undefined && /^[./]/.test(words[1]))
    call.machine.start([words[1]], into(call));
  return unknownProgram(call, false);
}

/** Every program of a folder. */
function runParts(call: Call): string {
  const { frame, machine } = call;
  if (call.args.some((arg) => /^--(?:test|list)$/.test(arg))) return UNKNOWN;
  for (const folder of takeApart(call.args, setOf('-a -u --arg --umask --regex')).words)
    for (const path of resolve(folder, frame, machine.context)) {
      readPath(path, frame, machine, true);
      const names = machine.context.list?.(path);
      if (names === undefined)
        machine.emit({ kind: 'unknown', what: `programs in ${folder} that cannot be read`, runs: false });
      for (const name of names ?? []) machine.start([`${path}/${name}`], into(call));
    }
  return UNKNOWN;
}

/** The frame for what a wrapper runs: its own, with the wrapper in its trail. */
function into(call: Call, changes: Partial<Frame> = {}): Frame {
  return fork(call.frame, { via: [...call.frame.via, call.name], ...changes });
}

function inner(call: Call, words: readonly string[], frame = into(call)): string {
  return words.length === 0 ? '' : call.machine.start(words, frame);
}

function wrapped(wrapper: Wrapper): Handler {
  const values = new Set([...(wrapper.values?.split(' ') ?? []), ...(wrapper.script ?? [])]);
  return (call) => {
    const parsed = takeApart(call.args, values, true);
    const frame = into(call);
    if (/^(?:strace|ltrace|perf)$/.test(call.name) && has(parsed, '-p', '--pid'))
      call.machine.emit({ kind: 'system', command: call.shown });
    for (const file of /^(?:dotenv|dotenvx|env-cmd)$/.test(call.name)
      ? valuesOf(parsed, '-e', '-f', '--file', '--env-file')
      : [])
      readPath(file, frame, call.machine);
    if (printsSecrets(call)) readPath('.env', frame, call.machine);
    if (asShell(call, parsed.words)) {
      // A shell of another user, fed from standard input or left to a person.
      call.machine.emit({ kind: 'system', command: call.shown });
      if (frame.stdin.trim() !== '') call.machine.run(frame.stdin, frame);
    }
    for (const script of valuesOf(parsed, ...(wrapper.script ?? []))) call.machine.run(script, frame);
    for (const file of valuesOf(parsed, '-o', '--output'))
      if (call.name !== 'stdbuf') writePath(file, frame, call.machine);
    for (const folder of valuesOf(parsed, '--chdir', '-D')) frame.cwds = resolve(folder, frame, call.machine.context);
    if (/^(?:strace|ltrace)$/.test(call.name))
      for (const file of valuesOf(parsed, '-o', '--output'))
        if (/^[|!]/.test(file)) call.machine.run(file.slice(1), into(call));
    let words = parsed.words.slice(wrapper.skip ?? 0);
    if (wrapper.assigns === true) words = assignments(words, frame, call);
    if (words[0] === '--') words = words.slice(1);
    // Scripts may stand among the words: `su user -c '…'`, `parallel 'git commit'`.
    if (wrapper.script !== undefined) {
      const at = parsed.words.findIndex((word) => wrapper.script?.includes(word));
      if (at >= 0) call.machine.run(parsed.words[at + 1] ?? '', frame);
    }
    const [first] = words;
    if (words.length === 1 && first?.includes(' ') === true) return call.machine.run(first, frame);
    if (call.name === 'entr') frame.stdin = UNKNOWN;
    return inner(call, words, frame);
  };
}

/** `dotenv list`, `dotenv -p NAME`, `dotenvx get`: these print what the file holds. */
const printsSecrets = ({ name, args }: Call): boolean =>
  /^dotenv(?:-cli|x)?$/.test(name) &&
  (/^(?:list|get)$/.test(args.find((arg) => !arg.startsWith('-')) ?? '') || (name !== 'dotenvx' && args[0] === '-p'));

/** `sudo -i`, `sudo -s`, `su`: a shell and no command. */
function asShell({ name, args }: Call, words: readonly string[]): boolean {
  if (name === 'newgrp') return true;
  if (name === 'sudo')
    return words.length === 0 && args.some((arg) => /^(?:-[a-zA-Z]*[is]|--login|--shell)$/.test(arg));
  return (
    /^(?:su|runuser)$/.test(name) && !args.some((arg) => /^(?:-\w*c|--command(?:=.*)?|--version|--help)$/.test(arg))
  );
}

/** GNU parallel: a command for each input, as the shell reads it; without a command, each input is one. */
function parallel(call: Call): string {
  const { frame, machine } = call;
  const parsed = takeApart(
    call.args,
    setOf(
      '-j -n -N -a -I -C -S -L --jobs --arg-file --colsep --delay --joblog --results --retries --timeout --sshlogin',
    ),
    true,
  );
  const at = parsed.words.findIndex((word) => /^:{3,4}\+?$/.test(word));
  const words = at < 0 ? parsed.words : parsed.words.slice(0, at);
  const [file] = valuesOf(parsed, '-a', '--arg-file');
  for (const path of [...(file === undefined ? [] : [file]), ...valuesOf(parsed, '--joblog', '--results')])
    writePath(path, frame, machine);
  const [list] = at >= 0 && /^:{4}/.test(parsed.words[at] ?? '') ? parsed.words.slice(at + 1) : [file];
  if (list !== undefined && list !== file) readPath(list, frame, machine);
  const named = list === undefined || list === '-' ? undefined : resolve(list, frame, machine.context)[0];
  const text = named === undefined ? frame.stdin : (machine.file(named).text ?? UNKNOWN);
  const inputs =
    at >= 0 && parsed.words[at] !== '::::'
      ? parsed.words.slice(at + 1).filter((word) => !/^:{3,4}\+?$/.test(word))
      : isKnown(text)
        ? text.split('\n').filter(Boolean)
        : [text.trim()];
  for (const host of valuesOf(parsed, '-S', '--sshlogin')) connect(host, call.shown, machine, { sends: true });
  for (const input of inputs.length === 0 ? [''] : inputs.slice(0, 32)) {
    const command = words.join(' ');
    const filled = /\{[^{}\s,]{0,4}\}/.test(command)
      ? command.replace(/\{[^{}\s,]{0,4}\}/g, () => input)
      : `${command} ${input}`;
    machine.run(filled.trim(), into(call, { stdin: UNKNOWN }));
  }
  return UNKNOWN;
}

/** `start-stop-daemon --start --exec PROGRAM -- ARGS`. */
function daemon(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf(
      '-x -a -n -p -u -g -c -r -d -N -s -O --exec --startas --name --pidfile --user --group --chuid --chroot --chdir --nicelevel --signal --output',
    ),
  );
  const [program] = [...valuesOf(parsed, '-a', '--startas'), ...valuesOf(parsed, '-x', '--exec')];
  return program === undefined ? '' : inner(call, [program, ...parsed.words]);
}

function assignments(words: readonly string[], frame: Frame, call: Call, assignment = /^[A-Za-z_]\w*=/): string[] {
  const start = words.findIndex((word) => !assignment.test(word));
  for (const word of start < 0 ? words : words.slice(0, start)) {
    const equals = word.indexOf('=');
    frame.vars.set(word.slice(0, equals), word.slice(equals + 1)).set(exportOf(word.slice(0, equals)), '1');
    checkVariable(word.slice(0, equals), word.slice(equals + 1), frame, call.machine);
  }
  return start < 0 ? [] : words.slice(start);
}

function env(call: Call): string {
  const parsed = takeApart(call.args, setOf('-u -C -S --unset --chdir --split-string -P'), true);
  const frame = into(call);
  for (const name of valuesOf(parsed, '-u', '--unset')) frame.vars.delete(name);
  for (const folder of valuesOf(parsed, '-C', '--chdir')) frame.cwds = resolve(folder, frame, call.machine.context);
  // `env` takes any name, a function's too.
  const words = assignments(parsed.words, frame, call, /^[^=\s/]+=/);
  const [text] = valuesOf(parsed, '-S', '--split-string');
  // In it `\_` is a blank.
  if (text !== undefined)
    return call.machine.run(`env ${text.replaceAll('\\_', ' ')} "$@"`, { ...frame, positional: [...words] });
  return inner(call, words, frame);
}

/** Stores of secrets elsewhere: `doppler run -- cmd` gives a command what it fetches, all else shows or changes it. */
function secretsOf(host: string): Handler {
  const run = wrapped({ skip: 1, values: '-p -c -t --project --config --token --env --path --projectId' });
  return (call) => {
    if (call.args.every((arg) => /^(?:--?version|-v|--help|-h|help)$/.test(arg))) return '';
    const output = call.args[0] === 'run' ? run(call) : UNKNOWN;
    connect(host, call.shown, call.machine, { sends: true });
    return output;
  };
}

/** Lines of known input for each of which `xargs -I` is followed; the rest is unknown. */
const mostLines = 32;

function xargs(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf('-I -i -n -P -L -l -s -d -E -e -a --replace --max-args --max-procs --max-lines --delimiter --arg-file'),
    true,
  );
  const placeholder = parsed.options.find(({ name }) => name === '-I' || name === '--replace')?.value;
  const frame = into(call, { stdin: '' });
  const [file] = valuesOf(parsed, '-a', '--arg-file');
  if (file !== undefined) readPath(file, call.frame, call.machine);
  const text = file === undefined ? call.frame.stdin : UNKNOWN;
  const words = parsed.words.length === 0 ? ['echo'] : parsed.words;
  const known = isKnown(text);
  if (hasUnknown(text)) call.machine.computed = true;
  if (placeholder !== undefined) {
    const all = known || isNames(text) ? text.split('\n').filter((line) => line.trim() !== '') : [text.trim()];
    const lines = all.length > mostLines ? [...all.slice(0, mostLines), UNKNOWN] : all;
    // Without a line it runs nothing; what it would run is judged all the same, as `xargs -r` is.
    for (const line of lines.length === 0 ? [placeholder] : lines)
      call.machine.start(
        words.map((word) => word.replaceAll(placeholder, () => line)),
        frame,
      );
    return UNKNOWN;
  }
  const whole = parsed.options.find(({ name }) => /^(?:-0|--null|-d|--delimiter)$/.test(name));
  const extra =
    known && whole !== undefined
      ? whole.value === '\\n' || whole.value === '\n'
        ? text.replace(/\n$/, '').split('\n')
        : [text]
      : known
        ? text
            .split(/[ \t\n]+/)
            .filter(Boolean)
            .map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
        : isNames(text)
          ? text.split(/\s+/).filter(Boolean)
          : [text.trim()];
  // With `-n`, each word may be the first of its own command.
  return call.machine.start([...words, ...extra], frame);
}
