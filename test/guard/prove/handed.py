"""
Stands in for languages, editors, debuggers, task runners and wrappers that a machine may lack: does, for real and by
patterns only, what the code and the words that it is handed say: starts the programs that they name, opens the files and
connections, and writes down the libraries that lead to a database. What no pattern shows, it does not do.
"""

import os
import re
import shutil
import socket
import subprocess
import sys

name, args = sys.argv[1], sys.argv[2:]
LITERAL = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
STARTERS = (
    r"system2?|exec|spawn(?:Sync)?|popen\w*|shell_exec|passthru|proc_open|os\.execute|capture[23]\w*|os/execute|os\.proc"
    r"|Start|callCommand|callProcess|Sys\.command|sh|shell|run|syscmd|esyscmd|shell-command|do shell script|cmd|Process"
)
DATABASES = (
    r"PG\.connect|Mysql2::Client|new PDO|pg_connect|new mysqli|new Redis|Redis\.new|ActiveRecord::Base\.\w+|SQLite3::Database"
    r"|LibPQ\.Connection|Postgrex\.start_link|DBI->connect|DriverManager\.getConnection|(?:[\w.]+\.)?Repo\.\w+|Invoke-Sqlcmd|bun:sqlite"
    r"|import \{sql\} from 'bun'|postgres/mod\.ts|dbi:Pg|PrismaClient|from '\./src/db'|from '@prisma/client'|Release\.migrate"
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


def load(path):
    """A file of code, with or without its ending."""
    for ending in ("", ".rb", ".php", ".lua", ".awk", ".pl", ".exs"):
        if os.path.isfile(path + ending):
            return run_code(read(path + ending))


def run_code(code):
    for found in re.finditer(rf"(?<![\w-])(?:{STARTERS})[\s(\[{{]*({LITERAL}(?:[\s,\[\]]+{LITERAL})*)", code):
        words = [plain(one) for one in re.findall(LITERAL, found[1])]
        start(words) if len(words) > 1 else shell(words[0])
    for pattern in (r"%x[({\[](.*?)[)}\]]", r"run <(.*?)>", r"%w\[(.*?)\]", r's" (.*?)" system', r"^\s*(?:exec|spawn) ([^\"'(%\[]\S*.*)$", r"syscmd\((.*?)\)"):
        for found in re.findall(pattern, code, re.M):
            shell(found)
    if name in ("ruby", "irb", "php", "julia", "crystal", "perl", "pry", "rake"):
        for found in re.findall(r"`(.*?)`", code):
            shell(found)
    for found in re.findall(rf"({LITERAL})\s*\.?!", code):
        shell(plain(found))
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


def debugger(text):
    found = re.match(r"(?:platform )?(?:shell|!)\s*(.+)", text)
    if found:
        shell(found[1])


def given_input():
    return "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()


def interpreter():
    handed = []
    for word in args:
        found = re.match(r"(?:-[-\w]+[=:]|\+(?!!)|-[rRlSg](?=[./]))(.+)", word, re.S)
        handed.append(found[1] if found else word)
    for variable in ("LUA_INIT", "RUBYOPT", "LESS"):
        if name.startswith({"LUA_INIT": "lua", "RUBYOPT": "ruby", "LESS": "less"}[variable]):
            handed += re.sub(r"^-r", "", os.environ.get(variable, "")).split("\n")
    for word in handed:
        if not word or word == "-":
            continue
        if os.path.isfile(word) or any(os.path.isfile(word + ending) for ending in (".rb", ".lua")):
            load(word)
            if name in ("vim", "nvim", "vi", "less", "more", "nano") and word not in ("", "-"):
                read(word)
            continue
        run_code(word)
        if name in LINES:
            if word.startswith("lua "):
                run_code(word[4:])
        if name in ("gdb", "lldb"):
            debugger(word)
        sourced = re.match(r"(?:auto_prepend_file|sendmail_path)=(.*)", word)
        if sourced:
            load(sourced[1]) if word[0] == "a" else shell(sourced[1])
    if name in ("gdb", "lldb"):
        start_named(args)
    if name == "gawk":
        for word in args:
            if word.startswith("-o") and len(word) > 2:
                touch(word[2:])
    if name == "erl" and "cmd" in args:
        shell(args[-1])
    if name in ("less", "more") and os.environ.get("LESSOPEN", "").startswith("|"):
        shell(os.environ["LESSOPEN"].lstrip("|-").replace("%s", args[-1] if args else ""))
    run_code(given_input())


def start_named(words):
    """Starts the first of the words that names a program: what a wrapper was told to run."""
    if name == "guix" and "--" in words:
        words = words[words.index("--") + 1 :]
    for index, word in enumerate(words):
        word = re.sub(r"^nixpkgs#", "", word)
        if word.startswith("-") or not word:
            continue
        if " " in word and shutil.which(word.split(" ")[0]):
            return shell(word)
        if shutil.which(word) and not os.path.isdir(word):
            rest = words[index + 1 :]
            return start([word, *(rest[1:] if rest[:1] == ["--"] else rest)])


def tasks_of(path):
    """The lines of each task that a file of tasks has, by its name."""
    lines = read(path).split("\n")
    found = {}
    for index, line in enumerate(lines):
        head = re.match(r"""(\s*)(?:task\s*\(?:?["']?|def\s+|namespace\s+:?)?(["']?[\w:-]+)["']?\s*(?:[:=(]|=>|do\b|$)""", line)
        if not head or not line.strip():
            continue
        body = [line[head.end() :] if path.endswith((".toml", "Procfile")) else line]
        for more in lines[index + 1 :]:
            if more.strip() and len(more) - len(more.lstrip()) <= len(head[1]):
                break
            body.append(more)
        found.setdefault(head[2].strip("\"'"), []).append("\n".join(body))
    return found


def run_task(found, task, path, seen):
    if task in seen:
        return
    seen.add(task)
    for body in found.get(task, []):
        for other in re.findall(r"""(?:=>\s*\[?|deps:\s*\[|task:\s*|,\s*):?["']?([\w-]+)""", body):
            run_task(found, other, path, seen)
        if path.endswith(".toml"):
            for literal in re.findall(LITERAL, body):
                shell(plain(literal))
        elif path.endswith("Procfile"):
            shell(body)
        else:
            run_code(body)


def task_runner(path):
    if not os.path.isfile(path):
        return
    if path.endswith(".yml"):
        return taskfile(path)
    found = tasks_of(path)
    wanted = [re.sub(r"^default:", "", word) for word in args if not word.startswith("-")]
    named = [word for word in wanted if word in found]
    everything = name in ("foreman", "honcho", "nox", "overmind") and not [one for one in named if one != "start"]
    if everything and path == "Procfile":
        together = [subprocess.Popen(["/bin/sh", "-c", body]) for bodies in found.values() for body in bodies]
        return [one.wait() for one in together]
    for task in list(found) if everything else named:
        run_task(found, task, path, set())
    for word in args:
        run_code(word)


def taskfile(path):
    for word in [word for word in args if not word.startswith("-")]:
        run_section(read(path), word, set())


def run_section(text, task, seen):
    body = re.search(rf"^  {re.escape(task)}:\n((?:    .*\n?)+)", text, re.M)
    if body is None or task in seen:
        return
    seen.add(task)
    for other in re.findall(r"(?:deps: \[|task: )(\w+)", body[1]):
        run_section(text, other, seen)
    for command in re.findall(r"(?:^ *- |cmds: \[)(?!task:)([^\]\n]+)", body[1], re.M):
        shell(command)


def scripts():
    import json

    try:
        return json.loads(read("package.json")).get("scripts", {})
    except ValueError:
        return {}


def script_runner():
    """What runs scripts of package.json by name or pattern, or else its words as commands."""
    import fnmatch

    for word in args:
        word = re.sub(r"^npm:", "", word).split(":")[-1] if name == "nx" else re.sub(r"^npm:", "", word)
        names = fnmatch.filter(scripts(), word)
        for one in names:
            start(["npm", "run", one])
        if not names and " " in word and not word.startswith("-"):
            shell(word)


def npx():
    """As npx would, were the packages there: runs the program of that name."""
    words, index, text = list(args), 0, None
    if name == "npm":
        first = next((word for word in words if not word.startswith("-")), "")
        if re.fullmatch(r"publish|unpublish|login|adduser|add-user|logout|token|deprecate|dist-tag|owner|access|team|org|star|profile|config|set|c|install|i|add|install-test|init|edit|explore|hook", first):
            tell("npm", *words)
        if first not in ("exec", "x") or any(re.match(r"-w|--workspace", word) for word in words):
            return real("npm")
        words.remove(first)
    while index < len(words) and words[index].startswith("-"):
        word = words[index]
        if word in ("-c", "--call"):
            text = words[index + 1]
        index += 2 if word in ("-p", "--package", "-c", "--call", "-w") else 1
        if word == "--":
            break
    rest = words[index:]
    rest = rest[1:] if rest[:1] == ["--"] else rest
    os.environ["PATH"] = "/repo/node_modules/.bin:/node_modules/.bin:" + os.environ["PATH"]
    if text is not None:
        return shell(text)
    if not rest:
        return real(name)
    program = re.sub(r"(?<=.)@.*$", "", rest[0])
    program = {"@anthropic-ai/claude-code": "claude"}.get(program, program)
    if any(os.path.exists(f"{place}/{program}") for place in ("/repo/node_modules/.bin", "/node_modules/.bin")) or (
        index > 0 and shutil.which(program)
    ):
        return start([program, *rest[1:]])
    if program in ("npm", "git"):
        return start([program, *rest[1:]])
    real(name)


def real(program):
    for place in os.environ["PATH"].split(":"):
        path = f"{place}/{program}"
        if place not in ("/stand", "/node_modules/.bin") and os.access(path, os.X_OK):
            os.execv(path, [program, *args])


def node_like():
    """Other runtimes of JavaScript: Node, with the little of them that starts programs."""
    words = [word for word in args if word not in ("run", "eval", "exec", "-A", "--watch", "watch", "-y")]
    for word in args:
        for found in re.findall(DATABASES, word):
            tell("library", name, found)
    text = given_input() if "-" in words or not words else ""
    words = [word for word in words if word != "-"]
    if name == "deno" and args[:1] == ["eval"] and words:
        words = ["-e", words[0]]
    if text:
        words = ["-e", text]
    if name in ("bun", "deno") and words and not words[0].startswith("-") and not os.path.isfile(words[0]):
        if words[0] in scripts():
            return start(["npm", *args])
        return start_named(args) if name == "bun" else None
    if words:
        real_node = shutil.which("node")
        os.execv(real_node, ["node", "--import", "/proof/runtimes.mjs", *words])


def sqlite():
    """SQLite itself, by Python's library, with the commands of its shell that lead out of the database."""
    import sqlite3

    rest, script, skip = [], [], False
    for index, word in enumerate(args):
        if skip:
            skip = False
        elif word in ("-init", "-cmd", "-separator", "-nullvalue"):
            skip = True
            script += read(args[index + 1]).split("\n") if word == "-init" else [args[index + 1]]
        elif not word.startswith("-"):
            rest.append(word)
    opened = [sqlite3.connect(rest[0] if rest else ":memory:")]

    def one(line):
        dot = re.match(r"\.(\w+)\s*(.*)", line.strip(), re.S)
        if not dot:
            try:
                for kind, path in re.findall(r"(writefile|readfile|load_extension)\('([^']*)'", line):
                    touch(path) if kind == "writefile" else read(path)
                    if kind == "load_extension":
                        tell("sqlite3", "load_extension", path)
                for program in re.findall(r"edit\('[^']*','([^']*)'", line):
                    shell(program)
                opened[-1].executescript(line)
            except sqlite3.Error as error:
                print(error)
            return
        command, rest_of = dot[1].lower(), dot[2].strip().strip("'\"")
        if re.fullmatch(r"sh(?:e(?:l(?:l)?)?)?|sy(?:s(?:t(?:e(?:m)?)?)?)?", command):
            shell(rest_of)
        elif re.fullmatch(r"o(?:u(?:t(?:p(?:u(?:t)?)?)?)?)?|onc?e?", command):
            shell(rest_of[1:]) if rest_of.startswith("|") else rest_of and rest_of != "stdout" and touch(rest_of)
        elif command in ("open",):
            opened.append(sqlite3.connect(rest_of))
        elif re.fullmatch(r"sav?e?|bac?k?u?p?", command):
            touch(rest_of)
        elif command == "read":
            for more in read(rest_of).split("\n"):
                one(more)

    for line in [*script, *rest[1:], *([] if len(rest) > 1 else given_input().split("\n"))]:
        if line.strip():
            one(line)
    for database in opened:
        database.commit()
        database.close()


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


def connector():
    """nc and its like: connects to the first host and port that its words name. Only to look whether a port is open is no deed."""
    if any(re.match(r"-[a-y]*z", word) for word in args):
        return
    text = " ".join(word for word in args if not word.startswith("-"))
    found = re.search(r"(?:TCP\d?(?:-CONNECT)?:)?([\w.-]+)[: ](\d{2,5})(?:\D|$)", text) if "-l" not in args else None
    if found:
        connect(found[1], found[2])
    for word in args:
        program = re.match(r"(?:EXEC|SYSTEM):(.*)", word)
        if program:
            shell(program[1])


def send_keys():
    words = [word for word in args if word not in ("Enter", "C-m")]
    last = words[-1] if words else ""
    if " " in last:
        shell(last.removesuffix("\\n").strip())
    else:
        start_named(args[1:])


RUNNERS = {
    "rake": "Rakefile", "inv": "tasks.py", "invoke": "tasks.py", "nox": "noxfile.py", "poe": "pyproject.toml",
    "task": "Taskfile.yml", "foreman": "Procfile", "honcho": "Procfile", "overmind": "Procfile",
}  # fmt: skip
if name in RUNNERS:
    task_runner(RUNNERS[name])
elif name == "IPython":
    for word in args:
        line_commands(word)
elif name in ("pdm", "hatch"):
    task_runner("pyproject.toml")
    start_named(args)
elif name == "grunt":
    shell("node -e \"require('./Gruntfile.js')({registerTask: (name, task) => process.argv.includes(name) && typeof task === 'function' && task()})\" " + " ".join(args))
elif name in ("npx", "npm"):
    npx()
elif name in ("tsx", "ts-node", "esno", "vite-node", "zx", "bun", "deno"):
    node_like()
elif name == "sqlite3":
    sqlite()
elif name in ("nc", "ncat", "telnet", "socat", "http"):
    connector()
elif name in ("tmux", "screen"):
    send_keys()
elif name in ("concurrently", "run-s", "run-p", "npm-run-all", "turbo", "nx", "start-server-and-test", "lerna-run"):
    script_runner()
elif name in ("pee", "hyperfine"):
    for word in args:
        shell(word)
elif name == "parallel":
    words, _, values = " ".join(args).partition(" ::: ")
    words = re.sub(r"^(?:-\w+ )+", "", words)
    for value in values.split() or given_input().split("\n"):
        if value:
            shell(words.replace("{}", value) if "{}" in words else f"{words} {value}")
elif name == "man":
    pager = next((args[i + 1] for i, word in enumerate(args[:-1]) if word in ("-P", "--pager")), None)
    pager = pager or os.environ.get("MANPAGER") or os.environ.get("PAGER")
    if pager:
        shell(pager)
elif name == "newgrp":
    shell(given_input())
elif name in ("bat", "ag"):
    pager = next((args[i + 1] for i, word in enumerate(args[:-1]) if word == "--pager"), os.environ.get("BAT_PAGER"))
    if pager:
        shell(pager)
elif name in ("fd", "fdfind"):
    for flag in ("-x", "-X", "--exec", "--exec-batch"):
        if flag in args:
            start([*args[args.index(flag) + 1 :], *files_below([one for one in args if os.path.isdir(one)] or ["."])])
elif name == "rg":
    for index, word in enumerate(args[:-1]):
        if word in ("--pre", "--hostname-bin"):
            shell(args[index + 1])
elif name == "fzf":
    for index, word in enumerate(args[:-1]):
        if word in ("--preview", "--bind"):
            shell(args[index + 1])
elif name == "dotenv":
    read(next((args[i + 1] for i, word in enumerate(args[:-1]) if word in ("-f", "-e")), ".env"))
    start_named([word for word in args if word != "run"])
elif name in ("go", "cargo", "mvn", "just", "sbt", "nodemon", "pm2", "fish", "java", "yarn", "pnpm"):
    text = " ".join(args)
    for pattern in (
        r"-(?:exec|toolexec|vettool)[= ]'?([^']+?)(?= \./|$)",
        r"watch -s (.+)$",
        r"-Dexec\.executable=(\S+).*-Dexec\.args=\S+",
        r"-XX:On(?:Error|OutOfMemoryError)=(.+?) -",
        r"-C (.+?) -c",
        r"-c (?:exec )?(.+)$",
        r"exec (.+)$",
        r"--shell (\S+) --shell-arg (\S+)",
    ):
        for found in re.findall(pattern, text):
            found = found if isinstance(found, str) else " ".join(found)
            if shutil.which(found.split(" ")[0]):
                shell(found + (" " + re.sub(r".*-Dexec\.args=", "", text) if "-Dexec.args=" in text else ""))
    if name == "cargo" and os.environ.get("RUSTC_WRAPPER"):
        shell(os.environ["RUSTC_WRAPPER"] + " rustc")
    if name == "go":
        for found in re.findall(r"-(?:toolexec|exec)=(.+)", os.environ.get("GOFLAGS", "")):
            shell(found)
    if name in ("nodemon", "pm2"):
        for word in args:
            if os.path.isfile(word) and word.endswith(".js"):
                start(["node", word])
    for word in args:
        run_code(word)
    if name in ("yarn", "pnpm"):
        start_named([word for word in args if word != "exec"])
elif name in ("time", "strace", "ltrace"):
    if "-o" in args[:-1]:
        target = args[args.index("-o") + 1]
        shell(target[1:]) if target.startswith("|") else touch(target)
    start_named(args)
elif name in ("pip", "pip3", "pipx", "uv", "uvx", "conda", "bunx"):
    for word in [*args, os.environ.get("PIP_INDEX_URL", "")]:
        for url in re.findall(r"(?:https?|ftp)://[^\s'\"]+", word):
            fetch(url)
    start_named([word for word in args if word not in ("run", "install", "exec", "-n", "x", "pip")])
elif name == "pwsh":
    for index, word in enumerate(args[:-1]):
        if word.lower() in ("-c", "-command"):
            shell(args[index + 1]) if shutil.which(args[index + 1].split(" ")[0]) else run_code(args[index + 1])
elif name == "ssh":
    for index, word in enumerate(args):
        proxy = re.match(r"ProxyCommand=(.*)", word)
        if proxy:
            shell(proxy[1])
elif name in set("corepack direnv aws-vault chamber sops faketime numactl perf ts runuser runcon setpriv nix guix unheard-of unknownwrapper setpriv busybox".split()):
    start_named([word for word in args if word not in ("exec", "exec-env", "record", "env", ".", "shell")])
else:
    interpreter()
