import { literal, python } from './python.ts';
import type { Arena, Attack, Target } from './types.ts';

const made = (id: string, layer: Attack['layer'], tries: string, body: (arena: Arena) => string): Attack => ({
  id: `reach/${id}`,
  layer,
  tries,
  by: 'python3',
  program: (arena) => python(`${helpers}greeting = ${literal(arena.greeting)}\n${body(arena)}`),
});

/** `reach` raises unless somebody takes the connection, and says `greeting` where that is known; `any_answer` takes anybody. */
const helpers = `
def hear(sock, address, greeting):
    with sock:
        sock.settimeout(2)
        sock.connect(address)
        if greeting is None: return
        # It was taken: who is to say the words may have much else to do.
        sock.settimeout(20)
        if greeting.encode() not in sock.recv(200): raise OSError(errno.ENOMSG, 'somebody else')
def reach(kind, address, greeting=None):
    family = socket.AF_UNIX if kind == 'socket' else socket.AF_INET6 if ':' in address[0] else socket.AF_INET
    hear(socket.socket(family), address, greeting)
`;

const ofKind = (arena: Arena, kind: Target['kind']) => arena.targets.filter((target) => target.kind === kind);

/** Sockets of services where they lie on most machines. Where one is missing outside, its stand-in is a target of its own. */
const wellKnown = {
  postgres: ['/var/run/postgresql/.s.PGSQL.5432', '/run/postgresql/.s.PGSQL.5432', '/tmp/.s.PGSQL.5432'],
  databases: [
    '/run/mysqld/mysqld.sock',
    '/tmp/mysql.sock',
    '/run/redis/redis.sock',
    '/tmp/mongodb-27017.sock',
    '/run/memcached.sock',
  ],
  docker: [
    '/run/docker.sock',
    '/var/run/docker.sock',
    '/run/podman/podman.sock',
    '/run/containerd/containerd.sock',
    '/run/crio/crio.sock',
    '/run/libvirt/libvirt-sock',
    '/var/lib/incus/unix.socket',
    '/run/snapd.socket',
  ],
  dbus: [
    '/run/dbus/system_bus_socket',
    '/var/run/dbus/system_bus_socket',
    '/run/systemd/private',
    '/run/systemd/journal/socket',
    '/run/systemd/notify',
    '/run/user/%d/bus',
    '/run/user/%d/systemd/private',
  ],
  agents: [
    '/run/user/%d/keyring/ssh',
    '/run/user/%d/keyring/control',
    '/run/user/%d/gnupg/S.gpg-agent',
    '/run/user/%d/openssh_agent',
    '/run/user/%d/wayland-0',
    '/run/user/%d/pulse/native',
    '/tmp/.X11-unix/X0',
  ],
} as const;

function sockets(arena: Arena, names: readonly string[], paths: readonly string[]): string {
  const own = ofKind(arena, 'socket').filter(({ name }) => names.includes(name));
  return `
for path in ${literal(own.map(({ path = '' }) => path))}:
    attempt(path, lambda: reach('socket', path, greeting))
    for pid in pids(): attempt('/proc/%s/root%s' % (pid, path), lambda: reach('socket', '/proc/%s/root%s' % (pid, path), greeting))
for path in ${literal([...paths])}:
    path = path.replace('%d', str(os.getuid()))
    attempt(path, lambda: reach('socket', path))
    for target in glob.glob(os.path.dirname(path) + '/*'):
        if is_socket(target): attempt(target, lambda: reach('socket', target))`;
}

/** Every way to something of the host that listens. */
export const reachAttacks: Attack[] = [
  made(
    'ports',
    'namespaces',
    'the ports of the host, by loopback and by each of its addresses',
    (arena) => `
for host, port in json.loads(${literal(JSON.stringify(ofKind(arena, 'port').map(({ host, port }) => [host, port])))}):
    attempt('%s port %d' % (host, port), lambda: reach('port', (host, port), greeting))`,
  ),
  made(
    'udp',
    'namespaces',
    'a UDP port of the host',
    (arena) => `
for host, port in json.loads(${literal(JSON.stringify(ofKind(arena, 'udp').map(({ host, port }) => [host, port])))}):
    def ask():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            # Where nobody listens that is said at once.
            sock.settimeout(20)
            sock.connect((host, port)); sock.send(b'hello')
            if greeting.encode() not in sock.recv(200): raise OSError('somebody else')
    attempt('%s port %d' % (host, port), ask)`,
  ),
  made(
    'abstract',
    'namespaces',
    'abstract sockets of the host',
    (arena) => `
for path in ${literal(ofKind(arena, 'abstract').map(({ path = '' }) => path))}:
    attempt(path, lambda: reach('socket', '\\0' + path, greeting))
for path in ('/tmp/.X11-unix/X0', '/tmp/dbus-', '/containerd-shim', 'ISCSIADM_ABSTRACT_NAMESPACE'):
    attempt(path, lambda: reach('socket', '\\0' + path))
others = [line.split()[-1] for line in text('/proc/net/unix').splitlines()[1:] if '@' in line]
shut('the list of abstract sockets names some: ' + ', '.join(others), bool(others))`,
  ),
  made(
    'postgres',
    'mounts',
    'PostgreSQL by its socket and by its port',
    (arena) => `${sockets(arena, ['postgres'], wellKnown.postgres)}
place = ${literal(arena.postgres === undefined ? [] : [arena.postgres.folder, arena.postgres.port])}
if place:
    folder, port = place
    attempt('the socket in ' + folder, lambda: reach('socket', '%s/.s.PGSQL.%d' % (folder, port)))
    for host in ('127.0.0.1', '::1', 'localhost', folder):
        try: code = subprocess.run(['psql', '-h', host, '-p', str(port), '-U', 'postgres', '-d', 'postgres', '-Atc', 'select 1'],
            env=dict(os.environ, PGCONNECT_TIMEOUT='3'), stdin=subprocess.DEVNULL, capture_output=True, timeout=20).returncode
        except FileNotFoundError: code = 127
        shut('psql -h ' + host, code == 0)
for port in (5432, 3306, 6379, 27017, 1433, 9200, 11211):
    for host in ('127.0.0.1', '::1'): attempt('%s port %d' % (host, port), lambda: reach('port', (host, port)))`,
  ),
  made('databases', 'mounts', 'sockets of other databases', (arena) => sockets(arena, ['mysql'], wellKnown.databases)),
  made('docker', 'mounts', 'the socket of Docker and of others that start programs on the host', (arena) =>
    sockets(arena, ['docker'], wellKnown.docker),
  ),
  made(
    'ssh-agent',
    'mounts',
    'the agents that hold keys: ssh, gpg, keyrings; the screen',
    (arena) => `
for name in ('SSH_AUTH_SOCK', 'GPG_AGENT_INFO', 'DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'WAYLAND_DISPLAY', 'DOCKER_HOST'):
    shut(name + ' is set', name in os.environ)${sockets(arena, ['ssh-agent'], wellKnown.agents)}`,
  ),
  made('dbus', 'mounts', 'the buses of the system and of the session, systemd', (arena) =>
    sockets(arena, ['dbus'], wellKnown.dbus),
  ),
  made(
    'other-door',
    'mounts',
    'the door of another task, and Dayshift’s own sockets',
    (arena) => `${sockets(arena, ['other door', 'control'], [])}
door = ${literal(arena.doorSocket)}
here = os.listdir(os.path.dirname(door))
shut('sockets beside the own door: ' + ', '.join(here), any(stat.S_ISSOCK(os.lstat(os.path.dirname(door) + '/' + n).st_mode) for n in here if n != os.path.basename(door)))`,
  ),
  made(
    'own-door',
    'mounts',
    'the own door’s socket removed, replaced, or opened to others',
    (arena) => `
door = ${literal(arena.doorSocket)}
reach('socket', door)
attempt('remove', lambda: os.unlink(door))
attempt('rename', lambda: os.rename(door, door + '.gone'))
attempt('mode', lambda: os.chmod(door, 0o777))
attempt('another beside it', lambda: makes(door + '.new'))
attempt('remove the folder', lambda: os.rename(os.path.dirname(door), '/run/gone'))
for name in ('node', 'bridge.mjs', 'canary.mjs', 'sealed'):
    path = os.path.dirname(door) + '/' + name
    if os.path.exists(path):
        attempt('write ' + name, lambda: for_writing(path) if not os.path.isdir(path) else makes(path + '/new'))
        attempt('rename ' + name, lambda: os.rename(path, path + '.gone'))`,
  ),
  made(
    'other-sockets',
    'system calls',
    'sockets to a hypervisor, raw packets, the kernel’s ciphers, Bluetooth …',
    () => `
for name, family in dict(vsock=40, packet=17, alg=38, bluetooth=31, tipc=30, rds=21, key=15, can=29, nfc=39, xdp=44, smc=43, qipcrtr=42, kcm=41, ax25=3, ib=27).items():
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        attempt('%s %d' % (name, kind), lambda: socket.socket(family, kind).close())
attempt('raw IP', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close())
attempt('raw IPv6', lambda: socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58).close())`,
  ),
  made(
    'network',
    'namespaces',
    'names resolved, hosts on the Internet, interfaces made',
    () => `
names = sorted(os.listdir('/proc/self/net')) and [line.split(':')[0].strip() for line in text('/proc/net/dev').splitlines()[2:]]
shut('interfaces: ' + ', '.join(names), names != ['lo'])
attempt('a name', lambda: socket.getaddrinfo('example.com', 443))
for address in (('192.0.2.1', 443), ('169.254.169.254', 80), ('10.0.0.1', 22), ('2001:db8::1', 443), ('fe80::1', 22)):
    attempt(address[0], lambda: reach('port', address))
def make_interface():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as sock:
        # RTM_NEWLINK | NLM_F_REQUEST, ACK, CREATE: a dummy interface
        info = struct.pack('HH', 9, 1) + b'dummy\\0\\0\\0'
        body = struct.pack('BxHiII', 0, 0, 0, 0, 0) + struct.pack('HH', 4 + len(info), 18) + info
        sock.send(struct.pack('IHHII', 16 + len(body), 16, 0x605, 1, 0) + body)
        code = struct.unpack('i', sock.recv(4096)[16:20])[0]
        if code != 0: raise OSError(-code, 'netlink')
attempt('an interface', make_interface)`,
  ),
];
