import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';

/**
 * A shell that reads who lives, and ends them once its input ends: with this process, whatever ends it. `--die-with-parent` alone
 * does not do that: bwrap falls to a broken pipe while it makes a sandbox, and the first process inside waits for it for ever,
 * or hears of no death before it is done with its mounts. They are found by our own word, until there is none left: what a later daemon
 * starts, under whatever marker, is its own. Where there is no /proc, by the groups that they lead.
 */
const script = `
trap '' HUP INT TERM
live=
while read -r sign start; do
  rest=
  for one in $live; do [ "$one" = "$start" ] || rest="$rest $one"; done
  live=$rest
  [ "$sign" = - ] || live="$live $start"
done
[ -n "$live" ] || exit
if [ ! -r /proc/self/environ ]; then
  for one in $live; do kill -9 "-\${one#*:}"; done
  exit
fi
quiet=0
while [ "$quiet" -lt 3 ]; do
  quiet=$((quiet + 1))
  for file in $(grep -lasF "$1" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    kill -9 "\${pid%/environ}" && quiet=0
  done
  sleep 0.1
done
`;

/** What all that we start carries in its environment. */
export const ourWord = { DAYSHIFT_GUARDED: randomUUID() };

/** Starts that are not over: a number of our own, for the system's may be another's soon, and the process. */
const living = new Set<string>();
let starts = 0;
let input: Writable | undefined;

/** From now on what this start has come to is ended when we end, also by kill -9; until the returned function is called: it is gone. */
export function watchOver(pid: number): () => void {
  starts += 1;
  const name = `${starts}:${pid}`;
  living.add(name);
  if (input === undefined) start();
  else input.write(`+ ${name}\n`);
  return () => {
    if (living.delete(name)) input?.write(`- ${name}\n`);
  };
}

/** Of its own session, so that no signal that is meant for us reaches it; nobody waits for it. */
function start(): void {
  const child = spawn('/bin/sh', ['-c', script, 'dayshift-guardian', `DAYSHIFT_GUARDED=${ourWord.DAYSHIFT_GUARDED}`], {
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const mine = child.stdin;
  // Without it the kernel still ends what was made completely, and the next start what was not. The next one tries again.
  const over = () => {
    if (input === mine) input = undefined;
  };
  child.on('error', over);
  child.on('exit', over);
  mine.on('error', over);
  child.unref();
  (mine as Writable & { unref?: () => void }).unref?.();
  input = mine;
  mine.write([...living].map((name) => `+ ${name}\n`).join(''));
}
