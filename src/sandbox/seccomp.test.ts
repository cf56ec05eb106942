import { expect, test } from 'vitest';
import { callFilter } from './seccomp.ts';

/** What the kernel would do with a call: the four kinds of instructions that filters of ours have. */
function verdict(filter: Uint8Array, call: { arch: number; number: number; first?: number }): string {
  const program = Buffer.from(filter);
  const data = new Map([
    [0, call.number],
    [4, call.arch],
    [16, call.first ?? 0],
  ]);
  let word = 0;
  for (let index = 0; index * 8 < program.length; index += 1) {
    const code = program.readUInt16LE(index * 8);
    const [jt, jf] = [program.readUInt8(index * 8 + 2), program.readUInt8(index * 8 + 3)];
    const k = program.readUInt32LE(index * 8 + 4);
    if (code === 0x06) return k === 0x7fff0000 ? 'allowed' : `errno ${k & 0xffff}`;
    if (code === 0x20) word = data.get(k)!;
    else index += (code === 0x15 ? word === k : word >= k) ? jt : jf;
  }
  throw new Error('the filter has no end');
}

const x64 = 0xc000003e;
const arm64 = 0xc00000b7;

test.each([
  [
    'x64',
    x64,
    { keyctl: 250, io_uring_setup: 425, mount: 165, bpf: 321, setns: 308, _sysctl: 156 },
    { read: 0, openat: 257, ptrace: 101, clone3: 435, unshare: 272, sendto: 44 },
    41,
  ],
  [
    'arm64',
    arm64,
    { keyctl: 219, io_uring_setup: 425, mount: 40, bpf: 280, setns: 268, nfsservctl: 42 },
    { read: 63, openat: 56, ptrace: 117, clone3: 435, unshare: 97, sendto: 206 },
    198,
  ],
] as const)(
  '%s: calls that lead out are refused, those that programs live by are not',
  (cpu, arch, refused, allowed, socket) => {
    const filter = callFilter(cpu)!;
    for (const number of Object.values(refused)) expect(verdict(filter, { arch, number })).toBe('errno 1');
    for (const number of Object.values(allowed)) expect(verdict(filter, { arch, number })).toBe('allowed');
    const families = Array.from({ length: 50 }, (_, first) => verdict(filter, { arch, number: socket, first }));
    expect(families.flatMap((said, family) => (said === 'allowed' ? [family] : []))).toEqual([1, 2, 10, 16]);
    expect(new Set(families)).toEqual(new Set(['allowed', 'errno 97']));
  },
);

test('calls in another convention are refused, whatever their number', () => {
  const filter = callFilter('x64')!;
  for (const number of [0, 250, 288]) {
    expect(verdict(filter, { arch: 0x40000003, number })).toBe('errno 38'); // 32 bit
    expect(verdict(filter, { arch: x64, number: 0x40000000 + number })).toBe('errno 38'); // x32
    expect(verdict(filter, { arch: arm64, number })).toBe('errno 38');
  }
});

test('for an architecture that nobody wrote one for there is none', () => {
  expect(callFilter('riscv64')).toBeUndefined();
});
