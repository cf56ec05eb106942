import { once } from 'node:events';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { manualClock } from '../base/index.ts';
import { pickDoorway, withDoor } from './door.ts';
import { noSandbox } from './none.ts';
import { startProcess } from './start.ts';
import { folder, policy, realBubblewrap, until } from './testing.ts';
import type { Sandbox, StartOptions } from './types.ts';

vi.setConfig({ testTimeout: 60_000 });

const kinds: [string, Sandbox | undefined][] = [
  ['bubblewrap', await realBubblewrap()],
  ['none', noSandbox()],
];

describe.each(kinds)('%s', (_, given) => {
  const here = test.skipIf(given === undefined);
  const sandbox = given!;

  /** A door that does `serve` with each connection, and a process that runs `command` behind it. */
  async function behindDoor(
    command: [string, ...string[]],
    serve: (socket: Socket) => void,
    { handOver, env = {} }: { handOver?: StartOptions['onListener']; env?: Record<string, string> } = {},
  ) {
    const socket = join(folder('door'), 'door.sock');
    const open = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (connection) => {
      open.add(connection.on('error', () => undefined));
      serve(connection);
    });
    await once(server.listen(socket), 'listening');
    const close = () => {
      server.close();
      for (const connection of open) connection.destroy();
      rmSync(socket, { force: true });
    };
    onTestFinished(close);
    const doorway = await pickDoorway(sandbox.kind);
    const door = withDoor(policy({ env: { PORT: String(doorway.port), ...env } }), command, {
      socket,
      kind: sandbox.kind,
      ...doorway,
    });
    const options = handOver === undefined ? {} : { onListener: handOver };
    const started = startProcess(sandbox, door.policy, door.command, options);
    onTestFinished(() => void started.kill());
    return { started, server: server, close, open };
  }

  const python = (program: string): [string, ...string[]] => [
    '/usr/bin/python3',
    '-u',
    '-c',
    `import socket, os, threading, sys
def connect(): return socket.create_connection(('127.0.0.1', int(os.environ['PORT'])), 20)
def everything(s):
    data = b''
    while part := s.recv(65536): data += part
    return data
${program}`,
  ];
  const textOf = async (stream: Readable) => (await buffer(stream)).toString();

  here('a request goes out by the socket and its answer comes back', async () => {
    const { started } = await behindDoor(python(`s = connect(); s.sendall(b'ping'); print(s.recv(99))`), (socket) => {
      socket.once('data', (data) => socket.end(`pong ${data.toString()}`));
    });
    expect(await textOf(started.stdout)).toBe("b'pong ping'\n");
    expect((await started.exited).exitCode).toBe(0);
  });

  here('a door that takes over the listening socket is reached without a process between', async () => {
    const program = `s = connect(); s.sendall(b'ping'); print(s.recv(99), [n for n in os.environ if 'CHANNEL' in n], sorted(map(int, os.listdir('/proc/self/fd')))[:-2])`;
    const peers: string[] = [];
    const handOver = (listener: Server) => {
      onTestFinished(() => void listener.close());
      listener.on('connection', (socket) => {
        peers.push(`${socket.remoteAddress}`);
        socket.once('data', (data) => socket.end(`pong ${data.toString()}`));
      });
    };
    const { started, open } = await behindDoor(python(program), (socket) => socket.destroy(), { handOver });
    expect(await textOf(started.stdout)).toBe("b'pong ping' [] [0, 1, 2]\n");
    expect((await started.exited).exitCode).toBe(0);
    expect(peers).toEqual(['127.0.0.1']);
    // Nothing came by the other way.
    expect([...open]).toEqual([]);
  });

  here('where nobody takes the socket the command does not begin', async () => {
    const handOver = (listener: Server) => {
      listener.close();
      throw new Error('the door is gone');
    };
    const { started } = await behindDoor(python(`print('begun')`), (socket) => socket.destroy(), { handOver });
    expect(await textOf(started.stdout)).toBe('');
    expect((await started.exited).exitCode).toBe(98);
  });

  here('code that a project’s environment has loaded is loaded by the command, and by nothing before it', async () => {
    const dir = folder('loaded');
    writeFileSync(join(dir, 'setup.cjs'), `process.stdout.write('loaded by ' + process.argv[1] + '\\n');`);
    writeFileSync(join(dir, 'main.cjs'), `process.stdout.write(String(process.env.DAYSHIFT_ENV) + '\\n');`);
    const socket = join(folder('door'), 'door.sock');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const doorway = await pickDoorway(sandbox.kind);
    const node = realpathSync(process.execPath);
    const env = { NODE_OPTIONS: `--require "${join(dir, 'setup.cjs')}"`, DAYSHIFT_ENV: 'a project’s own' };
    const inside = policy({ cwd: dir, writable: [dir], readable: [node], env });
    const door = withDoor(inside, [node, 'main.cjs'], { socket, kind: sandbox.kind, ...doorway });
    const started = startProcess(sandbox, door.policy, door.command);
    const text = await textOf(started.stdout);
    expect(text).toBe(`loaded by ${join(dir, 'main.cjs')}\na project’s own\n`);
  });

  here('fifty connections at once get each their own bytes, also large ones', async () => {
    const program = `
bad = []
def one(n):
    s = connect(); data = bytes([n]) * 300000
    threading.Thread(target=lambda: (s.sendall(data), s.shutdown(socket.SHUT_WR))).start()
    if everything(s) != data: bad.append(n)
threads = [threading.Thread(target=one, args=(n,)) for n in range(50)]
[t.start() for t in threads]; [t.join() for t in threads]
print('bad', bad)`;
    const { started } = await behindDoor(python(program), (socket) => socket.pipe(socket));
    expect(await textOf(started.stdout)).toBe('bad []\n');
  });

  here('a side that finished sending still receives', async () => {
    const program = `s = connect(); s.sendall(b'all'); s.shutdown(socket.SHUT_WR); print(everything(s))`;
    const { started } = await behindDoor(python(program), (socket) => {
      let got = '';
      socket.on('data', (data) => (got += data.toString()));
      socket.once('end', () => socket.end(`after the end of ${got}`));
    });
    expect(await textOf(started.stdout)).toBe("b'after the end of all'\n");
  });

  here('when the daemon’s side is gone, connections break at once', async () => {
    const program = `
s = connect(); s.sendall(b'x'); s.recv(1); print('connected'); sys.stdin.readline()
def broken(f):
    try: return f() == b''
    except OSError: return True
print(broken(lambda: everything(s)), broken(lambda: everything(connect())))`;
    const { started, close, open } = await behindDoor(python(program), (socket) => void socket.write('y'));
    let text = '';
    started.stdout.on('data', (data: Buffer) => (text += data.toString()));
    await until(() => text === 'connected\n' && open.size === 1);
    close();
    started.stdin.end('\n');
    await started.exited;
    await until(() => text.split('\n').length === 3);
    expect(text).toBe('connected\nTrue True\n');
  });

  here('a client that breaks off is seen at the daemon’s side', async () => {
    let closed = false;
    const program = `
import struct
s = connect(); s.sendall(b'x'); s.recv(1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); s.close()
sys.stdin.readline()`;
    const { started } = await behindDoor(python(program), (socket) => {
      socket.on('data', () => void socket.write('y'));
      socket.once('close', () => (closed = true));
      socket.once('end', () => socket.end());
    });
    await until(() => closed);
    started.stdin.end('\n');
    expect((await started.exited).exitCode).toBe(0);
  });

  here('the command’s exit code, outputs and input are passed on', async () => {
    const { started } = await behindDoor(
      ['/bin/bash', '--norc', '-c', 'read -r x; echo $x; echo e >&2; exit 42'],
      () => undefined,
    );
    started.stdin.end('in\n');
    expect(await Promise.all([textOf(started.stdout), textOf(started.stderr)])).toEqual(['in\n', 'e\n']);
    expect((await started.exited).exitCode).toBe(42);
  });

  here('a command that is not there ends with 127 and says so', async () => {
    const { started } = await behindDoor(['/no/such'], () => undefined);
    expect(await textOf(started.stderr)).toMatch(/\/no\/such could not be started/);
    expect((await started.exited).exitCode).toBe(127);
  });
});

test('a port that another program took ends the start with code 97', async () => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const door = withDoor(policy(), ['/bin/true'], { socket: '/nowhere', kind: 'none', port, token: 'any' });
  const started = startProcess(noSandbox(), door.policy, door.command);
  expect((await started.exited).exitCode).toBe(97);
});

test('a port that others reach too has no door without a token, and none on a command line', async () => {
  const door = { socket: '/nowhere', kind: 'none' as const, port: 1 };
  expect(() => withDoor(policy(), ['/bin/true'], door)).toThrow('needs a token');
  const { token } = await pickDoorway('none');
  const behind = withDoor(policy({ env: { DAYSHIFT_DOOR_TOKEN: 'a project’s own' } }), ['/bin/true'], {
    ...door,
    token,
  });
  expect(behind.command.join(' ')).not.toContain(token);
  expect(behind.policy.env.DAYSHIFT_DOOR_TOKEN).toBe(token);
});

test('a socket that never comes has a deadline: the start is ended, and what to do is said', async () => {
  const clock = manualClock();
  const told: string[] = [];
  const taken: Server[] = [];
  // It never speaks on its channel, as a bridge that hangs.
  const started = startProcess(noSandbox(), policy(), ['/bin/sleep', '1000'], {
    clock,
    onListener: (listener) => void taken.push(listener),
    onNoListener: ({ message, hint }) => void told.push(message, hint ?? ''),
  });
  onTestFinished(() => void started.kill());
  clock.advance(19_999);
  expect(told).toEqual([]);
  clock.advance(1);
  expect((await started.exited).signal).toBe('SIGKILL');
  expect(told).toEqual([expect.stringContaining('within 20 s'), expect.stringContaining('dayshift doctor')]);
  expect(taken).toEqual([]);
});
