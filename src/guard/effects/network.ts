import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { readPath, writePath } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { connect } from './host.ts';
import { http, socketOf } from './http.ts';
import { unknownProgram } from './programs.ts';

/** nc, telnet, socat: bytes to a host and port. */
function raw(call: Call): string {
  const { frame, machine } = call;
  const parsed = takeApart(call.args, setOf('-w -p -s -i -q -X -x -c -e -g -I -O -T -U --exec --sh-exec'));
  for (const program of valuesOf(parsed, '-e', '-c', '--exec', '--sh-exec'))
    machine.run(program, fork(frame, { via: [...frame.via, call.name], stdin: UNKNOWN }));
  if (call.name === 'socat') {
    for (const address of call.args.filter((arg) => !arg.startsWith('-') || arg === '-')) socatAddress(address, call);
    return UNKNOWN;
  }
  if (has(parsed, '-l')) return UNKNOWN;
  if (has(parsed, '-U')) {
    for (const socket of [...valuesOf(parsed, '-U'), ...parsed.words]) socketOf(socket, call);
    return UNKNOWN;
  }
  const [host, port] = parsed.words;
  if (host === undefined) return UNKNOWN;
  connect(port === undefined ? host : `${host}:${port}`, call.shown, machine, {
    raw: !has(parsed, '-z'),
    sends: !has(parsed, '-z'),
  });
  return UNKNOWN;
}

function socatAddress(address: string, call: Call): void {
  const { frame, machine, shown } = call;
  const kind = address.split(':')[0]?.toUpperCase() ?? '';
  const rest = address.slice(address.indexOf(':') + 1);
  if (/LISTEN$|-L$|^(?:-|STDIO|STDIN|STDOUT|PIPE)$/.test(kind)) return;
  if (/^(?:EXEC|SYSTEM|SHELL)$/.test(kind))
    machine.run(rest.replace(/,(?:pty|stderr|setsid|sigint|sane).*$/, ''), fork(frame, { stdin: UNKNOWN }));
  else if (/^UNIX|^ABSTRACT/.test(kind)) socketOf(rest.split(',')[0] ?? '', call);
  else if (/^(?:OPEN|CREATE|FILE|GOPEN)$/.test(kind)) writePath(rest.split(',')[0] ?? '', frame, machine);
  else connect(rest.split(',')[0] ?? '', shown, machine, { raw: true, sends: true });
}

/** ssh, scp, sftp: a host, and what runs there. */
function ssh(call: Call): string {
  const { frame, machine } = call;
  const parsed = takeApart(call.args, setOf('-p -P -i -l -o -F -L -R -D -J -W -b -c -e -m -E -S -w -B -I -O -Q'), true);
  for (const program of call.name === 'sftp' ? valuesOf(parsed, '-D', '-S') : []) machine.run(program, fork(frame));
  for (const option of valuesOf(parsed, '-o')) {
    const program = /^(?:ProxyCommand|LocalCommand|KnownHostsCommand)[= ]\s*(.+)$/i.exec(option)?.[1];
    if (program !== undefined) machine.run(program, fork(frame, { via: [...frame.via, 'ssh -o'] }));
  }
  for (const file of valuesOf(parsed, '-i', '-F')) readPath(file, frame, machine);
  const [host, ...command] = parsed.words;
  if (host === undefined) return UNKNOWN;
  connect(host.replace(/^.*@/, ''), call.shown, machine, { sends: true });
  const remote = fork(frame, { foreign: true, via: [...frame.via, 'ssh'] });
  if (command.length > 0) machine.run(command.join(' '), remote);
  else if (frame.stdin.trim() !== '') machine.run(frame.stdin, remote);
  return UNKNOWN;
}

function scp(call: Call): string {
  const parsed = takeApart(call.args, setOf('-P -i -o -F -l -c -S -J -D -X'));
  for (const program of valuesOf(parsed, '-S', '-D')) call.machine.run(program, fork(call.frame));
  const target = parsed.words.at(-1);
  for (const word of parsed.words) {
    const host = /^(?:scp:\/\/)?(?:[^/@]+@)?([^/:]+):/.exec(word)?.[1];
    if (host !== undefined) connect(host, call.shown, call.machine, { sends: word === target });
    else (word === target ? writePath : readPath)(word, call.frame, call.machine, true);
  }
  return UNKNOWN;
}

/** The first word is the host. */
const host: Handler = (call) => {
  const [name, port] = takeApart(call.args, setOf('-p -c -i -s -t -W -w -n -f -q -m -P -u -b -l')).words.filter(
    (word) => !/^[@+]/.test(word),
  );
  const address = call.name === 'telnet' && port !== undefined ? `${name ?? ''}:${port}` : name;
  if (address !== undefined) connect(address, call.shown, call.machine, { raw: call.name === 'telnet', sends: true });
  return UNKNOWN;
};

/** `openssl s_client` connects; the rest of openssl works on files. */
function openssl(call: Call): string {
  const parsed = takeApart(
    call.args.slice(1),
    setOf(
      '-connect -url -server -host -port -proxy -in -out -inkey -key -cert -CAfile -CApath -keyout -passin -pass -subj -config -days -newkey -addext -starttls -servername -signkey -extfile -inform -outform -name',
    ),
  );
  const { frame, machine } = call;
  if (/^(?:s_client|s_time)$/.test(call.args[0] ?? '')) {
    for (const address of [...valuesOf(parsed, '-connect', '-host', '-proxy'), ...parsed.words])
      connect(address, call.shown, machine, { raw: true, sends: true });
    if (valuesOf(parsed, '-starttls').some((name) => /postgres|mysql/.test(name)))
      machine.emit({ kind: 'database', how: 'client', command: call.shown });
  } else {
    for (const address of valuesOf(parsed, '-url', '-server', '-host', '-proxy', '-connect'))
      connect(address, call.shown, machine, { sends: true });
    machine.emit({ kind: 'process', command: call.shown });
  }
  for (const file of valuesOf(parsed, '-out', '-keyout')) writePath(file, frame, machine);
  for (const file of valuesOf(parsed, '-in', '-inkey', '-key', '-cert', '-CAfile', '-signkey', '-config', '-extfile'))
    readPath(file, frame, machine);
  for (const secret of valuesOf(parsed, '-pass', '-passin')) {
    if (secret.startsWith('file:')) readPath(secret.slice(5), frame, machine);
  }
  return UNKNOWN;
}

/** Clients of a service that is not named on the command line. */
const service =
  (name: string): Handler =>
  (call) => {
    if (call.args.length > 0 && call.args.every((arg) => /^(?:--?version|--help|-h|version|help)$/.test(arg)))
      return '';
    call.machine.emit({ kind: 'network', host: name, command: call.shown, sends: true });
    return UNKNOWN;
  };

/** Every address among its words: a browser, a client of HTTP, what fetches a template or rules. */
const addressed: Handler = (call) => {
  for (const [index, arg] of call.args.entries()) {
    const address = /^(?:--?[\w-]+=)?((?:https?|wss?|git|ssh|ftp):\/\/.*)$/is.exec(arg)?.[1];
    // Where a browser is to send its pings, or what its user agent is, is no page.
    if (address !== undefined && !/^--?(?:user-agent|app-id)$/.test(call.args[index - 1] ?? ''))
      connect(address, call.shown, call.machine, { sends: true });
  }
  return unknownProgram(call, false);
};

export const network: Record<string, Handler> = {
  ...http,
  logger: (call) => {
    const parsed = takeApart(call.args, setOf('-n -P -t -p -f -i -u --server --port --tag --priority --file --socket'));
    for (const server of valuesOf(parsed, '-n', '--server')) connect(server, call.shown, call.machine, { sends: true });
    for (const file of valuesOf(parsed, '-f', '--file')) readPath(file, call.frame, call.machine);
    return UNKNOWN;
  },
  openssl,
  ...Object.fromEntries(
    'degit tiged giget httpx ansible-pull create-next-app semgrep chromium chromium-browser google-chrome google-chrome-stable chrome headless_shell firefox brave-browser microsoft-edge'
      .split(' ')
      .map((name) => [name, addressed]),
  ),
  nc: raw,
  ncat: raw,
  netcat: raw,
  socat: raw,
  ssh,
  autossh: ssh,
  mosh: ssh,
  sftp: ssh,
  scp,
  ...Object.fromEntries(
    'ztcp zftp lynx w3m links elinks browsh telnet tftp ping ping6 dig drill delv kdig dog nslookup host whois traceroute tracepath mtr nmap grpcurl websocat ssh-copy-id ssh-keyscan iwr irm invoke-webrequest invoke-restmethod finger rsh rlogin'
      .split(' ')
      .map((name) => [name, host]),
  ),
  ...Object.fromEntries(
    'ftp lftp ncftp ncftpput ncftpget ncftpls cadaver smbclient sshfs restic borg borgmatic duplicity duplicacy kopia irssi weechat ntpdate ntpq sntp snmpget snmpwalk snmpset snmpbulkwalk gnutls-cli bore chisel frpc sshuttle mosquitto_pub mosquitto_sub nats-pub stompclt ldapsearch ldapmodify rpcclient smbmap hydra nikto sqlmap masscan fping arping hping3 nping httping iperf iperf3 speedtest speedtest-cli gpg-connect-agent mail mailx sendmail mutt msmtp swaks aria2c axel rclone s3cmd mc gsutil azcopy ngrok cloudflared localtunnel lt tailscale yt-dlp youtube-dl skopeo oras crane regctl surge croc transfer wormhole magic-wormhole b2 syncthing gist pastebinit termbin wg-quick openvpn untun ffsend expose pagekite zrok inlets rathole devtunnel tunnelmole tmole telebit cosign release-please semantic-release-cli web-push pscp plink filezilla gdrive rdesktop mosh-client ipfs rtorrent transmission-cli'
      .split(' ')
      .map((name) => [name, service(name)]),
  ),
};
