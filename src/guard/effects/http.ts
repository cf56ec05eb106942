import { SAFE, UNKNOWN, hasUnknown } from '../marks.ts';
import type { Call, Handler, Machine } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { readPath, resolve, writePath } from '../paths.ts';
import { fork } from '../shell/frame.ts';
import { connect } from './host.ts';
import { unknownProgram } from './programs.ts';

const curlValues = setOf(
  '-o -d -F -T -X -H -A -e -b -c -u -K -x -m -w -D -E -r -C -z -Y -y -U -t -Q -P --output --data --data-raw --data-binary --data-ascii --data-urlencode --json --form --form-string --upload-file --request --header --proxy-header --user-agent --referer --cookie --cookie-jar --user --config --proxy --max-time --connect-timeout --retry --retry-delay --write-out --dump-header --cert --key --cacert --capath --range --resolve --connect-to --unix-socket --abstract-unix-socket --interface --output-dir --url --proto --trace --trace-ascii --stderr --netrc-file --preproxy --socks5 --socks5-hostname --socks4 --noproxy --limit-rate --max-redirs --variable --doh-url --dns-servers --hostpubmd5 --oauth2-bearer --url-query',
);

function curl(call: Call): string {
  const parsed = takeApart(call.args, curlValues);
  const { frame, machine } = call;
  if (has(parsed, '--version', '-V', '--help')) return '';
  const method = valuesOf(parsed, '-X', '--request')[0]?.toUpperCase() ?? 'GET';
  const bodies = [
    '-d',
    '-F',
    '-T',
    '--data',
    '--data-raw',
    '--data-binary',
    '--data-ascii',
    '--data-urlencode',
    '--json',
    '--form',
    '--form-string',
    '--upload-file',
  ];
  const carried = [
    ...parsed.words,
    ...valuesOf(
      parsed,
      '--url',
      '--url-query',
      '-H',
      '--header',
      '-A',
      '--user-agent',
      '-b',
      '--cookie',
      '-u',
      '--user',
      '-e',
      '--referer',
    ),
  ];
  // `@file`: its lines are headers; `name@file`: its text is a variable, to be put into anything. A cookie without `=` is a file of them.
  const sent = [
    ...valuesOf(parsed, '-H', '--header', '--proxy-header').map((value) => /^@(.+)/.exec(value)?.[1]),
    ...valuesOf(parsed, '--variable').map((value) => /^%?\w+(?:\[[^\]]*\])?@(.+)/.exec(value)?.[1]),
    ...valuesOf(parsed, '-b', '--cookie').map((value) => (value.includes('=') || value === '' ? undefined : value)),
  ].filter((file) => file !== undefined);
  for (const file of sent) readPath(file, frame, machine);
  for (const format of valuesOf(parsed, '-w', '--write-out'))
    if (format.startsWith('@')) readPath(format.slice(1), frame, machine);
  const sends =
    sent.length > 0 ||
    has(parsed, ...bodies) ||
    !/^(?:GET|HEAD|OPTIONS)$/.test(method) ||
    carries(carried, machine) ||
    has(parsed, '--url-query');
  for (const value of valuesOf(parsed, ...bodies, '--url-query')) {
    const file = /^(?:[^=]*=)?[@<](.+)$/.exec(value)?.[1];
    if (file !== undefined) readPath(file.replace(/;.*$/, ''), frame, machine);
  }
  for (const file of valuesOf(parsed, '-T', '--upload-file', '-K', '--config', '--netrc-file', '--cert', '--key', '-E'))
    readPath(file, frame, machine);
  for (const file of valuesOf(
    parsed,
    '-o',
    '--output',
    '-D',
    '--dump-header',
    '-c',
    '--cookie-jar',
    '--trace',
    '--trace-ascii',
    '--stderr',
    '--output-dir',
  ))
    writePath(file, frame, machine);
  if (has(parsed, '-O', '--remote-name', '-J', '--remote-name-all') && !has(parsed, '--output-dir'))
    writePath(SAFE, frame, machine);
  if (has(parsed, '-n', '--netrc')) readPath('~/.netrc', frame, machine);
  for (const text of valuesOf(parsed, '-w', '--write-out'))
    for (const [, file = ''] of text.matchAll(/%output\{(?:>>)?([^}]*)\}/g)) writePath(file, frame, machine);
  const detours = valuesOf(
    parsed,
    '--resolve',
    '--connect-to',
    '-x',
    '--proxy',
    '--preproxy',
    '--socks5',
    '--socks5-hostname',
    '--socks4',
    '--doh-url',
  );
  for (const detour of detours) {
    const place = detour.replace(/^[^:]*:\d*:/, '');
    connect(place, call.shown, machine, { sends });
  }
  for (const socket of valuesOf(parsed, '--unix-socket', '--abstract-unix-socket')) socketOf(socket, call);
  if (has(parsed, '-K', '--config')) machine.emit({ kind: 'network', host: UNKNOWN, command: call.shown, sends });
  for (const url of [...parsed.words, ...valuesOf(parsed, '--url')]) {
    if (/^file:/i.test(url)) readPath(url.replace(/^file:(?:\/\/[^/]*)?/i, ''), frame, machine);
    else connect(url, call.shown, machine, { sends });
  }
  return UNKNOWN;
}

/** True where an address or a header has text in it that came out of a command or a file. */
const carries = (texts: readonly string[], machine: Machine): boolean =>
  (machine.computed && texts.some(hasUnknown)) ||
  machine.printed.some((begin) => texts.some((text) => text.includes(begin)));

function wget(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf(
      '-O -P -o -a -i -e -t -T -U -A -R -D -l -Q -w --output-document --directory-prefix --output-file --append-output --input-file --execute --post-data --post-file --body-data --body-file --method --header --user-agent --timeout --tries --load-cookies --save-cookies --use-askpass --user --password --config',
    ),
  );
  const { frame, machine } = call;
  if (has(parsed, '--version', '--help')) return '';
  const sends =
    has(parsed, '--post-data', '--post-file', '--body-data', '--body-file', '--method') ||
    carries(
      [...parsed.words, ...valuesOf(parsed, '--header', '--user-agent', '-U', '--user', '--password', '--referer')],
      machine,
    );
  for (const file of valuesOf(parsed, '--post-file', '--body-file', '-i', '--input-file', '--config'))
    readPath(file, frame, machine);
  const outputs = valuesOf(
    parsed,
    '-O',
    '-P',
    '-o',
    '-a',
    '--output-document',
    '--directory-prefix',
    '--output-file',
    '--append-output',
    '--save-cookies',
  );
  for (const file of outputs) writePath(file, frame, machine);
  if (outputs.length === 0) writePath(SAFE, frame, machine);
  for (const program of valuesOf(parsed, '--use-askpass')) machine.run(program, fork(frame));
  if (has(parsed, '-e', '--execute', '-i', '--input-file'))
    machine.emit({ kind: 'network', host: UNKNOWN, command: call.shown, sends });
  for (const url of parsed.words) connect(url, call.shown, machine, { sends });
  return UNKNOWN;
}

/** HTTPie and its like: `http POST host/path a=b`. */
function httpie(call: Call): string {
  const parsed = takeApart(call.args, setOf('-a -o -A --auth --output --session --proxy --timeout'));
  for (const file of valuesOf(parsed, '-o', '--output')) writePath(file, call.frame, call.machine);
  const [first = '', second] = parsed.words;
  if (first === '') return '';
  const verb = /^[A-Z]+$/.test(first);
  const url = verb ? (second ?? '') : first;
  const sends =
    (verb && !/^(?:GET|HEAD|OPTIONS)$/.test(first)) ||
    parsed.words.slice(verb ? 2 : 1).some((word) => /[^=]=|:=|@/.test(word));
  connect(url.startsWith(':') ? `localhost${url}` : url, call.shown, call.machine, { sends });
  return UNKNOWN;
}

/** A unix socket: a database's by its name, or a file of this machine. */
export function socketOf(path: string, { frame, machine, shown }: Call): void {
  if (/PGSQL|postgres|mysql|mariadb|redis|mongo|valkey|memcached/i.test(path))
    machine.emit({ kind: 'database', how: 'client', command: shown });
  writePath(path, frame, machine);
}

/** Hurl: the requests stand in files of the project. */
function hurl(call: Call): string {
  const { frame, machine } = call;
  const parsed = takeApart(
    call.args,
    setOf(
      '-o --output --variable --variables-file --report-html --report-json --report-junit --jobs --retry --retry-interval --connect-to --resolve --proxy -x -u --user --max-time --connect-timeout --glob --test-name',
    ),
  );
  const given = new Map(
    valuesOf(parsed, '--variable').map((text) => text.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  for (const address of valuesOf(parsed, '--proxy', '-x')) connect(address, call.shown, machine, { sends: true });
  for (const file of valuesOf(parsed, '-o', '--output')) writePath(file, frame, machine);
  for (const word of parsed.words) {
    readPath(word, frame, machine);
    const text = resolve(word, frame, machine.context)
      .map((path) => machine.file(path).text ?? '')
      .join('\n');
    const requests = [...text.matchAll(/^[ \t]*[A-Z]{3,10}[ \t]+(\S+)/gm)];
    if (requests.length === 0) machine.emit({ kind: 'network', host: UNKNOWN, command: call.shown, sends: true });
    for (const [, url = ''] of requests)
      connect(
        url.replace(/\{\{\s*([\w-]+)\s*\}\}/g, (_, name: string) => given.get(name) ?? UNKNOWN),
        call.shown,
        machine,
        { sends: true },
      );
  }
  return UNKNOWN;
}

/** Vegeta's targets stand in a file or on standard input. */
function vegeta(call: Call): string {
  const { frame, machine } = call;
  if (call.args[0] !== 'attack') return unknownProgram(call, false);
  const files = call.args.flatMap((arg, at) =>
    /^--?targets$/.test(arg) ? [call.args[at + 1] ?? ''] : (/^--?targets=(.*)$/s.exec(arg)?.[1] ?? []),
  );
  const read = files
    .flatMap((file) => resolve(file, frame, machine.context))
    .map((path) => machine.file(path).text ?? UNKNOWN);
  const addresses = (files.length === 0 ? [frame.stdin] : read).flatMap(
    (text) => text.match(/https?:\/\/\S+/g) ?? [UNKNOWN],
  );
  for (const address of addresses) connect(address, call.shown, machine, { sends: true });
  return UNKNOWN;
}

/** Clients of HTTP. */
export const http: Record<string, Handler> = {
  curl,
  curlie: curl,
  wget,
  wget2: wget,
  hurl,
  wscat: (call) => {
    const parsed = takeApart(call.args, setOf('-c --connect -H -p -s -x --proxy --cert --key --ca --auth --header'));
    for (const address of valuesOf(parsed, '-c', '--connect', '--proxy'))
      connect(address, call.shown, call.machine, { sends: true });
    return UNKNOWN;
  },
  http: httpie,
  https: httpie,
  xh: httpie,
  vegeta,
};
