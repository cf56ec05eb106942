#!/bin/dash
# Stands in for a program: writes its call down and ends well. Those that start other programs start them.
name=${0##*/}
end=$(printf '\036')
[ "$name" = docker ] && [ -n "$DOCKER_HOST" ] && set -- -H "$DOCKER_HOST" "$@"
case $name in npm | npx) ;; *) printf '%s\0' "$name" "$@" "$end" >>/proof/calls ;; esac

# Starts what follows the options; $1 names those that take a value.
rest() {
  values=$1
  shift
  while [ $# -gt 0 ]; do
    case $1 in
    --) shift && break ;;
    -*)
      case " $values " in *" $1 "*) [ $# -gt 1 ] && shift ;; esac
      shift
      ;;
    [A-Za-z_]*=*) export "$1" && shift ;;
    *) break ;;
    esac
  done
  [ $# -gt 0 ] && exec "$@"
  exit 0
}

# Starts what follows one of the words in $1.
after() {
  words=$1
  shift
  while [ $# -gt 0 ]; do
    case " $words " in *" $1 "*) shift && rest '-p --python --with --env --env-file -e -f -c --config -n' "$@" ;; esac
    shift
  done
  exit 0
}

# The option's text as a command.
text() {
  options=$1
  shift
  while [ $# -gt 0 ]; do
    case " $options " in *" $1 "*) shift && exec sh -c "$1" ;; esac
    shift
  done
  exit 0
}

script() { [ -n "$1" ] && [ -f package.json ] && grep -q "\"$1\":" package.json; }

handed() { exec /usr/bin/python3 -S -E /proof/handed.py "$name" "$@"; }

case $name in
ruby | irb | pry | erb | php | lua | luajit | julia | elixir | iex | erl | escript | Rscript | R | octave | ocaml | nim | crystal | dart | raku | janet | fennel | gforth | swipl | gnuplot | maxima | gp | dc | emacs | emacsclient | vim | nvim | vi | less | more | lftp | ipython | ghc | runghc | kotlinc | scala-cli | clojure | amm | csharp | jshell | jrunscript | sbt | wish | expect | m4 | gdb | lldb | pwsh | osascript | gawk | rake | inv | invoke | nox | poe | task | foreman | honcho | overmind | pdm | hatch | grunt | npx | npm | tsx | ts-node | esno | vite-node | zx | bun | deno | sqlite3 | nc | ncat | telnet | socat | http | tmux | screen | concurrently | run-s | run-p | npm-run-all | turbo | nx | start-server-and-test | pee | hyperfine | parallel | man | newgrp | bat | ag | fd | rg | fzf | dotenv | go | cargo | mvn | just | nodemon | pm2 | java | corepack | direnv | aws-vault | chamber | sops | faketime | numactl | perf | ts | runuser | runcon | setpriv | nix | guix | unheard-of | unknownwrapper | strace | ltrace | ssh | yq | time | pip | pip3 | pipx | uv | uvx | conda | bunx | rustc | pytest | vitest | jest | eslint | playwright | vite | webpack | rollup | prettier | groovy | guile | mocha | tox | pre-commit | air | mise | mix | gradle | gradlew | bb)
  handed "$@"
  ;;
sudo | doas) rest '-u -g -h -p -C -r -t -T -U --user --group' "$@" ;;
watch | watchexec | unbuffer | chronic | ifne | eatmydata | cpulimit | catchsegv | firejail | proot | fakechroot | xvfb-run | daemonize | entr | cross-env | dotenv-cli | dbus-run-session | qemu-x86_64 | unshare | nsenter | chroot | systemd-run | start-stop-daemon | env-cmd | shx | somewrapper | c8 | nyc)
  rest '-l -n -e -f -i -d -w -o --interval --warmup --runs' "$@"
  ;;
cross-env-shell) for one in "$@"; do case $one in -*) ;; *) sh -c "$one" ;; esac; done ;;
poetry | pipenv | rye | devbox | asdf | infisical | doppler | rbenv | pyenv | dip | op | dotenvx | teller | lerna | rush | volta | fnm | bazel)
  after 'run exec x -- shell --command -c' "$@"
  ;;
bundle)
  if [ -f Gemfile ] || env | grep -q BUNDLE_MIRROR; then /usr/bin/python3 -S -E /proof/handed.py "$name" "$@"; fi
  after 'run exec x -- shell --command -c' "$@"
  ;;
nix-shell) text '--run --command' "$@" ;;
onchange) after '--' "$@" ;;
sem) rest '-j -a -N -n' "$@" ;;
coverage) [ "$1" = run ] && shift && exec python3 "$@" ;;
su | sg | script) text '-c --command' "$@" ;;
yarn | pnpm | bun)
  while [ $# -gt 0 ]; do
    case $1 in
    -C | --cwd | --dir | --prefix) cd "$2" 2>/dev/null && shift 2 ;;
    -F | --filter | --package | -p) cd "packages/$2" 2>/dev/null; shift 2 ;;
    run | exec | dlx | x | create | node | workspace | -*) shift ;;
    *) break ;;
    esac
  done
  script "$1" && exec npm run "$@"
  [ $# -gt 0 ] && command -v "$1" >/dev/null && exec "$@"
  handed "$@"
  ;;
zsh | fish | ash | ksh | busybox)
  [ "$name" = busybox ] && rest '' "$@"
  [ "$name" = fish ] && [ "$1" = -C ] && sh -c "$2"
  for last in "$@"; do :; done
  case $last in *ztcp*) handed "$@" ;; esac
  exec /bin/bash "$@"
  ;;
editor) [ $# -gt 0 ] && printf 'said by an editor\n' >>"$1" ;;
esac
exit 0
