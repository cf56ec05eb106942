import { bash, word } from './bash.ts';
import { literal, python } from './python.ts';
import type { Arena, Attack } from './types.ts';

const leaving = (id: string, tries: string, lines: (arena: Arena) => string[], endAfterMs?: number): Attack => ({
  id: `outlive/${id}`,
  layer: 'process end',
  tries,
  by: 'bash',
  program: (arena) =>
    [`name=${word(arena.word)}`, ...lines(arena), ...(endAfterMs === undefined ? seen : []), ''].join('\n'),
  ...(endAfterMs === undefined ? {} : { endAfterMs }),
});

/** What carries the name of this attack, and does not end by itself. */
const loop = '(exec -a "$name" sleep 600) >/dev/null 2>&1 </dev/null';

/** The attack counts once what it leaves is there. */
const seen = [
  'pattern="${name:0:4}[${name:4:1}]${name:5}"',
  'for _ in {1..500}; do grep -qs "$pattern" /proc/[0-9]*/cmdline && echo SHUT 1 && exit; sleep 0.02; done',
];

/** To go on after the end. That nothing does is seen from outside: no process of the host carries the attack's name. */
export const outliveAttacks: Attack[] = [
  leaving('background', 'processes in the background, with nohup and disown', () => [
    `${loop} & nohup bash -c '${loop}' & disown -a`,
  ]),
  leaving('session', 'a session of its own: setsid, a double fork, both', () => [
    `export name; setsid bash -c '${loop}' >/dev/null 2>&1 &`,
    `( ( setsid bash -c '${loop}' >/dev/null 2>&1 & ) & )`,
    `setsid --fork bash -c '${loop}' >/dev/null 2>&1`,
  ]),
  leaving('deaf', 'processes that take no signal, and start each other anew', () => [
    `export name; bash -c 'trap "" TERM INT HUP QUIT; while :; do ${loop}; done' >/dev/null 2>&1 &`,
    `bash -c 'trap "" TERM INT HUP QUIT; while :; do setsid bash -c "${loop.replaceAll('"', '\\"')}" & wait; done' >/dev/null 2>&1 &`,
  ]),
  leaving(
    'killed',
    'the same when the sandbox is killed in the middle of it',
    () => [
      `export name; setsid bash -c 'trap "" TERM INT HUP; ${loop}' >/dev/null 2>&1 & trap "" TERM INT HUP; ${loop}`,
    ],
    1000,
  ),
  leaving(
    'stopped',
    'the sandbox’s own first process stopped, so that it cannot end the others',
    () => [
      `export name; setsid bash -c '${loop}' >/dev/null 2>&1 & [ "$(cat /proc/1/comm)" = bwrap ] && kill -STOP 1; kill -STOP $$ & ${loop}`,
    ],
    1000,
  ),
  {
    id: 'outlive/traced',
    layer: 'process end',
    tries: 'the sandbox’s own first process traced and held',
    by: 'python3',
    endAfterMs: 1500,
    program: (arena) =>
      python(`
shared_pids()
subprocess.Popen(['bash', '-c', 'exec -a "$0" sleep 600', ${literal(arena.word)}], start_new_session=True)
try: call('ptrace', 16, 1, 0, 0)
except OSError: pass
time.sleep(600)`),
  },
  {
    id: 'outlive/jobs',
    layer: 'mounts',
    tries: 'at, cron, systemd, logins: places that start programs later (only looked at)',
    by: 'python3',
    program: (arena) =>
      python(`
home = ${literal(arena.home)}
places = ['/var/spool/cron', '/var/spool/cron/crontabs', '/var/spool/at', '/var/spool/cron/atjobs', '/etc/cron.d', '/etc/crontab', '/etc/cron.hourly',
    '/etc/systemd/system', '/run/systemd/system', '/etc/init.d', '/etc/profile.d', '/etc/rc.local', '/etc/ld.so.preload', '/var/spool/anacron',
    home + '/.config/systemd/user', home + '/.config/autostart', home + '/.bashrc', home + '/.profile', home + '/.ssh/rc', home + '/.claude/settings.json']
for place in places:
    if os.path.isdir(place): attempt(place, lambda: makes(place + '/dayshift-attack'))
    else: attempt(place, lambda: for_writing(place))
for command in (['crontab', '-l'], ['atq'], ['systemctl', '--user', 'is-system-running'], ['systemctl', 'is-system-running'], ['loginctl']):
    try: done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, text=True)
    except FileNotFoundError: continue
    shut(' '.join(command), done.returncode == 0 and done.stdout.strip() not in ('', 'offline', 'unknown'))
attempt('the socket of atd or cron', lambda: opens('/run/atd.pid', os.O_WRONLY))`),
  },
  {
    id: 'outlive/next-start',
    layer: 'mounts',
    tries: 'symlinks planted for the mounts of the next start',
    by: 'bash',
    program: ({ checkout }) =>
      bash([
        `cd ${word(checkout)}`,
        'attempt "rm -rf .git && ln -s /etc .git"',
        'attempt "mv .git .gone"',
        'attempt "rmdir .git"',
        'attempt "ln -sfn /etc .git && [ -L .git ]"',
      ]),
  },
];
