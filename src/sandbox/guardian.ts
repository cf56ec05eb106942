import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { markerName } from './tree.ts';

/**
 * A shell that reads who lives, and ends them once its input ends: with this process, whatever ends it. `--die-with-parent` alone
 * does not do that: bwrap falls to a broken pipe while it makes a sandbox, and the first process inside waits for it for ever,
 * or hears of no death before it is done with its mounts. It is killed by its marker until there is none left.
 */
const script = `
trap '' HUP INT TERM
live=
while read -r sign pid marker; do
  rest=
  for one in $live; do [ "$one" = "$pid:$marker" ] || rest="$rest $one"; done
  live=$rest
  [ "$sign" = - ] || live="$live $pid:$marker"
done
[ -n "$live" ] || exit
for one in $live; do
  kill -9 "-\${one%%:*}"
  set -- "$@" -e "${markerName}=\${one#*:}"
done
quiet=0
while [ "$quiet" -lt 3 ]; do
  quiet=$((quiet + 1))
  for file in $(grep -lasF "$@" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    kill -9 "\${pid%/environ}" && quiet=0
  done
  sleep 0.1
done
`;

const living = new Map<number, string>();
let input: Writable | undefined;

/** From now on what was started with this marker, and the group that this process leads, is ended when we end, also by kill -9. */
export function watchOver(pid: number, marker: string): void {
  living.set(pid, marker);
  if (input === undefined) start();
  else input.write(`+ ${pid} ${marker}\n`);
}

/** It is gone: its number may be another's from now on. */
export function letBe(pid: number): void {
  const marker = living.get(pid);
  if (living.delete(pid)) input?.write(`- ${pid} ${marker ?? ''}\n`);
}

/** Of its own session, so that no signal that is meant for us reaches it; nobody waits for it, and it holds nothing open. */
function start(): void {
  const child = spawn('/bin/sh', ['-c', script], {
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
  mine.write([...living].map(([pid, marker]) => `+ ${pid} ${marker}\n`).join(''));
}
