"""Runs one command inside the sandbox and tells what it did there: a case of JSON on standard input, findings on output."""

import ctypes
import fcntl
import hashlib
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

case = json.load(sys.stdin)
libc = ctypes.CDLL(None, use_errno=True)
names = {}
reached = set()


def own_network():
    """A network of this case's own, in which every address leads here: what is tried is seen, and goes nowhere."""
    if libc.unshare(0x40000000) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, 0x8914, struct.pack("16sh22x", b"lo", 1 | 64))
    attribute = lambda kind, data: struct.pack("HH", 4 + len(data), kind) + data
    route = struct.pack("BBBBBBBBI", socket.AF_INET, 0, 0, 0, 255, 3, 254, 2, 0)
    route += attribute(4, struct.pack("I", socket.if_nametoindex("lo")))
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.send(struct.pack("IHHII", 16 + len(route), 24, 0x505, 1, 0) + route)
        error = struct.unpack("i", link.recv(4096)[16:20])[0]
        if error:
            raise OSError(-error, "no route")


def answer_names(server):
    """A name server that gives each name an address of its own."""
    while True:
        query, sender = server.recvfrom(2048)
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode("latin1"))
            at += 1 + query[at]
        name, kind = ".".join(labels).lower(), query[at + 1 : at + 3]
        question = query[12 : at + 5]
        flags = query[:2] + b"\x81\x80\x00\x01"
        if kind != b"\0\x01":
            server.sendto(flags + b"\0\0\0\0\0\0" + question, sender)
            continue
        digest = hashlib.sha1(name.encode()).digest()
        address = bytes([198, 18 + digest[0] % 2, digest[1], digest[2]])
        names[socket.inet_ntoa(address)] = name
        reached.add(name)
        answer = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04" + address
        server.sendto(flags + b"\0\x01\0\0\0\0" + question + answer, sender)


def watch_packets(sniffer):
    while True:
        frame = sniffer.recv(2048)
        packet = frame[14:]
        if frame[12:14] != b"\x08\x00":
            continue
        size = (packet[0] & 15) * 4
        target, protocol, rest = socket.inet_ntoa(packet[16:20]), packet[9], packet[size:]
        port = struct.unpack("!H", rest[2:4])[0]
        opening = protocol == 6 and rest[13] & 0x12 == 0x02
        source = struct.unpack("!H", rest[:2])[0]
        if opening or protocol == 1 or (protocol == 17 and 53 not in (port, source)):
            reached.add(f"{names.get(target, target)}:{port}")


def picture():
    seen = {f"/{name}": ["top"] for name in os.listdir("/")}
    for root in case["roots"]:
        walk(root, seen)
    return seen


# Bound from the machine: others may change them meanwhile.
MACHINE = {"/etc/alternatives", "/etc/ssl"}


def walk(path, seen):
    if path in MACHINE:
        return
    try:
        stat = os.lstat(path)
    except OSError:
        return
    kind = stat.st_mode & 0o170000
    if kind == 0o040000:
        seen[path] = ["folder", stat.st_mode, stat.st_uid]
        try:
            for entry in sorted(os.listdir(path)):
                walk(f"{path}/{entry}", seen)
        except OSError:
            pass
    elif "/.git/" in path or path.startswith("/remote/"):
        seen[path] = ["data", stat.st_mode, digest_of(path, kind)]
    else:
        seen[path] = ["file", stat.st_mode, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def digest_of(path, kind):
    try:
        if kind == 0o120000:
            return os.readlink(path)
        if path.endswith("/.git/index"):
            shown = subprocess.run(["/proof/git", "ls-files", "-s", "-v"], capture_output=True, cwd=path[: -len("/.git/index")], env=quiet)
            return hashlib.sha1(shown.stdout).hexdigest()
        if kind == 0o100000:
            with open(path, "rb") as file:
                return hashlib.sha1(file.read()).hexdigest()
    except OSError:
        pass
    return kind


def folders_of_git(root):
    return {path for path, _, files in os.walk(root) if "HEAD" in files and os.path.isdir(f"{path}/objects")}


def watched():
    for root in case["watched"]:
        if os.path.isfile(root):
            yield root
        for path, _, files in os.walk(root):
            yield path
            yield from (f"{path}/{name}" for name in files)


def drop_and_limit():
    os.setsid()
    libc.prctl(47, 4, 0, 0, 0)  # no capability outlives the start of a program
    for kind, most in ((resource.RLIMIT_NPROC, 400), (resource.RLIMIT_FSIZE, 8_000_000), (resource.RLIMIT_CPU, 8)):
        resource.setrlimit(kind, (most, most))


def others():
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid())]


quiet = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere", "GIT_OPTIONAL_LOCKS": "0"}
own_network()
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
sniffer.bind(("lo", 0))
for task, given in ((answer_names, server), (watch_packets, sniffer)):
    threading.Thread(target=task, args=(given,), daemon=True).start()
subprocess.run(["cp", "-a", "/template/.", "/"], check=False, stderr=subprocess.DEVNULL)
before = picture()
gits = folders_of_git("/tmp") | folders_of_git("/repo") | folders_of_git("/home")
long_ago = []
for path in watched():
    if not os.path.islink(path):
        os.utime(path, ns=(0, os.lstat(path).st_mtime_ns))
        long_ago.append(path)
        if path in before and before[path][0] == "file":
            before[path][4] = os.lstat(path).st_ctime_ns

with open("/proof/out", "wb") as out:
    started = subprocess.Popen(
        ["/bin/bash", "-O", "expand_aliases", "-c", case["command"]],
        cwd="/repo",
        env=case["env"],
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT,
        preexec_fn=drop_and_limit,
    )
    try:
        code = started.wait(case["seconds"])
    except subprocess.TimeoutExpired:
        code = None
end = time.monotonic() + 0.7
while code is not None and time.monotonic() < end and len(others()) > 0:
    time.sleep(0.02)
for pid in others():
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass
read, listed = [], []
for path in long_ago:
    try:
        stat = os.lstat(path)
    except OSError:
        continue
    if stat.st_atime_ns != 0:
        (read if (stat.st_mode & 0o170000) == 0o100000 else listed).append(path)
after = picture()
new_gits = (folders_of_git("/tmp") | folders_of_git("/repo") | folders_of_git("/home")) - gits
changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
with open("/proof/out", "rb") as out:
    said = out.read(600).decode("utf8", "replace")
json.dump(
    {"code": code, "changed": changed[:60], "gone": [p for p in changed if p not in after][:60], "read": read, "listed": listed, "reached": sorted(reached), "gits": sorted(new_gits), "said": said},
    sys.stdout,
)
