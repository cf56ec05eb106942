import type { Manager, ServiceSpec } from '../autostart/index.ts';
import type { Home } from '../home/index.ts';
import type { Build, CliIo, ExitCode } from './io.ts';

export const build: Build = (command, io, run) => {
  command.addHelpText(
    'after',
    `
A systemd user unit (Linux) or a launchd agent (macOS) for this home. It gets of this terminal its PATH, home,
language and certificates, and nothing else: keys and tokens it has from the home's .env.`,
  );
  const home = () => command.optsWithGlobals<{ home?: string }>().home;
  const install = command
    .command('install')
    .description('write it, and start it at each login')
    .option('--print', 'print the file and write nothing')
    .option('--no-start', 'write it and start nothing')
    .addHelpText('after', '\nExit codes: 0 written, and started where something can start it; 1 it did not start.');
  install.action((options: { print?: boolean; start: boolean }) => run(() => installService(home(), options, io)));
  command
    .command('uninstall')
    .description('end it and remove its file; the home stays as it is')
    .action(() => run(() => uninstallService(home(), io)));
  const status = command
    .command('status')
    .description('whether it is there and runs')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExit codes: 0 it runs, 1 it does not.');
  status.action((options: { json?: boolean }) => run(() => serviceStatus(home(), options.json === true, io)));
};

interface Found {
  home: Home;
  spec: ServiceSpec;
  manager: Manager;
  /** What this terminal sets, and the service will not see. */
  unseen: string[];
  env: Record<string, string | undefined>;
}

async function find(named: string | undefined, io: CliIo): Promise<Found> {
  const path = await import('node:path');
  const { DayshiftError } = await import('../base/index.ts');
  const { loadEnvFile, loadHome } = await import('../home/index.ts');
  const { managerFor, managerOf, serviceOf, unseen } = await import('../autostart/index.ts');
  const { packageFolder } = await import('./version.ts');
  const kind = managerOf(process.platform);
  if (kind === undefined) {
    throw new DayshiftError('environment', `no service manager of ${process.platform} is known here`, {
      hint: 'start `dayshift up` by whatever starts your other services',
    });
  }
  const home = await loadHome({ env: io.env, cwd: io.cwd, ...(named === undefined ? {} : { home: named }) });
  const file = await loadEnvFile(home.paths);
  const spec = await serviceOf(kind, home.paths.home, path.join(packageFolder(), 'src/cli/bin.js'), io.env);
  const manager = managerFor(kind, spec, io.env, process.getuid?.() ?? 0);
  for (const warning of file.warnings) io.err(`! ${warning}\n`);
  const env = { ...file.values, ...spec.env };
  return { home, spec, manager, env, unseen: unseen(io.env, file.values) };
}

async function installService(
  named: string | undefined,
  options: { print?: boolean; start: boolean },
  io: CliIo,
): Promise<ExitCode> {
  const found = await find(named, io);
  const { manager } = found;
  if (options.print === true) {
    io.out(manager.text);
    return 0;
  }
  const { writeOwn } = await import('../autostart/index.ts');
  await writeOwn(manager.file, manager.text);
  io.out(`Written: ${manager.file}\n`);
  const faults = await faultsOf(found);
  for (const line of [...faults, ...remarksOf(found)]) io.err(`! ${line}\n`);
  const code = await startIt(found, options.start && faults.length === 0, faults.length > 0, io);
  if (code === 0) io.out(`${(await hints(manager, io)).join('\n')}\n`);
  return code;
}

async function startIt({ home, manager, spec }: Found, wanted: boolean, faulty: boolean, io: CliIo): Promise<ExitCode> {
  const absent = await manager.absent();
  if (absent !== undefined) {
    io.out(
      `Not started: ${manager.kind} cannot be reached from here (${firstLine(absent)}).\n` +
        `Once you are logged in where it can be: ${manager.say.enable}\n` +
        `Until then the same by hand: dayshift --home ${spec.home} up\n`,
    );
    return 0;
  }
  const { lockHolder } = await import('../journal/read-only.ts');
  const holder = await lockHolder(home.paths.lockFile);
  const byHand = holder?.alive === true && !(await manager.standing()).running;
  const told = await manager.enable(wanted && !byHand);
  if (!told.ok) {
    io.err(`! ${manager.kind} refused it: ${told.why}\n`);
    return 1;
  }
  if (byHand)
    io.out(`Dayshift is up in this home already, process ${holder.pid}: dayshift down, then ${manager.say.start}\n`);
  else if (wanted) io.out('Started; it starts by itself from now on.\n');
  else io.out(`Not started${faulty ? ': mend first what is said above' : ''}. Then: ${manager.say.start}\n`);
  return 0;
}

/** What keeps the service from running a day, looked at with its environment and not with this terminal's. */
async function faultsOf({ home, env }: Found): Promise<string[]> {
  const { diagnose } = await import('../doctor/index.ts');
  const findings = await diagnose({ env, home: home.paths, config: home.config });
  return findings
    .filter(({ ok }) => ok === 'fail')
    .map(({ name, found, remedy = '' }) => (remedy === '' ? `${name}: ${found}` : `${name}: ${found} → ${remedy}`));
}

function remarksOf({ home, spec, unseen }: Found): string[] {
  const file = `${home.paths.home}/.env`;
  return [
    ...(unseen.length === 0
      ? []
      : [
          `the service will not see what this terminal sets: ${unseen.join(', ')}; write what it needs into ${file}, chmod 600`,
        ]),
    ...(spec.command.some((word) => /[\\/]_npx[\\/]/.test(word))
      ? [
          'this Dayshift lies in the cache of npx, which is emptied now and then: install it, then install the service again',
        ]
      : []),
  ];
}

async function hints(manager: Manager, io: CliIo): Promise<string[]> {
  const lines = [`Its output: ${manager.say.logs}`, `Stop it: dayshift down, or ${manager.say.stop}`];
  if (manager.kind === 'launchd') return lines;
  const { lingers } = await import('../autostart/index.ts');
  const user = io.env.USER ?? io.env.LOGNAME ?? '';
  if (lingers(user)) return lines;
  return [
    ...lines,
    `It ends when you log out, and starts when you log in. To keep it up without you: loginctl enable-linger${user === '' ? '' : ` ${user}`}`,
  ];
}

async function uninstallService(named: string | undefined, io: CliIo): Promise<ExitCode> {
  const { manager, home } = await find(named, io);
  const { readOwn, removeOwn } = await import('../autostart/index.ts');
  if ((await readOwn(manager.file)) === undefined) {
    io.out(`No service of ${home.paths.home} is installed (no ${manager.file}).\n`);
    return 0;
  }
  const absent = await manager.absent();
  if (absent === undefined) {
    const told = await manager.disable();
    if (!told.ok) io.err(`! ${manager.kind}: ${told.why}\n`);
  }
  await removeOwn(manager.file);
  if (absent === undefined) await manager.forget();
  const then =
    absent === undefined
      ? 'what ran is parked, and `dayshift up` goes on with it'
      : `${manager.kind} cannot be reached from here: what it runs goes on until \`dayshift down\``;
  io.out(`Removed: ${manager.file}; ${then}.\n`);
  return 0;
}

async function serviceStatus(named: string | undefined, json: boolean, io: CliIo): Promise<ExitCode> {
  const { manager, spec, home } = await find(named, io);
  const { missingOf, readOwn } = await import('../autostart/index.ts');
  const { lockHolder } = await import('../journal/read-only.ts');
  const text = await readOwn(manager.file);
  const absent = await manager.absent();
  const standing = absent === undefined ? await manager.standing() : undefined;
  const holder = await lockHolder(home.paths.lockFile);
  const gone = text === undefined ? [] : missingOf(text);
  const view = {
    ...{ manager: manager.kind, name: spec.name, file: manager.file, installed: text !== undefined },
    ...{ current: text === manager.text, missing: gone, running: standing?.running ?? false },
    ...{ enabled: standing?.enabled ?? false, says: absent ?? standing?.words ?? '' },
    ...(holder?.alive === true ? { process: holder.pid } : {}),
  };
  if (json) io.out(`${JSON.stringify(view, null, 2)}\n`);
  else {
    const lines = [
      view.installed ? `Installed: ${manager.file}` : `Not installed (no ${manager.file}): dayshift service install`,
      ...gone.map((path) => `! ${path}, which it names, is gone: dayshift service install`),
      ...(view.installed && !view.current && gone.length === 0
        ? [
            '! It is not what `dayshift service install` would write now (another Node, PATH or Dayshift): install it again',
          ]
        : []),
      absent === undefined
        ? `${manager.kind} says: ${view.says}`
        : `${manager.kind} cannot be reached from here (${firstLine(absent)})`,
      holder?.alive === true ? `Dayshift is up: process ${holder.pid}, since ${holder.since}` : 'Dayshift is not up.',
      ...(view.installed ? await hints(manager, io) : []),
    ];
    io.out(`${lines.join('\n')}\n`);
  }
  return view.running ? 0 : 1;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
