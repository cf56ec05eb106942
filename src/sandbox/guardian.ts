import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';

/**
 * A shell that reads who lives, and ends them once its input ends: with this process, whatever ends it. `--die-with-parent` alone
 * does not do that: bwrap falls to a broken pipe while it makes a sandbox, and the first process inside waits for it for ever,
 * or hears of no death before it is done with its mounts. They are found by our own word, until there is none left: what a later daemon
 * starts, under whatever marker, is its own.
 */
const script = `
trap '' HUP INT TERM
live=
while read -r sign pid; do
  rest=
  for one in $live; do [ "$one" = "$pid" ] || rest="$rest $one"; done
  live=$rest
  [ "$sign" = - ] || live="$live $pid"
done
[ -n "$live" ] || exit
for one in $live; do kill -9 "-$one"; done
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

const living = new Set<number>();
let input: Writable | undefined;

/** From now on the group that this process leads, and whatever has our word, is ended when we end, also by kill -9. */
export function watchOver(pid: number): void {
  living.add(pid);
  if (input === undefined) start();
  else input.write(`+ ${pid}\n`);
}

/** It is gone: its number may be another's from now on. */
export function letBe(pid: number): void {
  if (living.delete(pid)) input?.write(`- ${pid}\n`);
}

/** Of its own session, so that no signal that is meant for us reaches it; nobody waits for it, and it holds nothing open. */
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
  mine.write([...living].map((pid) => `+ ${pid}\n`).join(''));
}
