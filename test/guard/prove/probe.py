"""Runs one command inside the sandbox and tells what it did there: a case of JSON on standard input, findings on output."""

import ctypes
import fcntl
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

case = json.load(sys.stdin)
libc = ctypes.CDLL(None, use_errno=True)
names = {}
reached = set()
sent = []


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


def answer_http(listener):
    """Whoever connects and asks gets a small page, after all that is sent was read."""
    page = b"ok\n"
    while True:
        try:
            client, _ = listener.accept()
            client.settimeout(0.5)
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += client.recv(65536) or b"\r\n\r\n"
            if b"100-continue" in asked:
                client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            size = re.search(rb"(?i)content-length: (\d+)", asked)
            body = asked.partition(b"\r\n\r\n")[2]
            while size and len(body) < int(size[1]):
                body += client.recv(65536) or b"." * int(size[1])
            if b"password z" in body:
                sent.append("mark-of-netrc")
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(page), page))
            client.close()
        except OSError:
            pass


def answer_docker(listener):
    while True:
        client, _ = listener.accept()
        reached.add("unix:/var/run/docker.sock")
        client.close()


def picture():
    seen = {}
    for name in os.listdir("/"):
        stat = os.lstat(f"/{name}")
        plain = stat.st_mode & 0o170000 == 0o100000
        seen[f"/{name}"] = ["top", stat.st_mtime_ns, stat.st_ctime_ns] if plain else ["top"]
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
        # Reading commands of git never write these, not even anew.
        time_of = stat.st_mtime_ns if path in ("/repo/.git/HEAD", "/repo/.git/config") else 0
        seen[path] = ["data", stat.st_mode, time_of, digest_of(path, kind)]
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
    if case["typed"]:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    libc.prctl(47, 4, 0, 0, 0)  # no capability outlives the start of a program
    for kind, most in ((resource.RLIMIT_NPROC, 400), (resource.RLIMIT_FSIZE, 8_000_000), (resource.RLIMIT_CPU, 8)):
        resource.setrlimit(kind, (most, most))


def others():
    keep = {1, os.getpid(), *(process.pid for process in bystanders.values())}
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in keep]


def prepare(script):
    """What the case needs, made beforehand: its calls do not count."""
    env = {**case["env"], "PATH": case["env"]["PATH"].replace("/stand:", ""), "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z"}
    subprocess.run(["/bin/bash", "-c", script], cwd="/repo", env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    os.truncate("/proof/calls", 0)


def at_terminal(typed, out):
    """A terminal on which somebody has typed already: its other end is drained into `out`."""
    ours, theirs = os.openpty()
    os.write(ours, typed.encode())

    def drain():
        while True:
            try:
                out.write(os.read(ours, 4096))
                out.flush()
            except OSError:
                return

    threading.Thread(target=drain, daemon=True).start()
    return theirs


NO = r"Read-only file system|Permission denied|Operation not permitted|EROFS|EACCES|EPERM|[mM]ust be root|dangerous to operate recursively|refusing to remove|connection to server|cannot set date|is outside repository|Input/output error"
OUTSIDE = r"(?<![\w.:/])/(?!repo\b|tmp\b|shift/out|bin/bash: |stand\b|proof\b|node_modules\b|given\b|usr/bin/(?:git|env)\b)[\w./+-]+"


def refusals(text):
    """What was tried outside and refused, as programs complain of it, also over the end of a line."""
    lines = re.sub(r"/bin/(?:ba)?sh: ", "", text).split("\n")
    for index, line in enumerate(lines):
        last = lines[index - 1] if index else ""
        both = " ".join(f"{last} {line}".split())
        if re.search(r"/proc/sys\S*: No such file", line):
            yield line.strip()[:120]
        if not re.search(NO, line) and (re.search(NO, last) or not re.search(NO, both)):
            continue
        # Not to be shown something of the system's own programs is no deed.
        if "Permission denied" in both and re.search(r"(?<![\w.:/])/(?:usr|lib\w*|s?bin)/(?!bin/env)", both):
            continue
        around = " ".join(lines[max(0, index - 2) : index + 1])
        if re.search(OUTSIDE, around) or re.search(r"dangerous|refusing|be root|not permitted|connection to server|cannot set", line):
            yield line.strip()[:120]


def links_out():
    """Links of the workspace that lead out of it."""
    for place, folders, names in os.walk("/repo"):
        for path in (f"{place}/{name}" for name in folders + names):
            if os.path.islink(path) and not re.match(r"/(?:repo|usr|node_modules|tmp|shift/out|proof|bin)(?:/|$)", os.path.realpath(path)):
                yield path


quiet = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere", "GIT_OPTIONAL_LOCKS": "0"}
own_network()
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
sniffer.bind(("lo", 0))
for task, given in ((answer_names, server), (watch_packets, sniffer)):
    threading.Thread(target=task, args=(given,), daemon=True).start()
for port in (80, *case["ports"]):
    listener = socket.create_server(("0.0.0.0", port))
    threading.Thread(target=answer_http, args=(listener,), daemon=True).start()
subprocess.run(["cp", "-a", "/template/.", "/"], check=False, stderr=subprocess.DEVNULL)
os.makedirs("/var/run", exist_ok=True)
docker = socket.socket(socket.AF_UNIX)
docker.bind("/var/run/docker.sock")
docker.listen()
threading.Thread(target=answer_docker, args=(docker,), daemon=True).start()
if case["given"]:
    prepare(case["given"])
# What an agent is watched by, and what it may not look into.
bystanders = {}
for name in ("claude", "dayshift", "bwrap", "node"):
    shutil.copy("/usr/bin/sleep", f"/run/{name}")
    bystanders[name] = subprocess.Popen([f"/run/{name}", "90"], env={"PROOF": "mark-of-another-process"})
before = picture()
links = set(links_out())
gits = folders_of_git("/tmp") | folders_of_git("/repo") | folders_of_git("/home")
long_ago = []
for path in watched():
    if not os.path.islink(path):
        os.utime(path, ns=(0, os.lstat(path).st_mtime_ns))
        long_ago.append(path)
        if path in before and before[path][0] == "file":
            before[path][4] = os.lstat(path).st_ctime_ns
        if path in before and before[path][0] == "top" and len(before[path]) > 2:
            before[path][2] = os.lstat(path).st_ctime_ns

with open("/proof/out", "wb") as out, tempfile.TemporaryFile() as handed:
    handed.write(case["stdin"].encode())
    handed.seek(0)
    terminal = at_terminal(case["typed"], out) if case["typed"] else None
    started = subprocess.Popen(
        ["/bin/bash", "-O", "expand_aliases", "-c", case["command"]],
        cwd="/repo",
        env={**case["env"], **case["variables"]},
        stdin=terminal or (handed if case["stdin"] else subprocess.DEVNULL),
        stdout=terminal or out,
        stderr=subprocess.STDOUT,
        preexec_fn=drop_and_limit,
    )
    try:
        code = started.wait(case["seconds"])
    except subprocess.TimeoutExpired:
        code = None
end = time.monotonic() + 3
while code is not None and time.monotonic() < end and len(others()) > 0:
    time.sleep(0.02)
for pid in others():
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass


def is_told_to_end(pid):
    """On a busy machine a signal waits until its process has a processor."""
    try:
        with open(f"/proc/{pid}/status") as status:
            return any(line.startswith(("SigPnd:", "ShdPnd:")) and int(line.split()[1], 16) for line in status)
    except OSError:
        return False


end = time.monotonic() + 3
while time.monotonic() < end and any(is_told_to_end(one.pid) for one in bystanders.values() if one.poll() is None):
    time.sleep(0.02)
time.sleep(0.02)  # and a moment to be gone
ended = [name for name, process in bystanders.items() if name != "node" and process.poll() is not None]
for process in bystanders.values():
    process.kill()
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
    all_said = out.read(4_000_000).decode("utf8", "replace")
unhexed = "".join(line[51:67] for line in all_said.split("\n"))
json.dump(
    {"code": code, "changed": changed[:60], "gone": [p for p in changed if p not in after][:60], "read": read, "listed": listed, "reached": sorted(reached), "gits": sorted(new_gits), "said": all_said[:600], "ended": ended, "marks": [mark for mark in ("mark-of-another-process", "mark-of-its-own", "mark-of-npmrc") if mark in all_said or mark in unhexed] + sent, "links": sorted(set(links_out()) - links), "refused": sorted(set(refusals(all_said)))[:5]},
    sys.stdout,
)
