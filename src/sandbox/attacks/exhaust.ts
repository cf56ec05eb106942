import type { SandboxLimits } from '../types.ts';
import { literal, python } from './python.ts';
import type { Arena, Attack } from './types.ts';

/** Each under limits of its own, so small that no harm is done where one is not kept. */
const made = (
  id: string,
  tries: string,
  limits: Partial<SandboxLimits>,
  body: string | ((arena: Arena) => string),
): Attack => ({
  id: `exhaust/${id}`,
  layer: 'limits',
  tries,
  by: 'python3',
  limits,
  program: (arena) => python(typeof body === 'string' ? body : body(arena)),
});

/** To use up what the machine has for all. */
export const exhaustAttacks: Attack[] = [
  made(
    'processes',
    'two hundred processes, and threads, where fifty are allowed',
    { processes: 50 },
    `
import threading
def processes():
    made = []
    try:
        for n in range(200):
            pid = os.fork()
            if pid == 0: time.sleep(60); os._exit(0)
            made.append(pid)
    finally:
        for pid in made: os.kill(pid, 9); os.waitpid(pid, 0)
def threads():
    done = threading.Event()
    try:
        for n in range(200): threading.Thread(target=done.wait, daemon=True).start()
    except RuntimeError: raise OSError('no more')
    finally: done.set()
attempt('processes', processes)
attempt('threads', threads)`,
  ),
  made(
    'memory',
    'four times the memory that is allowed, by one process and by several',
    { memoryMb: 300 },
    `
def take(count, mb):
    made = [subprocess.Popen([sys.executable, '-c', 'import time; b = b"x" * (%d << 20); print(1, flush=True); time.sleep(60)' % mb],
        stdout=subprocess.PIPE) for n in range(count)]
    had = [one.stdout.read(1) for one in made]
    time.sleep(2)
    alive = [one for one in made if one.poll() is None]
    for one in made: one.kill(); one.wait()
    if len(alive) < count: raise OSError('not had')
attempt('by one', lambda: take(1, 1200))
attempt('by twelve', lambda: take(12, 100))`,
  ),
  made(
    'scratch',
    'more than may lie in /tmp, HOME, /dev/shm, /run and other folders in memory',
    { tmpMb: 20 },
    `
def fill(folder, mb):
    path = os.path.join(folder, 'dayshift-fill')
    try:
        with open(path, 'wb', buffering=0) as file:
            for n in range(mb):
                if file.write(b'x' * (1 << 20)) < 1 << 20: raise OSError('full')
    finally:
        if os.path.exists(path): os.unlink(path)
for folder in ('/tmp', os.environ['HOME'], '/home', '/var/tmp', '/', '/etc'): attempt(folder, lambda: fill(folder, 40))
for folder in ('/dev/shm', '/dev', '/run', '/run/dayshift'): attempt(folder, lambda: fill(folder, 400))`,
  ),
  made(
    'file',
    'a file larger than any may be: written, by a hole at its end, allocated',
    { fileMb: 8 },
    ({ checkout }) => `
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
os.chdir(${literal(checkout)})
def written():
    with open('big', 'wb', buffering=0) as file:
        for n in range(16):
            if file.write(b'x' * (1 << 20)) < 1 << 20: raise OSError('full')
def hole():
    with open('hole', 'wb') as file: file.truncate(1 << 40)
def allocated():
    with open('allocated', 'wb') as file: os.posix_fallocate(file.fileno(), 0, 16 << 20)
attempt('written', written)
attempt('a hole', hole)
attempt('allocated', allocated)`,
  ),
  made(
    'disk',
    'many files, together more than may lie in the checkout',
    { diskMb: 50 },
    ({ checkout }) => `
os.chdir(${literal(checkout)})
for n in range(75):
    with open('part-%d' % n, 'wb') as file: file.write(b'x' * (4 << 20))
time.sleep(6)
shut('300 MB', True)`,
  ),
  made(
    'open-files',
    'four thousand open files where a thousand are allowed, and the limit raised',
    { openFiles: 1024 },
    `
import resource
def many():
    made = []
    try:
        for n in range(4000): made.append(os.open('/dev/null', os.O_RDONLY))
    finally:
        for fd in made: os.close(fd)
def raised(which, value):
    try: resource.setrlimit(which, (value, value))
    except ValueError: raise OSError('refused')
attempt("opened", many)
attempt('raised', lambda: raised(resource.RLIMIT_NOFILE, 4000))
attempt('core dumps', lambda: raised(resource.RLIMIT_CORE, 1 << 20))`,
  ),
];
