import { literal, python } from './python.ts';
import type { Arena, Attack } from './types.ts';

const made = (id: string, layer: Attack['layer'], tries: string, body: (arena: Arena) => string): Attack => ({
  id: `read/${id}`,
  layer,
  tries,
  by: 'python3',
  program: (arena) => python(`${secretOf(arena)}\n${body(arena)}`),
});

/** In two parts, for the program’s own text is in the command lines that it looks at. */
const secretOf = ({ secret }: Arena) => `secret = ${literal(secret.slice(0, 20))} + ${literal(secret.slice(20))}`;

const namedSecrets = (arena: Arena, names: readonly string[]) => `
for name, path in json.loads(${literal(JSON.stringify(arena.secrets.filter(({ name }) => names.includes(name)).map(({ name, path }) => [name, path])))}):
    attempt(name, lambda: text(path))
    for pid in pids(): attempt('%s by /proc/%s/root' % (name, pid), lambda: text('/proc/%s/root%s' % (pid, path)))
    attempt('the folder of ' + name, lambda: opens(path, os.O_WRONLY | os.O_APPEND))`;

/** What is not the agent's own to read. */
export const readAttacks: Attack[] = [
  made('neighbour', 'mounts', 'another task’s checkout, its out and its CLI’s folder', (arena) =>
    namedSecrets(arena, ['a neighbour’s checkout', 'a neighbour’s out', 'a neighbour’s session']),
  ),
  made(
    'dayshift',
    'mounts',
    'the journal, the config, .env of the home, the logs and settings of the own task',
    (arena) =>
      namedSecrets(arena, [
        'the journal',
        'the config',
        'the home’s .env',
        'the own log',
        'the own settings',
        'a checkpoint store',
      ]),
  ),
  made(
    'project',
    'mounts',
    'the person’s checkout, its ignored .env, tokens in .git/config',
    (arena) => `${namedSecrets(arena, ['the person’s checkout', 'the project’s .env'])}
for path in (${literal(`${arena.gitDir}/config`)}, ${literal(`${arena.gitDir}/FETCH_HEAD`)}, ${literal(`${arena.checkout}/.env`)}):
    if os.path.exists(path): shut(path, secret in text(path))
for folder, _, files in os.walk(${literal(arena.gitDir)}):
    for name in files:
        try: shut('in ' + folder + '/' + name, secret in text(os.path.join(folder, name)))
        except OSError: pass`,
  ),
  made(
    'home',
    'mounts',
    'the person’s home: keys, histories, logins; /root and other homes',
    (arena) => `${namedSecrets(arena, ['a key of the person'])}
home = ${literal(arena.home)}
for name in ('.ssh', '.gnupg', '.aws', '.config', '.claude', '.docker', '.kube', '.bash_history', '.netrc', '.git-credentials', '.npmrc', '.bashrc', '.cache', '.local'):
    attempt(name, lambda: os.stat(os.path.join(home, name)))
for place in ('/root', '/var/lib', '/var/log', '/var/mail', '/srv', '/mnt', '/media', '/boot', '/opt', '/sys', '/lost+found'):
    attempt(place, lambda: os.listdir(place))
shut('homes: ' + ', '.join(os.listdir('/home')), any(n != os.path.basename(os.environ['HOME']) for n in os.listdir('/home')))`,
  ),
  made(
    'etc',
    'mounts',
    '/etc/shadow, sudoers, host keys, machine id, credentials of services',
    () => `
for name in ('shadow', 'shadow-', 'gshadow', 'sudoers', 'sudoers.d', 'ssh', 'machine-id', 'krb5.keytab', 'environment', 'fstab', 'crontab', 'cron.d', 'NetworkManager', 'wireguard', 'openvpn', 'docker', 'kubernetes', 'systemd', 'letsencrypt', 'postgresql', 'mysql', 'hostname', 'resolv.conf', 'pam.d', 'security', 'init.d', 'profile', 'bash.bashrc'):
    attempt(name, lambda: os.stat('/etc/' + name))
for place in ('/etc/ssl/private', '/etc/pki/tls/private'):
    if os.path.isdir(place): shut(place + ' is the host’s', os.stat(place).st_mode & 0o777 != 0o555 or bool(os.listdir(place)))`,
  ),
  made(
    'processes',
    'namespaces',
    'environment, memory and command lines of the host’s processes',
    (arena) => `
shut('processes: %d' % len(pids()), len(pids()) > 12)
for pid in pids():
    for name in ('environ', 'cmdline', 'comm'):
        try: shut('/proc/%s/%s' % (pid, name), secret in text('/proc/%s/%s' % (pid, name)))
        except OSError: pass
host = ${literal(arena.hostPid)}
same = str(host) in pids()
if not same:
    attempt('its environment', lambda: text('/proc/%d/environ' % host))
    attempt('its memory', lambda: opens('/proc/%d/mem' % host, os.O_RDWR))
    attempt('a signal', lambda: os.kill(host, 0))
    attempt('its descriptor', lambda: call('pidfd_open', host, 0))
    remote = ctypes.create_string_buffer(struct.pack('QQ', 4096, 8), 16)
    attempt('process_vm_readv', lambda: call('process_vm_readv', host, remote, 1, remote, 1, 0))
shut('the environment holds the secret', secret in json.dumps(dict(os.environ)))`,
  ),
  made(
    'descriptors',
    'namespaces',
    'descriptors that were left open by who started the sandbox',
    () => `
for pid in pids():
    for fd in glob.glob('/proc/%s/fd/*' % pid):
        try: place = os.readlink(fd)
        except OSError: continue
        harmless = place.startswith(('pipe:', 'anon_inode:', 'socket:', '/dev/null', '/proc/', '/tmp/dayshift-')) or place.endswith('(deleted)')
        shut('%s leads to %s' % (fd, place), not harmless)
        attempt('below ' + fd, lambda: os.listdir(fd + '/') if not place.startswith('/proc/') else opens('/no', os.O_RDONLY))`,
  ),
  made(
    'kernel',
    'capabilities',
    'the kernel’s memory, its log, its keys; disks',
    () => `
for path in ('/proc/kcore', '/proc/kmsg', '/proc/kpagecount', '/proc/kpageflags', '/proc/vmallocinfo', '/proc/slabinfo', '/proc/timer_list', '/proc/1/pagemap', '/proc/keys', '/proc/key-users', '/proc/sched_debug'):
    if os.path.exists(path) and path != '/proc/1/pagemap': attempt(path, lambda: opens(path, os.O_RDONLY))
log = ctypes.create_string_buffer(4096)
attempt('the log of the kernel', lambda: call('syslog', 3, log, 4096))
for path in ('mem', 'kmem', 'port', 'kmsg', 'sda', 'vda', 'nvme0n1', 'dm-0', 'loop0', 'loop-control', 'mapper/control', 'fuse', 'kvm', 'net/tun', 'vhost-net', 'vhost-vsock', 'vsock', 'input/event0', 'snapshot', 'cpu/0/msr', 'hidraw0', 'dri/card0', 'snd/controlC0', 'ttyS0', 'tty0', 'console', 'watchdog', 'rfkill', 'uinput', 'ppp', 'btrfs-control', 'autofs', 'cuse', 'hpet', 'rtc0', 'nvram', 'mcelog', 'tpm0'):
    attempt('/dev/' + path, lambda: opens('/dev/' + path, os.O_RDONLY))
for name, kind, major, minor in (('disk', stat.S_IFBLK, 8, 0), ('vdisk', stat.S_IFBLK, 254, 0), ('memory', stat.S_IFCHR, 1, 1)):
    def make():
        os.mknod('/tmp/' + name, kind | 0o600, os.makedev(major, minor))
        try: opens('/tmp/' + name, os.O_RDONLY)
        finally: os.unlink('/tmp/' + name)
    attempt('a node for ' + name, make)`,
  ),
  made(
    'ipc',
    'namespaces',
    'shared memory, semaphores and message queues of the host',
    () => `
for name in ('shm', 'sem', 'msg'):
    rows = text('/proc/sysvipc/' + name).splitlines()[1:]
    shut('%d of %s' % (len(rows), name), bool(rows))
shut('/dev/shm: ' + ', '.join(os.listdir('/dev/shm')), bool(os.listdir('/dev/shm')))
shut('/dev/mqueue', os.path.isdir('/dev/mqueue') and bool(os.listdir('/dev/mqueue')))
shut('the name of the host', socket.gethostname() != 'dayshift')`,
  ),
];
