import { openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolderSync } from '../base/index.ts';

/**
 * A filter of system calls for bubblewrap (`--seccomp`): what namespaces do not hold back. The keyrings of the kernel are
 * the user's own also inside, and so are sockets to a hypervisor (AF_VSOCK); the rest needs capabilities that nobody
 * has inside, and is refused once more. What programs that are built, tested and debugged do is let through.
 */
interface Abi {
  /** AUDIT_ARCH_…; calls made in another convention (32 bit on 64) are refused, for their numbers are others. */
  arch: number;
  socket: number;
  refused: Record<string, number>;
}

/** Numbered alike on all architectures, being young. */
const young = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  mount_setattr: 442,
  quotactl_fd: 443,
};

const abis: Partial<Record<NodeJS.Architecture, Abi>> = {
  x64: {
    arch: 0xc000003e,
    socket: 41,
    refused: {
      ...young,
      ...{ add_key: 248, request_key: 249, keyctl: 250 },
      ...{ bpf: 321, perf_event_open: 298, userfaultfd: 323, syslog: 103 },
      ...{ mount: 165, umount2: 166, pivot_root: 155, chroot: 161, setns: 308, open_by_handle_at: 304 },
      ...{ kexec_load: 246, kexec_file_load: 320, init_module: 175, finit_module: 313, delete_module: 176 },
      ...{ reboot: 169, swapon: 167, swapoff: 168, acct: 163, quotactl: 179, settimeofday: 164, clock_settime: 227 },
      ...{ iopl: 172, ioperm: 173, lookup_dcookie: 212, vhangup: 153, nfsservctl: 180, uselib: 134, _sysctl: 156 },
    },
  },
  arm64: {
    arch: 0xc00000b7,
    socket: 198,
    refused: {
      ...young,
      ...{ add_key: 217, request_key: 218, keyctl: 219 },
      ...{ bpf: 280, perf_event_open: 241, userfaultfd: 282, syslog: 116 },
      ...{ mount: 40, umount2: 39, pivot_root: 41, chroot: 51, setns: 268, open_by_handle_at: 265 },
      ...{ kexec_load: 104, kexec_file_load: 294, init_module: 105, finit_module: 273, delete_module: 106 },
      ...{ reboot: 142, swapon: 224, swapoff: 225, acct: 89, quotactl: 60, settimeofday: 170, clock_settime: 112 },
      ...{ lookup_dcookie: 18, vhangup: 58, nfsservctl: 42 },
    },
  },
};

/** Unix, IPv4, IPv6, and netlink, by which programs list the interfaces. */
const families = [1, 2, 10, 16];

const load = 0x20; // BPF_LD | BPF_W | BPF_ABS
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const give = 0x06; // BPF_RET | BPF_K

/** Of struct seccomp_data: the number, the convention, the low word of the first argument. */
const at = { number: 0, arch: 4, firstArgument: 16 };

const allow = 0x7fff0000;
const fail = (errno: number) => 0x00050000 | errno;
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];
/** Numbers from here on are the x32 convention's, with the same arch. */
const x32 = 0x40000000;

/** The filter for an architecture, as the kernel takes it; undefined where none was written. */
export function callFilter(cpu: NodeJS.Architecture): Uint8Array | undefined {
  const abi = abis[cpu];
  if (abi === undefined) return undefined;
  const numbers = Object.values(abi.refused);
  const program: [code: number, jt: number, jf: number, k: number][] = [
    [load, 0, 0, at.arch],
    [jumpIfEqual, 1, 0, abi.arch],
    [give, 0, 0, fail(ENOSYS)],
    [load, 0, 0, at.number],
    [jumpIfAtLeast, 0, 1, x32],
    [give, 0, 0, fail(ENOSYS)],
    // To the first instruction behind this list, the refusal; past it where none fits.
    ...numbers.map((number, index): [number, number, number, number] => [
      jumpIfEqual,
      numbers.length - 1 - index,
      index === numbers.length - 1 ? 1 : 0,
      number,
    ]),
    [give, 0, 0, fail(EPERM)],
    [jumpIfEqual, 1, 0, abi.socket],
    [give, 0, 0, allow],
    [load, 0, 0, at.firstArgument],
    ...families.map((family, index): [number, number, number, number] => [
      jumpIfEqual,
      families.length - index,
      0,
      family,
    ]),
    [give, 0, 0, fail(EAFNOSUPPORT)],
    [give, 0, 0, allow],
  ];
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, jt, jf, k], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jt, index * 8 + 2);
    bytes.writeUInt8(jf, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  });
  return bytes;
}

/** A descriptor from which `bytes` can be read, once. The caller closes it. */
export function readableOnce(bytes: Uint8Array): number {
  const folder = scratchFolderSync('filter');
  try {
    const file = join(folder, 'filter');
    writeFileSync(file, bytes);
    return openSync(file, 'r');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
