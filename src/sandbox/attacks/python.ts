/** A value as a literal of Python. */
export function literal(value: string | number | readonly (string | number)[]): string {
  return JSON.stringify(value);
}

/**
 * A program of Python. `attempt(what, function)` is a way that must raise OSError; `give_up(why)` says that there is
 * nothing to try here; `call(name, …)` is a system call, which raises like others. What the body raises itself is
 * `BROKEN`, unless something was open before it.
 */
export function python(body: string): string {
  return `${prelude}
try:
${body
  .trim()
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
except SystemExit: raise
except BaseException as error:
    # A way that was found open is open, whatever broke after it.
    if opened: verdict()
    print('BROKEN', type(error).__name__, error, flush=True)
    os._exit(1)
verdict()
`;
}

const prelude = `
import ctypes, errno, glob, json, os, platform, signal, socket, stat, struct, subprocess, sys, time
libc = ctypes.CDLL(None, use_errno=True)
numbers = {
    'x86_64': dict(mount=165, umount2=166, pivot_root=155, chroot=161, setns=308, unshare=272, ptrace=101, keyctl=250, add_key=248,
        request_key=249, bpf=321, perf_event_open=298, userfaultfd=323, syslog=103, io_uring_setup=425, open_tree=428,
        move_mount=429, fsopen=430, fsmount=432, mount_setattr=442, renameat2=316, open_by_handle_at=304, mknodat=259,
        pidfd_open=434, pidfd_getfd=438, process_vm_readv=310, init_module=175, shmget=29),
    'aarch64': dict(mount=40, umount2=39, pivot_root=41, chroot=51, setns=268, unshare=97, ptrace=117, keyctl=219, add_key=217,
        request_key=218, bpf=280, perf_event_open=241, userfaultfd=282, syslog=116, io_uring_setup=425, open_tree=428,
        move_mount=429, fsopen=430, fsmount=432, mount_setattr=442, renameat2=276, open_by_handle_at=265, mknodat=33,
        pidfd_open=434, pidfd_getfd=438, process_vm_readv=270, init_module=105, shmget=194),
}.get(platform.machine(), {})
tries, opened = 0, []
def attempt(what, function):
    global tries
    tries += 1
    try: function()
    except OSError: return False
    opened.append(what)
    return True
def shut(what, isopen):
    global tries
    tries += 1
    if isopen: opened.append(what)
def give_up(why):
    print('LEFT OUT', why, flush=True); os._exit(0)
def verdict():
    if opened: print('OPEN', '; '.join(opened[:8]), flush=True)
    else: print('SHUT', tries, flush=True)
    os._exit(0)
def call(name, *args):
    if name not in numbers: give_up('nobody wrote down the numbers of system calls of ' + platform.machine())
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(numbers[name]), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args])
    if result == -1: raise OSError(ctypes.get_errno(), name)
    return result
def opens(path, flags):
    os.close(os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC))
def for_writing(path): opens(path, os.O_WRONLY)
def makes(path):
    opens(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    os.unlink(path)
def shared_pids():
    # Without a PID namespace what follows would be done to the processes of the machine.
    if len(pids()) > 12 or 'bwrap' not in text('/proc/1/comm'): shut('the processes of the host are there', True); verdict()
def text(path):
    with open(path, 'rb') as file: return file.read(1 << 20).decode('latin1')
def is_socket(path):
    # What lies in a shared folder comes and goes, or is a link to nowhere.
    try: return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError: return False
def pids(): return [p for p in os.listdir('/proc') if p.isdigit()]
`;
