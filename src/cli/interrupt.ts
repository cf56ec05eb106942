/** A closed terminal (SIGHUP) is no reason to lose what an agent is doing. */
const ENDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves when somebody ends the process from outside; `say` tells them that it was heard. The second time ends it at once. */
export function onInterrupt(say: () => void) {
  let fire: (outcome: 'interrupted') => void = () => undefined;
  let fired = false;
  const promise = new Promise<'interrupted'>((resolve) => (fire = resolve));
  const handler = () => {
    if (fired) process.exit(130);
    fired = true;
    say();
    fire('interrupted');
  };
  for (const signal of ENDS) process.on(signal, handler);
  return {
    promise,
    off() {
      for (const signal of ENDS) process.off(signal, handler);
    },
  };
}
