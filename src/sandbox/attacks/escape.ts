import { literal, python } from './python.ts';
import type { Arena, Attack } from './types.ts';

const made = (id: string, layer: Attack['layer'], tries: string, body: (arena: Arena) => string): Attack => ({
  id: `escape/${id}`,
  layer,
  tries,
  by: 'python3',
  program: (arena) => python(body(arena)),
});

/** Ways out to the host by the kernel. Each is only knocked at: nothing is written, loaded or attached to. */
export const escapeAttacks: Attack[] = [
  made(
    'proc-sys',
    'mounts',
    'every file of /proc/sys and of /proc itself opened for writing (nothing is written)',
    () => `
# Whoever may open these may watch for pressure, and no more.
harmless = ('/proc/pressure/cpu', '/proc/pressure/io', '/proc/pressure/memory', '/proc/pressure/irq')
for folder, folders, files in os.walk('/proc'):
    if folder == '/proc': folders[:] = [f for f in folders if not f.isdigit() and f not in ('self', 'thread-self')]
    for name in files:
        path = os.path.join(folder, name)
        if path not in harmless: attempt(path, lambda: for_writing(path))
for name in ('kernel/core_pattern', 'kernel/modprobe', 'kernel/hotplug', 'kernel/usermodehelper/bset', 'vm/drop_caches', 'fs/binfmt_misc/register'):
    attempt('/proc/sys/' + name, lambda: for_writing('/proc/sys/' + name))
attempt('/proc/sysrq-trigger', lambda: for_writing('/proc/sysrq-trigger'))`,
  ),
  made(
    'sysfs',
    'mounts',
    '/sys, control groups and their release agents, debugfs: mounted or found',
    () => `
for path in ('/sys', '/sys/fs/cgroup', '/sys/kernel/debug', '/sys/kernel/uevent_helper', '/sys/firmware', '/sys/class', '/sys/power/state'):
    attempt(path, lambda: os.stat(path))
os.mkdir('/tmp/at')
for kind in ('sysfs', 'proc', 'cgroup', 'cgroup2', 'debugfs', 'tracefs', 'securityfs', 'devpts', 'devtmpfs', 'mqueue', 'binder', 'binfmt_misc', 'configfs', 'fusectl', 'bpf', 'tmpfs', 'overlay', 'ext4'):
    attempt('mount ' + kind, lambda: call('mount', b'none', b'/tmp/at', kind.encode(), 0, b''))
    attempt('fsopen ' + kind, lambda: call('fsopen', kind.encode(), 0))`,
  ),
  made(
    'user-namespaces',
    'namespaces',
    'new user, mount, network and PID namespaces, by unshare, clone and tools',
    () => `
for name, flag in dict(user=0x10000000, mnt=0x20000, net=0x40000000, pid=0x20000000, uts=0x4000000, ipc=0x8000000, cgroup=0x2000000).items():
    def separate():
        pid = os.fork()
        if pid == 0:
            try: call('unshare', flag)
            except OSError: os._exit(1)
            os._exit(0)
        if os.waitpid(pid, 0)[1] != 0: raise OSError(name)
    attempt('unshare ' + name, separate)
for command in ('unshare -Ur true', 'bwrap --bind / / true', 'unshare -m true', 'newuidmap 1 0 0 1'):
    try: code = subprocess.run(command.split(), stdin=subprocess.DEVNULL, capture_output=True, timeout=10).returncode
    except (FileNotFoundError, PermissionError): code = 127
    shut(command, code == 0)`,
  ),
  made(
    'other-namespaces',
    'capabilities',
    'the namespaces of other processes entered',
    () => `
for pid in pids() + ['self']:
    try: names = os.listdir('/proc/%s/ns' % pid)
    except OSError: continue # it ended meanwhile
    for name in names:
        def enter():
            fd = os.open('/proc/%s/ns/%s' % (pid, name), os.O_RDONLY)
            try: call('setns', fd, 0)
            finally: os.close(fd)
        attempt('%s of %s' % (name, pid), enter)
try: code = subprocess.run(['nsenter', '-t', '1', '-a', 'true'], stdin=subprocess.DEVNULL, capture_output=True, timeout=10).returncode
except FileNotFoundError: code = 127
shut('nsenter', code == 0)`,
  ),
  made(
    'capabilities',
    'capabilities',
    'capabilities, and programs that would give some (set-uid, file capabilities)',
    () =>
      `
for pid in pids():
    for line in text('/proc/%s/status' % pid).splitlines():
        name, _, value = line.partition(':')
        if name.startswith('Cap'): shut('%s of %s' % (name, pid), int(value, 16) != 0)
        if name == 'NoNewPrivs': shut('new privileges for ' + pid, value.strip() != '1')
        if name == 'Seccomp' and platform.machine() in numbers_known: shut('no filter of system calls for ' + pid, value.strip() != '2')
for command in ('sudo -n true', 'pkexec true', 'su -c true nobody', 'doas -n true'):
    try: code = subprocess.run(command.split(), stdin=subprocess.DEVNULL, capture_output=True, timeout=10).returncode
    except (FileNotFoundError, PermissionError): code = 127
    shut(command, code == 0)
attempt('the owner of a file', lambda: (opens('/tmp/f', os.O_CREAT | os.O_WRONLY), os.chown('/tmp/f', os.getuid() + 1, -1)))
attempt('another user', lambda: os.setuid(os.getuid() + 1))
attempt('another group', lambda: os.setgid(os.getgid() + 1))
attempt('a higher priority', lambda: os.nice(-5))`.replace('numbers_known', "('x86_64', 'aarch64')"),
  ),
  made(
    'keyrings',
    'system calls',
    'the kernel’s keyrings: of the user, of the session, of processes',
    () => `
for ring in range(-8, 0): attempt('keyring %d' % ring, lambda: call('keyctl', 0, ring, 0))
attempt('a key asked for', lambda: call('request_key', b'user', b'dayshift-attack', 0, 0))
attempt('an own session', lambda: call('keyctl', 1, b'dayshift-attack'))
listed = ''
try: listed = text('/proc/keys')
except OSError: pass
shut('/proc/keys', bool(listed))`,
  ),
  made(
    'ptrace',
    'namespaces',
    'processes outside traced; the sandbox’s first process, should it have more rights',
    (arena) => `
host = ${literal(arena.hostPid)}
ATTACH, SEIZE = 16, 0x4206
if str(host) not in pids():
    attempt('attach', lambda: call('ptrace', ATTACH, host, 0, 0))
    attempt('seize', lambda: call('ptrace', SEIZE, host, 0, 0))
# The first process may be traced where it can do no more than whoever traces it.
mine = {name: os.readlink('/proc/self/ns/' + name) for name in os.listdir('/proc/self/ns')}
for pid in pids():
    try: theirs = {name: os.readlink('/proc/%s/ns/%s' % (pid, name)) for name in mine}
    except OSError: continue
    shut('process %s is in other namespaces, and can be looked into' % pid, theirs != mine)
for pid in pids():
    for way in ('root', 'cwd'):
        try: real = os.path.realpath('/proc/%s/%s/etc' % (pid, way))
        except OSError: continue
        shut('%s of %s shows /etc/shadow' % (way, pid), os.path.exists('/proc/%s/%s/etc/shadow' % (pid, way)))`,
  ),
  made(
    'programs',
    'mounts',
    'programs of the host opened for writing, also those that run (/proc/*/exe)',
    () => `
for path in ['/bin/bash', '/usr/bin/git', '/usr/bin/env', '/etc/passwd', '/etc/ld.so.cache', '/usr/lib', '/usr/local/bin', '/etc', '/', '/dev', '/run/dayshift']:
    if os.path.isdir(path): attempt(path, lambda: makes(path + '/dayshift-attack'))
    elif os.path.exists(path): attempt(path, lambda: for_writing(path))
for pid in pids():
    exe = '/proc/%s/exe' % pid
    attempt(exe, lambda: for_writing(exe))
    try: fd = os.open(exe, os.O_PATH)
    except OSError: continue
    attempt(exe + ' by a descriptor', lambda: for_writing('/proc/self/fd/%d' % fd))
    os.close(fd)`,
  ),
  made(
    'kernel-calls',
    'system calls',
    'modules, BPF, performance counters, io_uring, userfaultfd, file handles',
    () => `
attempt('bpf', lambda: call('bpf', 0, ctypes.create_string_buffer(struct.pack('IIII', 2, 4, 4, 1), 64), 64))
attempt('perf', lambda: call('perf_event_open', ctypes.create_string_buffer(struct.pack('IIQ', 1, 112, 0), 112), 0, -1, -1, 0))
attempt('io_uring', lambda: call('io_uring_setup', 4, ctypes.create_string_buffer(120)))
attempt('userfaultfd', lambda: call('userfaultfd', 1))
attempt('a module', lambda: call('init_module', ctypes.create_string_buffer(8), 8, b''))
handle = ctypes.create_string_buffer(struct.pack('Ii', 8, 1) + struct.pack('II', 2, 0), 32)
for place in ('/', '/usr', '/tmp'):
    fd = os.open(place, os.O_RDONLY)
    attempt('a file handle on ' + place, lambda: call('open_by_handle_at', fd, handle, os.O_RDONLY))
    os.close(fd)`,
  ),
  made(
    'terminal',
    'namespaces',
    'the terminal that Dayshift was started from',
    () => `
attempt('/dev/tty', lambda: opens('/dev/tty', os.O_RDWR))
import fcntl
for fd in (0, 1, 2):
    shut('descriptor %d is a terminal' % fd, os.isatty(fd))
    attempt('a character put into it', lambda: fcntl.ioctl(fd, 0x5412, b'\\0'))
shut('the session is another’s', os.getsid(0) == 0)`,
  ),
  made(
    'settings',
    'mounts',
    'the CLI’s settings, the managed ones, the instructions of the next start',
    (arena) => `
attempt('managed settings', lambda: for_writing('/etc/claude-code/managed-settings.json'))
attempt('managed settings, new', lambda: makes('/etc/claude-code/x.json'))
root = os.path.dirname(${literal(arena.checkout)})
for name in ('own', 'own/settings.json', 'agent.log', 'agent_instructions.md', 'status.json', '../status.json'):
    attempt(name, lambda: for_writing(os.path.join(root, name)))
attempt('a new file', lambda: makes(root + '/new'))`,
  ),
];
