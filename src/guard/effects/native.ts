import type { Call } from '../machine.ts';
import { setOf, takeApart, valuesOf, type Options } from '../options.ts';
import { resolve } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { scanSources, sourcesAmong, sourcesIn } from '../unwrap/compiled.ts';
import { namesMigration, toldToMigrate } from './verbs.ts';

/** `go run X`: X by its name where that is known; the project's own programs by what they are told to do. */
export function goRun(call: Call, words: readonly string[]): boolean {
  call.args.forEach((arg, index) => {
    const program =
      /^--?(?:toolexec|vettool|exec)=(.*)$/s.exec(arg)?.[1] ??
      (/^--?(?:toolexec|vettool|exec)$/.test(arg) ? call.args[index + 1] : undefined);
    if (program !== undefined && words[0] !== 'run') call.machine.run(program, fork(call.frame));
  });
  if (words[0] === 'generate') goGenerate(call);
  if (words[0] !== 'run') return false;
  const parsed = takeApart(
    call.args.slice(call.args.indexOf('run') + 1),
    setOf('-tags -mod -modfile -ldflags -gcflags -asmflags -p -exec -overlay -pkgdir -buildmode'),
    true,
  );
  for (const text of valuesOf(parsed, '-exec')) call.machine.run(text, fork(call.frame));
  const scope = fork(call.frame, { via: [...call.frame.via, 'go run'] });
  const [target = '', ...rest] = parsed.words;
  const name = target.replace(/@.*$/, '').split('/').at(-1) ?? '';
  const local = /^\.{0,2}(?:\/|$)|\.go$/.test(target);
  if (!local && call.machine.knows(name) === 'dangerous') call.machine.invoke([name, ...rest], call.frame);
  else {
    if (local) scanSources(goFiles(parsed.words, call), scope, call.machine);
    const folders = local ? target.split('/').filter((part) => !/^(?:\.{0,2}|main\.go|cmd)$/.test(part)) : [name];
    told(call, [...folders.slice(-1), ...rest]);
  }
  return true;
}

/** The sources that `go run` is given: files, or a package's folder. */
const goFiles = (words: readonly string[], { frame, machine }: Call): string[] =>
  words[0]?.endsWith('.go') === true ? sourcesAmong(words, frame, machine) : sourcesIn(words[0] ?? '.', frame, machine);

/** `go generate`: the commands that stand in the comments of the package, and of those right below it. */
function goGenerate({ args, frame, machine }: Call): void {
  const words = args.slice(args.indexOf('generate') + 1).filter((arg) => !arg.startsWith('-'));
  for (const word of words.length === 0 ? ['.'] : words) {
    const base = word.replace(/\/?\.{3}$/, '') || '.';
    const below = word.endsWith('...') ? resolve(base, frame, machine.context) : [];
    const folders = below.flatMap((path) => machine.list(path).map((name) => `${path}/${name}`));
    for (const file of word.endsWith('.go')
      ? resolve(word, frame, machine.context)
      : [base, ...folders.slice(0, 40)].flatMap((folder) => sourcesIn(folder, frame, machine))) {
      const scope = fork(frame, { cwds: [file.slice(0, file.lastIndexOf('/'))], via: [...frame.via, file] });
      for (const [, command = ''] of (machine.file(file).text ?? '').matchAll(/^\/\/go:generate +(.+)$/gm))
        machine.run(command, fork(scope));
    }
  }
}

/** Cargo's sources of the program that is run, where they mostly lie. */
function cargoFiles(options: Options, { frame, machine }: Call): string[] {
  const named = (option: string, folder: string): string[] =>
    valuesOf(options, option).flatMap((name) => [`${folder}/${name}.rs`, `${folder}/${name}/main.rs`]);
  const files = [...named('--bin', 'src/bin'), ...named('--example', 'examples')];
  const packages = valuesOf(options, '-p', '--package').flatMap((name) => [name, `crates/${name}`]);
  const roots = ['', ...packages.map((folder) => `${folder}/`)];
  const [manifest] = valuesOf(options, '--manifest-path');
  if (manifest !== undefined) roots.push(manifest.replace(/[^/]*$/, ''));
  return roots
    .flatMap((root) => (files.length > 0 ? files : ['src/main.rs']).map((file) => root + file))
    .flatMap((path) => resolve(path, frame, machine.context));
}

/** A program of the project: a migration where its name or its first words say so. */
export function told(call: Call, words: readonly string[]): void {
  if (namesMigration(words[0] ?? '') || toldToMigrate('', words) || toldToMigrate('', words.slice(1)))
    call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  else call.machine.emit({ kind: 'process', command: call.shown });
}

const cargoOwn =
  /^(?:b|build|c|check|clean|d|doc|new|init|add|remove|rm|t|test|bench|update|search|install|uninstall|tree|fmt|clippy|fix|metadata|nextest|fetch|vendor|rustc|rustdoc|package|expand|watch|machete|deny|audit|outdated|llvm-cov|tarpaulin|insta|criterion)$/;

/** `cargo run --bin X`, and Cargo's subcommands that are programs of their own. */
export function cargoRun(call: Call, words: readonly string[]): boolean {
  const scope = fork(call.frame, { via: [...call.frame.via, 'cargo'] });
  // Settings on the command line may name other programs than the compiler.
  for (const setting of valuesOf(takeApart(call.args, setOf('--config')), '--config')) {
    const program =
      /^(?:[\w.'"-]*\b(?:rustc(?:-(?:workspace-)?wrapper)?|rustdoc|runner|linker)|alias\.[\w-]+)\s*=\s*(.*)$/s.exec(
        setting,
      );
    if (program === null) continue;
    const value = (program[1] ?? '').replace(/^\[?\s*["']|["']\s*\]?$/g, '');
    call.machine.run(setting.startsWith('alias') ? `cargo ${value}` : value, fork(scope));
  }
  // Cargo runs the package's own build script first.
  if (/^(?:b|build|c|check|t|test|r|run|bench|clippy|doc|nextest|rustc|install)$/.test(words[0] ?? ''))
    scanSources(resolve('build.rs', call.frame, call.machine.context), scope, call.machine);
  if (words[0] === 'watch') {
    const parsed = takeApart(call.args.slice(1), setOf('-x -s -w -i -d -B -E --exec --shell --watch --ignore --delay'));
    for (const text of valuesOf(parsed, '-s', '--shell')) call.machine.run(text, fork(scope));
    for (const text of valuesOf(parsed, '-x', '--exec')) call.machine.run(`cargo ${text}`, fork(scope));
    const at = call.args.indexOf('--');
    if (at >= 0) call.machine.invoke(call.args.slice(at + 1), fork(scope));
    return true;
  }
  if (words[0] === 'run') {
    const parsed = takeApart(
      call.args.slice(1),
      setOf('--bin -p --package --example --features --manifest-path --target'),
    );
    scanSources(cargoFiles(parsed, call), scope, call.machine);
    told(call, [...valuesOf(parsed, '--bin', '-p', '--package'), ...parsed.words]);
    return true;
  }
  if (!cargoOwn.test(words[0] ?? '') && toldToMigrate('', words.slice(1)))
    call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  if (call.machine.knows(words[0] ?? '') !== 'dangerous') return false;
  call.machine.invoke(call.args, call.frame);
  return true;
}
