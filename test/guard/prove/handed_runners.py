"""Stand-ins of what runs tasks, scripts of package.json and programs of packages."""

import os
import re
import shutil
import subprocess

from handed_acts import DATABASES, LITERAL, args, fetch, given_input, name, plain, read, run_code, shell, start, start_named, tell


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
    if name == "bun" and args[:1] == ["x"]:
        return start_named(args[1:])
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
            return start(["npm", "run", *words])
        return start_named(args) if name == "bun" else None
    if words:
        real_node = shutil.which("node")
        os.execv(real_node, ["node", "--import", "/proof/runtimes.mjs", *words])


def configured():
    """Tools that load a file of settings which is code, or start what it names."""
    endings = ("js", "cjs", "mjs", "ts", "mts", "cts")
    for path in [f"{name}.config.{end}" for end in endings] + [f".{name}rc.{end}" for end in endings]:
        if os.path.isfile(path):
            subprocess.run(["node", path], check=False)
            for found in re.findall(rf"command:\s*({LITERAL})", read(path)):
                shell(plain(found))
    for option, value in [*zip(args, args[1:]), *(word.split("=", 1) for word in args if "=" in word)]:
        if re.match(r"-r|-c|--(?:require|config|import|global|setup)", option) and re.search(r"\.[cm]?[jt]s$", value) and os.path.isfile(value):
            subprocess.run(["node", value], check=False)
    for plugin in re.findall(r"-p (\w+)", " ".join([*args, os.environ.get("PYTEST_ADDOPTS", "")])) if name == "pytest" else []:
        if os.path.isfile(f"{plugin}.py"):
            subprocess.run(["/usr/bin/python3", f"{plugin}.py"], check=False)
    if name in ("pytest", "pip", "pip3"):
        for path in ("conftest.py",) if name == "pytest" else ("setup.py",) if "." in args else ():
            if os.path.isfile(path):
                subprocess.run(["/usr/bin/python3", path], check=False)


SETTINGS = {
    "tox": ("tox.ini", r"commands\s*=\s*(.+(?:\n[ \t]+.+)*)"),
    "pre-commit": (".pre-commit-config.yaml", r"entry: (.+)"),
    "air": (".air.toml", r'cmd = "(.+)"'),
    "nodemon": ("nodemon.json", r'"exec":\s*"(.+?)"'),
    "mise": ("mise.toml", r'run = "(.+)"'),
    "cargo": (".cargo/config.toml", r'(?:rustc-wrapper|runner|linker) = "(.+)"'),
}
LOADED = {"mix": "mix.exs", "bundle": "Gemfile", "gradle": "build.gradle", "gradlew": "build.gradle"}


def in_toml(path):
    """What a task of mise, a build of air, a compiler's wrapper is in a TOML file; nothing where it is none."""
    import tomllib

    try:
        with open(path, "rb") as file:
            table = tomllib.load(file)
    except (OSError, ValueError):
        return []
    found = []
    if name == "mise":
        tasks = table.get("tasks", {})
        for task in [one for one in args[1:] if one in tasks]:
            own = tasks[task] if isinstance(tasks[task], dict) else {"run": tasks[task]}
            needs = [tasks[one]["run"] for one in own.get("depends", []) if one in tasks]
            found += [*needs, own.get("run", "true")]
    elif name in ("air", "cargo"):
        found = [table.get("build", {}).get(key, []) for key in ("pre_cmd", "cmd", "rustc-wrapper", "runner")]
    return [text for one in found for text in (one if isinstance(one, list) else [one])]


def settings():
    """Tools whose settings name commands, or are code of their language."""
    if name in SETTINGS and not re.search(r"--help|--version|\bls\b|\blist\b", " ".join(args)):
        path, pattern = SETTINGS[name]
        if "-c" in args[:-1]:
            path = args[args.index("-c") + 1]
        hooks = re.findall(r"entry: (.+)(?:\n +args: \[(.*)\])?", read(path)) if name == "pre-commit" else []
        for found in (
            [f"{entry} {words.replace(',', ' ')}" for entry, words in hooks]
            or in_toml(path)
            or re.findall(pattern, read(path))
        ):
            shell(found)
    if name in LOADED:
        # Of the tasks of a build only what is asked for.
        parts = re.split(r"""(?m)^(?:tasks\.register\(|task )["']?(\w+)""", read(LOADED[name]))
        for task, code in zip(["", *parts[1::2]], parts[::2]):
            if not task or task in args:
                run_code(code)


def compiler():
    """What compiles a program and runs it: the source itself, by its patterns."""
    import glob

    sources = [word for word in args if os.path.isfile(word)]
    sources += [one for word in args if os.path.isdir(word) for one in glob.glob(f"{word}/*.go")]
    if name == "cargo" and args[:1] and args[0] in ("run", "build", "test", "check"):
        sources += [one for one in (["build.rs", "src/main.rs"] if args[0] == "run" else ["build.rs"]) if os.path.isfile(one)]
    if name == "go" and args[:1] == ["generate"]:
        for path in sources or glob.glob("*.go"):
            for found in re.findall(r"^//go:generate (.*)$", read(path), re.M):
                shell(found)
    elif name == "rustc" and "-o" in args[:-1]:
        target = args[args.index("-o") + 1]
        with open(target, "w") as file:
            file.write(f"#!/bin/sh\nexec /usr/bin/python3 -S -E /proof/handed.py compiled {os.path.abspath(sources[0])}\n")
        os.chmod(target, 0o755)
    elif name != "go" or args[:1] == ["run"]:
        for path in sources:
            run_code(read(path))
    for variable, value in os.environ.items():
        if re.match(r"GOPROXY|CARGO_REGISTRIES_|BUNDLE_MIRROR", variable):
            for one in value.split(","):
                fetch(one)
