import type { Call } from '../machine.ts';
import { fork } from '../shell/frame.ts';
import { readPath, writePath } from '../paths.ts';
import { scanCompiled, scanSources, sourcesAmong } from '../unwrap/compiled.ts';
import { connect } from './host.ts';
import { toldToMigrate } from './verbs.ts';

/** CMake's own spellings of what the system's programs do. */
const cmakeTools: Readonly<Record<string, readonly string[]>> = {
  touch: ['touch'],
  touch_nocreate: ['touch'],
  rm: ['rm'],
  remove: ['rm', '-f'],
  remove_directory: ['rm', '-rf'],
  copy: ['cp'],
  copy_directory: ['cp', '-r'],
  rename: ['mv'],
  make_directory: ['mkdir', '-p'],
  cat: ['cat'],
  env: ['env'],
  time: ['time'],
};

/** Programs that compile a source file and run it at once; those that do so for `run`. */
const runsSources = /^(?:java|swift|jbang|rdmd|rust-script|runghc|runhaskell|dart)$/;
const runsSourcesFor = /^(?:zig|v|odin|tcc|dart|crystal|nim|fvm)$/;

/** Main classes that are clients of a database or servers of one, and an address of one. */
const javaClients =
  /^(?:org\.h2\.tools\.\w|org\.hsqldb\.|org\.apache\.derby\.|sqlline\.|org\.apache\.hive\.beeline\.|net\.snowflake\.|org\.apache\.calcite\.\w*sqlline|oracle\.sqlcl?\.|henplus\.)/i;
const javaAddress = /^jdbc:\w+:/;
const javaMemory = /^jdbc:(?:h2|hsqldb|derby|sqlite|duckdb):(?:mem|memory|:memory):?/;

/** What a program without rules of its own is told to run, touch or reach by an option that is known all the same. */
export function innerCommands({ name, args, frame, machine, shown }: Call): void {
  const scope = fork(frame, { via: [...frame.via, name] });
  if (runsSources.test(name) || (runsSourcesFor.test(name) && /^-?(?:run|r|e)$/.test(args[0] ?? '')))
    scanSources(sourcesAmong(args, frame, machine), scope, machine);
  if (name === 'tcc' && args.includes('-run') && args.includes('-')) scanCompiled(frame.stdin, scope, machine);
  if (/^(?:(?:gcc|g\+\+|clang|clang\+\+)(?:-\d+)?|cc|c\+\+)$/.test(name)) {
    const at = args.indexOf('-wrapper');
    if (at >= 0) machine.invoke((args[at + 1] ?? '').split(','), scope);
  } else if (name === 'cmake' && args[0] === '-E') {
    const tool = cmakeTools[args[1] ?? ''];
    if (tool !== undefined) machine.invoke([...tool, ...args.slice(2)], scope);
  } else if (name === 'cmake' && args[0] === '--install') {
    const at = args.indexOf('--prefix');
    const prefix = at < 0 ? args.find((arg) => arg.startsWith('--prefix='))?.slice(9) : args[at + 1];
    writePath(prefix ?? '/usr/local', frame, machine);
  } else if (
    (name === 'meson' || name === 'ninja') &&
    args.includes('install') &&
    !args.some((arg) => arg.startsWith('--destdir'))
  ) {
    writePath('/usr/local', frame, machine);
  } else if (name === 'java') {
    const at = args.findIndex(
      (arg, index) => !arg.startsWith('-') && !/^-(?:cp|classpath|-class-path|jar|p|m)$/.test(args[index - 1] ?? ''),
    );
    const jar = args.includes('-jar') ? args.indexOf('-jar') + 2 : at + 1;
    if (
      (/flyway|liquibase|migrat(?:e|ion|or)/i.test(args[at] ?? '') && !args.includes('-jar')) ||
      toldToMigrate('', args.slice(jar))
    )
      machine.emit({ kind: 'database', how: 'migration', command: shown });
    if ((!args.includes('-jar') && javaClients.test(args[at] ?? '')) || args.some((arg) => javaAddress.test(arg)))
      if (!args.some((arg) => javaMemory.test(arg))) machine.emit({ kind: 'database', how: 'client', command: shown });
    for (const [, command = ''] of args.join('\n').matchAll(/^-XX:On(?:OutOfMemory)?Error=(.*)$/gm))
      machine.run(command, scope);
  } else if (
    /^(?:serve|http-server|live-server|sirv|sirv-cli|browser-sync|static-server|miniserve|caddy)$/.test(name)
  ) {
    for (const arg of args) if (/^(?:\/|~|\.\.)/.test(arg)) readPath(arg, frame, machine, true);
  } else if (/^(?:pdf|xe|lua|lua(?:hb)?|e|p)?(?:la)?tex(?:mk)?$/.test(name)) {
    const text = args.join('\n');
    for (const [, command = ''] of text.matchAll(/(?:write18|ShellEscape)\s*\{([^}]*)\}/g)) machine.run(command, scope);
    for (const [, command = ''] of text.matchAll(/os\.execute\s*\(\s*["']([^"']*)/g)) machine.run(command, scope);
    for (const [, command = ''] of text.matchAll(
      /^-(?:pdf|lua|xe|la)*(?:latex|previewer|bibtex|makeindex|dvi\w*)=(.+)$/gm,
    ))
      machine.run(command, scope);
  } else if (name === 'getent' && /^g?shadow$/.test(args[0] ?? '')) {
    readPath('/etc/shadow', frame, machine);
  } else if (name === 'getent' && /^a?hosts/.test(args[0] ?? '')) {
    for (const host of args.slice(1)) connect(host, shown, machine);
  }
}
