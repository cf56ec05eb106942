import { SAFE, UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { fork } from '../shell/frame.ts';
import { publish } from './packages.ts';
import { listPath, readPath } from '../paths.ts';
import { debuggers } from './debuggers.ts';
import { connect } from './host.ts';
import { setOf, takeApart, valuesOf } from '../options.ts';
import { unknownProgram } from './programs.ts';
import { buildPython } from '../unwrap/files.ts';

const tamper: Handler = (call) => {
  call.machine.emit({ kind: 'tamper', what: call.shown });
  return UNKNOWN;
};

/** Changes the machine: services, accounts, mounts, schedules. */
const changes: Handler = (call) => {
  if (onlyTells(call)) {
    call.machine.emit({ kind: 'process', command: call.shown });
    return UNKNOWN;
  }
  const watched = /dayshift|\.claude\b|\.git\b|\bbwrap\b/i.test(call.args.join(' '));
  call.machine.emit(watched ? { kind: 'tamper', what: call.shown } : { kind: 'system', command: call.shown });
  return UNKNOWN;
};

/** Programs that do not know these options, or do their work all the same. */
const heedless = /^(?:killall5|aa-teardown|pbpaste|screencapture|batch|ydotool)$/;

/** `useradd --help`, `iptables -V`: its version or its help, and nothing else. */
const onlyTells = ({ name, args }: Call): boolean =>
  args.length === 1 &&
  !heedless.test(name) &&
  (/^--(?:help|version)$/.test(args[0] ?? '') || (args[0] === '-V' && /^ip6?tables$/.test(name)));

/** Passes for these words alone. */
const only =
  (harmless: RegExp, otherwise: Handler = changes): Handler =>
  (call) => {
    const text = call.args.join(' ');
    if (!harmless.test(text)) return otherwise(call);
    call.machine.emit({ kind: 'process', command: call.shown });
    return UNKNOWN;
  };

/** Reads or writes a store of secrets, which lies in this file or folder. */
const keeper =
  (path: string): Handler =>
  (call) => {
    readPath(`${call.machine.context.home}/${path}`, call.frame, call.machine, true);
    return UNKNOWN;
  };

/** The manual, through a pager that may be any command. */
function man(call: Call): string {
  const parsed = takeApart(call.args, setOf('-P --pager -H --html -M -C -L -S -s -k -f'));
  for (const pager of valuesOf(parsed, '-P', '--pager', '-H', '--html')) call.machine.run(pager, fork(call.frame));
  call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

/** The agent itself, and what watches it; `parent` is what `$PPID` gives. */
const agent = /claude|bwrap|dayshift|socat|parent/i;

/** Numbers of processes of a name: whose they are is kept, for whoever is told to end them. */
function pgrep(call: Call): string {
  call.machine.emit({ kind: 'process', command: call.shown });
  return call.args.some((arg) => agent.test(arg)) ? `${SAFE}claude` : SAFE;
}

/** Signals: fine for the agent's own processes, not for the agent itself or for everything. */
function kill(call: Call): string {
  const aimed = call.args.some((arg) => agent.test(arg));
  const names = takeApart(call.args, setOf('-u -U -g -G -s -t -P -F --euid --uid --user --signal')).words;
  const everything =
    call.name === 'kill'
      ? call.args.slice(1).some((arg) => arg === '-1' || arg === '1')
      : names.some((name) => /^(?:\.?[*+]?|\^\.?\*?|\.\{.*)$/.test(name)) ||
        (names.length === 0 && call.args.some((arg) => /^(?:-[uUtsg]|--(?:e?uid|user))/.test(arg)));
  if (aimed) tamper(call);
  else if (everything || (call.name === 'kill' && call.args[0] === '1')) changes(call);
  else call.machine.emit({ kind: 'process', command: call.shown });
  return '';
}

const sendsOut: Handler = (call) => {
  publish(call);
  return UNKNOWN;
};

/** Clouds: everything but the version goes over the network; their databases count as databases. */
const cloud =
  (host: string, databases: RegExp, bare = false): Handler =>
  (call) => {
    const words = takeApart(call.args, setOf('--region --profile --project --subscription -a --app')).words;
    const asks = call.args.length > 0 || !bare;
    if (asks && call.args.every((arg) => /^(?:--version|version|--help|help)$/.test(arg)))
      call.machine.emit({ kind: 'process', command: call.shown });
    else if (databases.test(words.slice(0, 2).join(' ')))
      call.machine.emit({ kind: 'database', how: 'client', command: call.shown });
    else connect(host, call.shown, call.machine, { sends: true });
    return UNKNOWN;
  };

const planning =
  /^(?:version|-version|--version|fmt|validate|providers|console -help|graph|output|show)(?:\s|$)|^(?=.*-backend=false)init(?: -(?:backend=false|input=false|no-color|upgrade))+$/;

const quiet: Handler = (call) => {
  call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
};
/** A program whose words are looked at as any other's. */
const plain: Handler = (call) => unknownProgram(call, false);

/** Names of files anywhere. */
const lookEverywhere: Handler = (call) => {
  listPath('/', call.frame, call.machine, true);
  return UNKNOWN;
};

/** Another agent would work without this one's guard. */
const agents: Handler = (call) => {
  plain(call);
  return only(/^(?:--?version|-v|-V|--help|-h|version|help)$/, tamper)(call);
};

/** Prints something harmless as a word. */
const word: Handler = () => SAFE;

export const system: Record<string, Handler> = {
  ...Object.fromEntries(
    'id whoami uname nproc arch getconf seq expr bc factor numfmt uptime tty users groups logname locale uuidgen free sleep usleep yes tput clear reset stty'
      .split(' ')
      .map((name) => [name, word]),
  ),
  ...Object.fromEntries(
    'info whatis apropos tldr top htop lsof ss netstat vmstat iostat lscpu lsblk dmesg printenv locale-gen cal figlet cowsay tr'
      .split(' ')
      .map((name) => [name, quiet]),
  ),
  ...Object.fromEntries(
    'emerge pkg microdnf tdnf xbps-install eopkg nix-env nix-channel apt apk dnf yum pacman zypper snap flatpak port choco scoop winget'
      .split(' ')
      .map((name) => [name, quiet]),
  ),
  man,
  pgrep,
  pidof: pgrep,
  kill,
  pkill: kill,
  skill: kill,
  killall: kill,
  gdb: debuggers(changes),
  lldb: debuggers(changes),
  dlv: debuggers(changes),
  ...Object.fromEntries(
    'at batch reboot shutdown halt poweroff init telinit mkfs mke2fs fdisk parted mkswap swapon swapoff losetup insmod modprobe rmmod kexec visudo vipw passwd chpasswd useradd usermod userdel groupadd adduser deluser chsh add-apt-repository apt-add-repository gpasswd ldconfig cryptsetup tc aa-teardown apparmor_parser killall5 schtasks salt salt-call salt-ssh chef-client chef-solo knife iptables ip6tables nft ufw firewall-cmd debugfs xfs_db setcap update-alternatives tcpdump tshark dumpcap wireshark dbus-send busctl gdbus qdbus fusermount3 xdotool ydotool screencapture scrot grim gnome-screenshot spectacle flameshot pbpaste wl-paste xsel kwriteconfig5 kwriteconfig6 arecord parecord'
      .split(' ')
      .map((name) => [name, changes]),
  ),
  ...Object.fromEntries('umount fusermount pivot_root auditctl setenforce'.split(' ').map((name) => [name, tamper])),
  ps: (call) => {
    // BSD's `e`: the environment of every process.
    const options = call.args[0] ?? '';
    if (options.includes('e') && /^[a-zA-Z]+$/.test(options)) readPath('/proc/1/environ', call.frame, call.machine);
    return quiet(call);
  },
  date: (call) => {
    for (const file of valuesOf(
      takeApart(call.args, setOf('-f --file -r --reference -d --date -s --set')),
      '-f',
      '--file',
    ))
      if (file !== '-') readPath(file, call.frame, call.machine);
    return call.args.some((arg) => /^(?:-s|--set(?:=|$)|\d{8,12}(?:\.\d\d)?$)/.test(arg)) ? changes(call) : SAFE;
  },
  ip: only(
    /^(?:-\S+ )*(?:a|addr|address|l|link|r|ro|route|n|neigh|rule|netns|tunnel|maddr|-V)?(?: (?:s|sh|show|list|ls|get|help)\b.*)?$/,
  ),
  ifconfig: only(/^(?:-a|-s|-v|[\w.:]+)?$/),
  journalctl: (call) =>
    (call.args.some((arg) => /^--(?:vacuum|rotate|flush|sync|relinquish|update)/.test(arg)) ? changes : quiet)(call),
  timedatectl: only(/^(?:|status|show.*|list-timezones|timesync-status)$/),
  hostnamectl: only(/^(?:|status|hostname|--static|--json=\S+)$/),
  localectl: only(/^(?:|status|list-\S+)$/),
  resolvectl: only(/^(?:|status.*|statistics)$/),
  nmcli: only(/^(?:|-v|(?:-\S+ )*(?:general|device|dev|connection|con|networking|radio)(?: (?:status|show).*)?)$/),
  gsettings: only(/^(?:get|list-\S+|describe|range|writable|help)\b/),
  dconf: only(/^(?:read|list|dump|help)\b/),
  defaults: only(/^(?:read|read-type|domains|find|help)\b/),
  xclip: only(/^(?!.*(?:^| )-(?:o|out)\b)/),
  ffmpeg: (call) => {
    for (const arg of call.args)
      if (/^(?:rtmp\w*|srt|rtp|rtsps?|udp|tcp|tls|icecast|ftp|sftp|https?):\/\//i.test(arg))
        connect(arg, call.shown, call.machine, { sends: true });
    return (
      /(?:^| )-f (?:x11grab|avfoundation|gdigrab|kmsgrab|pulse|alsa|v4l2|dshow)\b/.test(call.args.join(' '))
        ? changes
        : plain
    )(call);
  },
  import: (call) => (call.args.some((arg) => /^-(?:window|screen|root)/.test(arg)) ? changes : plain)(call),
  locate: lookEverywhere,
  plocate: lookEverywhere,
  mlocate: lookEverywhere,
  mdfind: lookEverywhere,
  ...Object.fromEntries(
    'aider codex gemini cursor-agent opencode crush qwen amp goose-cli copilot-cli auggie droid kilocode claude-code continue-cli openhands'
      .split(' ')
      .map((name) => [name, agents]),
  ),
  mount: only(/^(?:|-l|-v)$/),
  sysctl: only(/^(?:-a|-n [\w.]+|[\w.]+)$/),
  crontab: only(/^-l$/),
  systemctl: only(/^(?:status|is-active|list-units|--version|show)\b/),
  service: only(/\bstatus$|^--status-all$/),
  launchctl: only(/^list\b/),
  loginctl: only(/^(?:list|show)/),
  claude: (call) => {
    const own = call.args.some((arg) =>
      /^(?:config|mcp|hooks?|settings|permissions|plugin|--dangerously\S*|--settings|--permission-mode)/.test(arg),
    );
    return own ? tamper(call) : only(/^(?:--version|-v|--help)$/)(call);
  },
  dayshift: only(/^(?:--version|--help|guard (?:explain|check|rules|test))\b/, tamper),
  dropbear: changes,
  sshd: changes,
  ldconfig: only(/^(?:-p|--print-cache|-V)$/),
  'update-alternatives': only(/^--(?:list|display|query) [\w.+-]+$|^--get-selections$/),
  swapon: only(/^(?:|-s|--summary|--show(?:=\S+)?)$/),
  chsh: only(/^(?:-l|--list-shells)$/),
  ufw: only(/^version$/),
  tmux: multiplexer,
  screen: multiplexer,
  aws: cloud(
    'amazonaws.com',
    /^(?:rds|dynamodb|redshift|athena|docdb|neptune|elasticache|timestream|dms|rds-data|redshift-data)/,
  ),
  gcloud: cloud('googleapis.com', /^(?:sql|spanner|bigtable|firestore|datastore|redis)/),
  az: cloud('management.azure.com', /^(?:sql|cosmosdb|postgres|mysql|redis)/),
  heroku: cloud('api.heroku.com', /^(?:pg|redis|run|psql)/),
  fly: cloud('api.fly.io', /^(?:postgres|pg|mpg|redis|ssh)/),
  flyctl: cloud('api.fly.io', /^(?:postgres|pg|mpg|redis|ssh)/),
  railway: cloud('railway.app', /^(?:connect|run|volume)/),
  vercel: cloud('api.vercel.com', /^(?:postgres|storage)/, true),
  netlify: cloud('api.netlify.com', /^db/),
  firebase: cloud('firebase.google.com', /^(?:firestore|database)/),
  doctl: cloud('api.digitalocean.com', /^databases/),
  now: cloud('api.vercel.com', /^$/, true),
  ...Object.fromEntries(
    'ecs-cli zappa skaffold tilt okteto devspace garden werf helmfile kapp velero istioctl argo copilot eb amplify cf ibmcloud oci linode-cli scw hcloud aliyun tccli nomad consul waypoint sst cdktf eksctl kops rancher argocd flux'
      .split(' ')
      .map((name) => [name, cloud(`the service of ${name}`, /^$/)]),
  ),
  ddev: within,
  lando: within,
  render: cloud('api.render.com', /^psql/),
  brew: (call) => {
    const services = call.args[0] === 'services' && !/^(?:list|info)?$/.test(call.args[1] ?? '');
    const place = call.args[0] === 'tap' ? call.args[2] : undefined;
    if (place !== undefined) connect(place, call.shown, call.machine);
    else if (call.args[0] === 'tap' && call.args[1]?.startsWith('-') === false)
      connect('github.com', call.shown, call.machine);
    return (services ? tamper : quiet)(call);
  },
  nix: (call) => {
    nixSources(call);
    // `nix run nixpkgs#git -- push`
    const at = call.args.findIndex((arg) => arg.includes('#') || /^\.?$/.test(arg));
    const program = call.args[at]?.split(/[#.]/).at(-1) ?? '';
    const rest = call.args.slice(at + 1);
    if (call.args[0] === 'run' && program !== '')
      return call.machine.invoke([program, ...(rest[0] === '--' ? rest.slice(1) : rest)], fork(call.frame));
    return unknownProgram(call, true);
  },
  nsenter: tamper,
  chroot: tamper,
  'electron-builder': (call) => {
    const at = call.args.findIndex((arg) => /^(?:-p|--publish)(?:=|$)/.test(arg));
    const how = at < 0 ? 'never' : (call.args[at]?.split('=')[1] ?? call.args[at + 1] ?? 'always');
    if (how === 'never') return quiet(call);
    call.machine.emit({ kind: 'publish', command: call.shown });
    return UNKNOWN;
  },
  'setup.py': (call) => {
    const publishes = call.args.some((arg) => /^(?:upload|register|upload_docs)$/.test(arg));
    call.machine.emit({ kind: publishes ? 'publish' : 'process', command: call.shown });
    buildPython('.', call.frame, call.machine);
    return UNKNOWN;
  },
  ...Object.fromEntries(
    'op bw lpass gopass chamber aws-vault keepassxc-cli 1password kwallet-query keyring'
      .split(' ')
      .map((name) => [name, only(/^(?:--?version|--help)$/)]),
  ),
  ...Object.fromEntries(
    'terraform tofu terragrunt'
      .split(' ')
      .map((name) => [
        name,
        (call: Call) => (/^[a-z]+ --?help$/.test(call.args.join(' ')) ? quiet : only(planning))(call),
      ]),
  ),
  dokku: cloud('the host of dokku', /^(?:postgres|mysql|mariadb|mongo|redis)/),
  fastlane: only(
    /^(?:--version|lanes|list|docs|env|help|(?:(?:ios|android|mac) )?(?:tests?|unit_tests|scan|lint|build|gym|snapshot|screenshots))\b/,
    sendsOut,
  ),
  ko: only(/^(?:version|help|deps|.*--(?:local|push=false)\b)/, sendsOut),
  packer: only(/^(?:version|--version|validate|fmt|inspect|hcl2_upgrade|init)\b/),
  pulumi: only(/^version/),
  sam: only(/^(?:--version|validate|build|init|local|docs)/),
  cdk: only(/^(?:--version|synth|list|ls)/),
  serverless: only(/^(?:--version|--help|package|print|create|offline|invoke local|plugin (?:list|search)|help)/),
  sls: only(/^(?:--version|--help|package|print|create|offline|invoke local|plugin (?:list|search)|help)/),
  'nix-shell': (call) => {
    const parsed = takeApart(call.args, setOf('--run --command -p --packages -I --arg --argstr -A --attr'));
    for (const text of valuesOf(parsed, '--run', '--command')) call.machine.run(text, fork(call.frame));
    nixSources(call);
    return quiet(call);
  },
  vault: only(/^(?:--version|version)/),
  'ansible-playbook': only(/--syntax-check|^--version/),
  'web-ext': only(/^(?!sign\b)/, sendsOut),
  'cpan-upload': only(/^--(?:help|version|dry-run)/, sendsOut),
  code: only(/^(?!tunnel\b|serve-web\b)/),
  minikube: only(/^(?!ssh\b|delete\b|mount\b)/),
  capsh: (call) => {
    const at = call.args.indexOf('--');
    return at < 0 ? quiet(call) : call.machine.invoke(['bash', ...call.args.slice(at + 1)], fork(call.frame));
  },
  puppet: only(/^(?:--version|help|parser|lint|epp validate|module list)\b/),
  chezmoi: only(/^(?:--version|help|diff|status|managed|unmanaged|data|doctor|cat|source-path|verify|completion)\b/),
  ansible: only(/^--version/),
  security: keeper('Library/Keychains'),
  'secret-tool': keeper('.local/share/keyrings'),
  pass: keeper('.password-store'),
  gpg: only(/^(?:--version|--list-keys|-k|--verify\b.*)/, keeper('.gnupg')),
  'ssh-add': keeper('.ssh'),
  'ssh-agent': only(/^-k$/),
  sops: only(/^(?:--?version|--help|-(?:e|-encrypt)\b.*|encrypt\b.*)$/, (call) => {
    plain(call);
    return keeper('.config/sops/age/keys.txt')(call);
  }),
  'ansible-vault': only(/^(?:--version|--help|encrypt|encrypt_string|create)\b/, keeper('.ssh')),
  age: only(/^(?!.*(?:^| )(?:-d|--decrypt)\b)/, keeper('.config/sops/age/keys.txt')),
  keyctl: keeper('.local/share/keyrings'),
  'apt-get': only(/^(?:-\S+\s+)*(?:update|install|upgrade|download|-s|--version|clean|autoremove)\b/),
};

/** Flakes and archives from elsewhere: `github:x/y`, `fetchTarball "https://…"`. */
function nixSources({ args, shown, machine }: Call): void {
  for (const arg of args) {
    const forge = /^(?:github|gitlab|sourcehut):/.exec(arg)?.[0];
    if (forge !== undefined) connect(`${forge.slice(0, -1)}.com`, shown, machine);
    for (const [address] of arg.matchAll(/(?:https?|ssh|git):\/\/[^\s"')}]+/g)) connect(address, shown, machine);
  }
}

/** `ddev mysql`, `lando drush x`: a command in a container of the project's. */
function within(call: Call): string {
  const own = /^(?:start|stop|restart|describe|list|logs|config|version|help|poweroff|info|rebuild|exec|ssh)$/;
  const words = call.args[0] === 'exec' || call.args[0] === 'ssh' ? call.args.slice(1) : call.args;
  if (words.length === 0 || own.test(words[0] ?? '')) call.machine.emit({ kind: 'process', command: call.shown });
  else call.machine.invoke(words, fork(call.frame, { foreign: true, via: [...call.frame.via, call.name] }));
  return UNKNOWN;
}

/** What a terminal multiplexer is told to run or to type. */
function multiplexer(call: Call): string {
  for (const arg of call.args) {
    if (arg.includes(' ') || call.machine.knows(arg) === 'dangerous')
      call.machine.run(arg, fork(call.frame, { via: [...call.frame.via, call.name] }));
  }
  const at = call.args.findIndex((arg) => call.machine.knows(arg) === 'dangerous' || /^\.{0,2}\/.+/.test(arg));
  if (at >= 0) call.machine.invoke(call.args.slice(at), fork(call.frame));
  return UNKNOWN;
}
