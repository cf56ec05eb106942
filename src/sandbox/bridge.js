// @ts-check
/**
 * bridge PORT SOCKET [CANARY ORDERS] -- COMMAND…: runs COMMAND in a sandbox and makes the unix socket SOCKET reachable for
 * it as 127.0.0.1:PORT; started with a channel, it hands the listening socket over instead, for then nothing has to pass
 * through it. The module CANARY tries the sandbox meanwhile, as ORDERS say. It runs inside, by itself, outside of any package:
 * hence plain JavaScript without imports, which Node takes as a module and as a script. Exit code: the command's; 128 + n after
 * signal n; 97 where PORT is taken; 98 where nobody took the socket. What DAYSHIFT_ENV holds is for the command's environment alone.
 */
const net = process.getBuiltinModule('node:net');
const { spawn } = process.getBuiltinModule('node:child_process');
const { constants } = process.getBuiltinModule('node:os');

const parent = process.ppid;
const [port = '', socketPath = '', ...rest] = process.argv.slice(2);
const canary = rest.splice(0, rest.indexOf('--'));
const [, file = '', ...args] = rest;

const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const door = net.connect({ path: socketPath, allowHalfOpen: true });
  client.pipe(door);
  door.pipe(client);
  // One side broken: the other cannot know unless it is cut too.
  client.on('error', () => door.destroy());
  door.on('error', () => client.resetAndDestroy());
  client.on('close', () => door.destroy());
});

server.on('error', (error) => {
  process.stderr.write(`dayshift: the door's port ${port} cannot be opened: ${error.message}\n`);
  process.exit(97);
});

server.listen(Number(port), '127.0.0.1', () => {
  if (canary.length > 0) sing(canary);
  if (process.send === undefined) begin();
  else handOver();
});

/** Whoever started us serves the port from the moment on that they say so. What came before is still passed on. */
function handOver() {
  let served = false;
  process.send?.('listening', server);
  process.once('message', () => (served = true));
  // The channel is closed before anything of the agent's begins. Closed without a word: they are gone.
  process.once('disconnect', () => {
    if (!served) process.exit(98);
    server.close();
    begin();
  });
}

function begin() {
  const { DAYSHIFT_ENV = '{}', ...env } = process.env;
  const child = spawn(file, args, { stdio: 'inherit', env: { ...env, ...JSON.parse(DAYSHIFT_ENV) } });
  child.on('error', (error) => {
    process.stderr.write(`dayshift: ${file} could not be started: ${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  endWithDaemon(child);
}

/** @param {string[]} canary */
function sing([module = '', orders = '']) {
  import(module).then(
    (loaded) => loaded.sing(JSON.parse(orders), Number(port)),
    (error) => process.stderr.write(`dayshift: the canary is not there: ${String(error)}\n`),
  );
}

/**
 * In bubblewrap the kernel ends everything with the daemon. Elsewhere an orphaned bridge ends its process group, for a
 * command that lost its door cannot go on.
 * @param {import('node:child_process').ChildProcess} child
 */
function endWithDaemon(child) {
  setInterval(() => {
    if (process.ppid === parent) return;
    child.kill('SIGKILL');
    process.kill(-process.pid, 'SIGKILL');
  }, 1000).unref();
}
