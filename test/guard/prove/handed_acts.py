"""What stand-ins do of what they are handed: start programs, open files and connections, run code by its patterns."""

import os
import re
import shutil
import socket
import subprocess
import sys

name, args = sys.argv[1], sys.argv[2:]
LITERAL = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
STARTERS = (
    r"system2?|exec|spawn(?:Sync)?|popen\w*|shell_exec|passthru|proc_open|os\.execute|capture[23]\w*|os/execute|clojure\.java\.shell/sh|os\.proc"
    r"|Start|callCommand|callProcess|Sys\.command|sh|shell|run|syscmd|esyscmd|shell-command|do shell script|cmd|Process|ProcessBuilder|Command|execShellCmd"
)
DATABASES = (
    r"PG\.connect|Mysql2::Client|new PDO|pg_connect|new mysqli|new Redis|Redis\.new|ActiveRecord::Base\.\w+|SQLite3::Database"
    r"|LibPQ\.Connection|Postgrex\.start_link|DBI->connect|DriverManager\.getConnection|(?:[\w.]+\.)?Repo\.\w+|Invoke-Sqlcmd|bun:sqlite"
    r"|import \{sql\} from 'bun'|postgres/mod\.ts|dbi:Pg|PrismaClient|from '\./src/db'|from '@prisma/client'|Release\.migrate|DBI::db\w+"
)
LINES = set("vim nvim vi ed ex less more dc gnuplot lftp ipython pdb".split())
deep = int(os.environ.get("HANDED", "0"))
if deep > 8:
    sys.exit(0)
os.environ["HANDED"] = str(deep + 1)


def tell(*words):
    with open("/proof/calls", "a") as calls:
        calls.write("\0".join([*words, "\x1e"]) + "\0")


def shell(text):
    subprocess.run(["/bin/sh", "-c", text], check=False)


def start(words):
    if words and shutil.which(words[0]):
        subprocess.run(words, check=False)


def plain(literal):
    return re.sub(r"\\(.)", r"\1", literal[1:-1])


def connect(host, port):
    try:
        socket.create_connection((host, int(port)), 0.3).close()
    except (OSError, ValueError):
        pass


def fetch(url):
    found = re.match(r"(https?|ftp)://([^/:@]+)(?::(\d+))?", url)
    if found:
        connect(found[2], found[3] or {"http": 80, "https": 443, "ftp": 21}[found[1]])
    return found is not None


def touch(path):
    try:
        with open(os.path.expanduser(path), "a"):
            os.utime(os.path.expanduser(path))
    except OSError as error:
        print(error)


def read(path):
    try:
        with open(os.path.expanduser(path), errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def given_input():
    return "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()


def files_below(roots):
    """The first of them, as a search would find them."""
    found = []
    for root in roots:
        for place, folders, names in os.walk(root):
            folders[:] = sorted(one for one in folders if one not in ("proc", "usr", "dev", "sys", "stand", "proof", "node_modules", ".git"))
            found += [os.path.join(place, one) for one in sorted(names)]
            if len(found) > 100:
                return found[:100]
    return found


def start_named(words):
    """Starts the first of the words that names a program: what a wrapper was told to run."""
    if name == "guix" and "--" in words:
        words = words[words.index("--") + 1 :]
    for index, word in enumerate(words):
        word = re.sub(r"^nixpkgs#", "", word)
        if word.startswith("-") or word in ("", "run"):
            continue
        if " " in word and shutil.which(word.split(" ")[0]):
            return shell(word)
        if shutil.which(word) and not os.path.isdir(word):
            rest = words[index + 1 :]
            return start([word, *(rest[1:] if rest[:1] == ["--"] else rest)])


def load(path):
    """A file of code, with or without its ending."""
    for ending in ("", ".rb", ".php", ".lua", ".awk", ".pl", ".exs"):
        if os.path.isfile(path + ending):
            return run_code(read(path + ending))


def run_code(code):
    for found in re.finditer(rf"(?<![\w/-])(?:{STARTERS})[\s(\[{{]*({LITERAL}(?:[\s,\[\]]+{LITERAL})*)", code):
        words = [plain(one) for one in re.findall(LITERAL, found[1])]
        start(words) if len(words) > 1 else shell(words[0])
    for pattern in (r"%x[({\[](.*?)[)}\]]", r"run <(.*?)>", r"%w\[(.*?)\]", r's" (.*?)" system', r"^\s*(?:exec|spawn) ([^\"'(%\[]\S*.*)$", r"syscmd\((.*?)\)"):
        for found in re.findall(pattern, code, re.M):
            shell(found)
    if name in ("ruby", "irb", "php", "julia", "crystal", "perl", "pry", "rake"):
        for found in re.findall(r"`(.*?)`", code):
            shell(found)
    for found in re.findall(rf"({LITERAL})\s*(?:\.?!|\.execute\(\))", code):
        shell(plain(found))
    for program, rest in re.findall(rf"Command::new\(({LITERAL})\)((?:\s*\.args?\([^)]*\))+)", code):
        start([plain(program), *(plain(one) for one in re.findall(LITERAL, rest))])
    for url in re.findall(r"(?:download\.file|httr::\w+|new URL|Invoke-\w+|iwr|irm)[\s(]*[\"']?(https?://[^\s\"')]+)", code):
        fetch(url)
    for path in re.findall(rf"delete-file ({LITERAL})", code):
        if os.path.isfile(plain(path)):
            os.remove(plain(path))
    for found in re.findall(DATABASES, code):
        tell("library", name, found)
    for call, path, rest in re.findall(rf"([\w.-]+)[\s(]*({LITERAL})\s*(,[^)]*)?", code):
        place = plain(path)
        if re.search(r"(?:^|\.)(?:write|file_put_contents|writeFile|spit|touch)$", call) or (
            call.endswith("open") and re.match(r""",\s*["'][wa]""", rest)
        ):
            touch(place)
        elif call in ("unlink", "rm_rf", "File.delete", "FileUtils.rm_rf"):
            shutil.rmtree(place, ignore_errors=True)
        elif re.search(r"(?:^|\.)(?:open|read|get|readfile|fopen|file_get_contents|include|require|fetch)$", call) and not fetch(place):
            read(place)
        if re.search(r"^@?(?:include|require_relative|dofile|load|source|require)$", call):
            load(place)
        port = re.match(r",\s*(\d{2,5})\b", rest or "")
        if call.endswith("connect") and port:
            connect(place, port[1])
    for host, port in re.findall(r"ztcp (\S+) (\d+)", code):
        connect(host, port)
    for found in re.findall(r"^\s*(?:source|luafile|so) (\S+)", code, re.M):
        load(found)
    if name in LINES:
        for one in code.split("\n"):
            line_commands(one)
    for found in re.findall(r"^(?:w!?|saveas!?) (\S+)", code, re.M):
        touch(found)


def line_commands(text):
    """What editors, pagers and consoles take for a command of the shell."""
    found = re.match(r"\+?:?\s*(?:silent\s+)?!\s*(.+)", text, re.S)
    if found:
        shell(found[1])
