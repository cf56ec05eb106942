"""
Stands in for languages, editors, debuggers, task runners and wrappers that a machine may lack: does, for real and by
patterns only, what the code and the words that it is handed say: starts the programs that they name, opens the files and
connections, and writes down the libraries that lead to a database. What no pattern shows, it does not do.
"""

import os
import re
import shutil

from handed_acts import LINES, args, connect, fetch, files_below, given_input, line_commands, load, name, read, run_code, shell, start, start_named, tell, touch
from handed_runners import compiler, configured, node_like, npx, script_runner, settings, task_runner


def debugger(text):
    found = re.match(r"(?:platform )?(?:shell|!)\s*(.+)", text)
    if found:
        shell(found[1])


def edit():
    """The file that an editor has open, where its commands write it."""
    opened = [word for word in args if os.path.exists(word)]
    for word in args:
        found = re.match(r"(?:e|edit) (\S+)$", word)
        if found:
            opened.append(found[1])
        if re.match(r"(?:wq?|x|wqa?|xa|wa|update)!?$", word) and opened:
            touch(opened[-1])


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
            if name in ("gdb", "lldb"):
                for line in read(word).split("\n"):
                    debugger(line)
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
    if name in ("vim", "nvim", "vi"):
        edit()
    run_code(given_input())


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


def connector():
    """nc and its like: connects to the first host and port that its words name. Only to look whether a port is open is no deed."""
    if any(re.match(r"-[a-y]*z", word) for word in args):
        return
    text = " ".join(word for word in args if not word.startswith("-") and "LISTEN" not in word)
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
settings()
if name in RUNNERS and not {"-l", "--list", "--list-sessions", "-T", "--tasks"} & set(args):
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
    middle = args.index(":::") if ":::" in args else len(args)
    words = re.sub(r"^(?:-\w+ )+", "", " ".join(args[:middle]) + " ").strip()
    for value in args[middle + 1 :] or given_input().split("\n"):
        if value:
            shell(words.replace("{}", value) if "{}" in words else f"{words} {value}".strip())
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
        r"(?:-x|--exec) (.+)$",
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
    if name in ("go", "cargo", "java"):
        compiler()
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
    configured()
    start_named([word for word in args if word not in ("run", "install", "exec", "-n", "x", "pip")])
elif name in ("rustc", "nim", "bundle"):
    compiler()
    if name == "nim":
        interpreter()
elif name in ("tox", "pre-commit", "air", "mix", "gradle", "gradlew"):
    run_code(" ".join(args)) if name == "mix" else None
elif name == "mise":
    start_named([word for word in args if word not in ("run", "exec", "x", "--")])
elif name in ("mocha", "pytest", "vitest", "jest", "eslint", "playwright", "vite", "webpack", "rollup", "prettier"):
    configured()
elif name == "pwsh":
    for index, word in enumerate(args[:-1]):
        if word.lower() in ("-c", "-command"):
            run_code(args[index + 1])
            if shutil.which(args[index + 1].split(" ")[0]):
                shell(args[index + 1])
elif name == "ssh":
    for index, word in enumerate(args):
        proxy = re.match(r"ProxyCommand=(.*)", word)
        if proxy:
            shell(proxy[1])
elif name in set("corepack direnv aws-vault chamber sops faketime numactl perf ts runuser runcon setpriv nix guix unheard-of unknownwrapper setpriv busybox".split()):
    start_named([word for word in args if word not in ("exec", "exec-env", "record", "env", ".", "shell")])
else:
    interpreter()
