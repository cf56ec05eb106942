// @ts-check
/**
 * What the bridge does in a sandbox before its agent's first model call: it tries what must not work there, has the
 * door judge a `git commit`, and tells the door what came of it. It runs inside, by itself, outside of any package:
 * hence plain JavaScript without imports.
 *
 * @typedef {{ what: string, way: 'open' | 'make' | 'read', path: string }} FileProbe
 * @typedef {{ what: string, way: 'connect', port?: number, path?: string, greeting: string }} ReachProbe
 * @typedef {{ word: string, cwd: string, probes: (FileProbe | ReachProbe)[] }} Orders
 * @typedef {{ what: string, refused: boolean, detail: string }} Tried
 */
const fs = process.getBuiltinModule('node:fs');
const net = process.getBuiltinModule('node:net');

/** A loopback connection is taken or refused at once; one that hangs is not taken. */
const patienceMs = 2000;

/**
 * Carries `orders` out and reports through the door. Never rejects: a canary that cannot report has failed.
 * @param {Orders} orders
 * @param {number} port of the door
 */
export async function sing(orders, port) {
  const began = performance.now();
  try {
    const commit = post(port, '/hook', {
      hook_event_name: 'PreToolUse',
      tool_name: 'Bash',
      tool_input: { command: 'git commit -m canary' },
      tool_use_id: orders.word,
      cwd: orders.cwd,
    });
    const tried = await Promise.all(orders.probes.map((probe) => carryOut(probe)));
    tried.push(judged(await commit));
    const ms = Math.round((performance.now() - began) * 10) / 10;
    await post(port, '/canary', { word: orders.word, tried, ms });
  } catch (error) {
    process.stderr.write(`dayshift: the canary could not report: ${String(error)}\n`);
  }
}

/**
 * @param {FileProbe | ReachProbe} probe
 * @returns {Promise<Tried> | Tried}
 */
function carryOut(probe) {
  if (probe.way === 'connect') return reach(probe);
  const refusal = tryFile(probe);
  const { what } = probe;
  return refusal === undefined
    ? { what, refused: false, detail: 'it worked' }
    : { what, refused: true, detail: refusal };
}

/**
 * The error's code, or undefined where it worked. Nothing is changed: a file is opened and closed, a new one goes again.
 * @param {FileProbe} probe
 */
function tryFile({ way, path }) {
  const { O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
  const flags = { open: O_RDWR, make: O_WRONLY | O_CREAT | O_EXCL, read: O_RDONLY }[way];
  try {
    fs.closeSync(fs.openSync(path, flags));
  } catch (error) {
    return codeOf(error);
  }
  if (way === 'make') fs.rmSync(path, { force: true });
  return undefined;
}

/**
 * Open only where the host's own greeting comes back: another program inside may listen on the same number.
 * @param {ReachProbe} probe
 * @returns {Promise<Tried>}
 */
function reach({ what, port, path, greeting }) {
  return new Promise((resolve) => {
    let heard = '';
    const socket = path === undefined ? net.connect(port ?? 0, '127.0.0.1') : net.connect(path);
    /** @param {string} detail */
    const end = (detail) => {
      socket.destroy();
      const refused = !heard.includes(greeting);
      resolve({ what, refused, detail: refused ? detail : 'the host answered' });
    };
    socket.setTimeout(patienceMs, () => end('no answer'));
    socket.setEncoding('utf8').on('data', (text) => {
      heard += text;
      if (heard.includes(greeting)) end('');
    });
    socket.on('error', (error) => end(codeOf(error)));
    socket.on('close', () => end('closed'));
  });
}

/**
 * @param {string} answer
 * @returns {Tried}
 */
function judged(answer) {
  const decision = /"permissionDecision":"(\w+)"/.exec(answer)?.[1];
  return { what: 'git commit through the door', refused: decision === 'deny', detail: decision ?? 'no decision' };
}

/**
 * A request and its whole answer, head included, by hand: Node's own client would cost more to load than all the rest here.
 * @param {number} port
 * @param {string} path
 * @param {object} body
 * @returns {Promise<string>}
 */
function post(port, path, body) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const { DAYSHIFT_DOOR_TOKEN: token } = process.env;
    const head = ['POST ' + path + ' HTTP/1.1', 'host: door', 'connection: close', 'content-type: application/json'];
    if (token !== undefined) head.push('x-dayshift-token: ' + token);
    const socket = net.connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (part) => (answer += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(`${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  });
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
