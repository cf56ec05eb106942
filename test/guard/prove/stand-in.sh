#!/bin/dash
# Stands in for a program: writes its call down and ends well. Those that start other programs start them.
name=${0##*/}
end=$(printf '\036')
printf '%s\0' "$name" "$@" "$end" >>/proof/calls

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

case $name in
sudo | doas) rest '-u -g -h -p -C -r -t -T -U --user --group' "$@" ;;
watch | watchexec | unbuffer | chronic | ifne | eatmydata | faketime | cpulimit | numactl | catchsegv | ltrace | firejail | proot | fakechroot | xvfb-run | hyperfine | daemonize | entr | cross-env | dotenv-cli | dbus-run-session | qemu-x86_64 | unshare | nsenter | chroot | systemd-run | start-stop-daemon | newgrp | strace | perf | env-cmd | shx | somewrapper | unknownwrapper | c8 | nyc)
  rest '-l -n -e -f -i -d -w -o --interval --warmup --runs' "$@"
  ;;
cross-env-shell | concurrently | run-s | run-p) for one in "$@"; do case $one in -*) ;; *) sh -c "$one" ;; esac; done ;;
poetry | pipenv | pdm | rye | hatch | uv | bundle | conda | nix | devbox | mise | asdf | infisical | doppler | direnv | rbenv | pyenv | dip | op | chamber | aws-vault | dotenvx | teller | lerna | rush | volta | fnm | bazel | corepack)
  after 'run exec x -- shell --command -c' "$@"
  ;;
nix-shell) text '--run --command' "$@" ;;
nodemon) text '--exec -x' "$@" ;;
onchange) after '--' "$@" ;;
coverage) [ "$1" = run ] && shift && exec python3 "$@" ;;
tmux | screen)
  for last in "$@"; do :; done
  case $last in *' '*) exec sh -c "$last" ;; esac
  ;;
su | runuser | sg | script) text '-c --command' "$@" ;;
yarn | pnpm | bun)
  while [ $# -gt 0 ]; do
    case $1 in
    -C | --cwd | --dir | --prefix) cd "$2" 2>/dev/null && shift 2 ;;
    -F | --filter | --package | -p) shift && shift ;;
    run | exec | dlx | x | create | node | workspace | -*) shift ;;
    *) break ;;
    esac
  done
  script "$1" && exec npm run "$@"
  [ $# -gt 0 ] && command -v "$1" >/dev/null && exec "$@"
  ;;
zsh | fish | ash | ksh | busybox)
  [ "$name" = busybox ] && rest '' "$@"
  exec /bin/bash "$@"
  ;;
parallel | sem)
  [ "$1" = ::: ] && shift && for one in "$@"; do sh -c "$one"; done
  rest '-j -a -N -n' "$@"
  ;;
editor) [ $# -gt 0 ] && printf 'said by an editor\n' >>"$1" ;;
esac
exit 0
