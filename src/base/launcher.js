// @ts-check
/**
 * The thread of `launch.ts`. It starts what it is told to and posts what came of it. Plain JavaScript without imports, so that it is one file
 * and there in a millisecond.
 */
const { parentPort } = process.getBuiltinModule('node:worker_threads');
const { spawn } = process.getBuiltinModule('node:child_process');
const { writeFileSync } = process.getBuiltinModule('node:fs');
const { setPriority } = process.getBuiltinModule('node:os');
const { platform } = process;

/** Who was told to end by SIGTERM has so long to tidy up, in ms. */
const GRACE_MS = 5000;

parentPort?.on('message', (/** @type {import('./launch.ts').Order} */ order) => {
  try {
    start(order);
  } catch (error) {
    // What the system refuses at once, as a command line that is too long.
    tell({ id: order.id, exitCode: null, timedOut: false, tooMuch: false, ...problemOf(error) }, [], []);
  }
});

/** @param {import('./launch.ts').Order} order */
function start({ id, file, args, cwd, env, input, timeoutMs, mostBytes, niceness }) {
  const stdin = input === undefined ? 'ignore' : 'pipe';
  // In a session of its own: ctrl-C at a terminal is for us, who let it come to its end.
  const child = spawn(file, args, { cwd, env, stdio: [stdin, 'pipe', 'pipe'], detached: true });
  if (niceness !== undefined && child.pid !== undefined) beNice(child.pid, niceness);
  let timedOut = false;
  let tooMuch = false;
  let problem = {};
  /** @type {NodeJS.Timeout[]} */
  const timers = [];
  const end = () => {
    child.kill();
    timers.push(setTimeout(() => child.kill('SIGKILL'), GRACE_MS));
  };
  timers.push(
    setTimeout(() => {
      timedOut = true;
      end();
    }, timeoutMs),
  );
  let bytes = 0;
  const read = (/** @type {import('node:stream').Readable | null} */ stream) => {
    /** @type {Buffer[]} */
    const chunks = [];
    stream?.on('data', (/** @type {Buffer} */ chunk) => {
      bytes += chunk.length;
      if (bytes <= mostBytes) chunks.push(chunk);
      else if (!tooMuch) {
        tooMuch = true;
        end();
      }
    });
    return chunks;
  };
  const [out, err] = [read(child.stdout), read(child.stderr)];
  // One that ends without reading all of its input says by its exit code what that means.
  child.stdin?.on('error', () => undefined).end(input);
  let started = true;
  child.on('error', (error) => {
    if (child.pid !== undefined) return; // it could not be killed: it has ended
    started = false;
    problem = problemOf(error);
  });
  child.on('close', (code) => {
    for (const timer of timers) clearTimeout(timer);
    tell({ id, exitCode: started ? code : null, timedOut, tooMuch, ...problem }, out, err);
  });
}

/**
 * @param {Omit<import('./launch.ts').Report, 'stdout' | 'stderr'>} report
 * @param {Buffer[]} out
 * @param {Buffer[]} err
 */
function tell(report, out, err) {
  const [stdout, stderr] = [whole(out), whole(err)];
  parentPort?.postMessage({ ...report, stdout, stderr }, [stdout.buffer, stderr.buffer]);
}

/** @param {unknown} error */
function problemOf(error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  return { problem: { ...(code === undefined ? {} : { code }), message } };
}

/** @param {Buffer[]} chunks */
function whole(chunks) {
  // Of its own: a small buffer shares its memory with others, and what is handed over is gone here.
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** @param {number} pid @param {number} niceness */
function beNice(pid, niceness) {
  try {
    setPriority(pid, niceness);
    // Where Linux groups processes by their sessions, that counts within the session only: it has one of its own, which is to yield too.
    if (platform === 'linux') writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // it has ended already, or there are no such groups
  }
}
