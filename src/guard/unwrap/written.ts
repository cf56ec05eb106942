import { connect } from '../effects/host.ts';
import type { Machine } from '../machine.ts';
import { deletePath, readPath } from '../paths.ts';
import type { Frame } from '../shell/frame.ts';
import {
  changesStore,
  drivers,
  opensByModule,
  opensServer,
  opensStore,
  serverModules,
  sqliteFile,
} from './code-marks.ts';
import { squeezed, withoutComments } from './literals.ts';

/** A call that goes out to an address that stands in it. */
const goesTo =
  /\b(?:get|post|put|patch|delete|head|request|fetch|urlopen|urlretrieve|Request|URI|axios|got|open|file_get_contents|curl_init|Get|Post|GetAsync|PostAsync|httpGet|connect|WebSocket|download\w{0,9})[!?]?\s{0,9}\(\s{0,9}(?:new\s{1,9}URL\s{0,9}\()?["'`]((?:https?|wss?):\/\/[^\s"'`$]{1,300})/g;
/** A socket: a name and a port. */
const socket =
  /\b(?:create_connection|connect|createConnection|Dial|TCPSocket\.(?:new|open)|fsockopen)\s{0,9}\(\s{0,9}\(?\s{0,9}["']([\w.-]{1,200}\.[a-z]{2,20})["']\s{0,9},\s{0,9}(\d{1,5})/g;
/** A call that reads or deletes what lies in somebody's home. In some languages its word needs no quotes. */
const atHome =
  /\b(read\w*|open|fopen|source|slurp|load|getline|File|Path\.of|Paths\.get|remove\w*|rm\w*|unlink\w*|delete\w*)[!?]?(?:\s{1,9}\w{1,20})?\s{0,9}[(<]?\s{0,9}(?:-force\s{1,9})?(["'`]?)((?:~|\/home\/[\w.-]{1,60}|\/root)\/[^\s"'`)\];{}$]{1,300})/gi;
const empties =
  /\b(?:drop\s+(?:table|database|schema|collection)|truncate\s+\w|delete\s+from)\b|drop_?database|drop_all|flushall|flushdb|deleteMany\s*\(\s*(?:\{\s*\})?\s*\)/i;
const endsParent =
  /\bkill\w*\s{0,9}\(\s{0,9}(?:os\.getppid\s*\(|process\.ppid\b|getppid\s*\(|["']\w+["']\s*,\s*Process\.ppid)/;

/**
 * What plainly stands in code that this very input wrote, and now runs, counts as in a one-liner: where it goes by an
 * address, what it reads and deletes in a home by a path, that it empties a database. A file that was there is
 * reviewed like the rest of the project.
 */
export function scanWritten(text: string, language: string, frame: Frame, machine: Machine): void {
  const code = withoutComments(squeezed(text), language);
  for (const [whole, address = ''] of code.matchAll(goesTo))
    connect(address, `${language} code`, machine, { sends: /post|put|patch/i.test(whole.slice(0, 9)) });
  for (const [, host = '', port = ''] of code.matchAll(socket))
    connect(`${host}:${port}`, `${language} code`, machine, { raw: true });
  for (const [, verb = '', quote = '', path = ''] of code.matchAll(atHome)) {
    if (quote === '' && language !== 'other') continue;
    if (/^(?:rem|rm|unl|del)/i.test(verb)) deletePath(path, frame, machine, true);
    else readPath(path, frame, machine);
  }
  if (
    opensDatabase(code) ||
    (empties.test(code) &&
      (drivers.test(code) || sqliteFile.test(code)) &&
      (changesStore.test(code) || /drop_?database/i.test(code)))
  )
    machine.emit({ kind: 'database', how: 'driver', command: `${language} with a database driver` });
  if (endsParent.test(code))
    machine.emit({ kind: 'tamper', what: `${language} code ends the process that started it` });
}

/** True where code plainly opens a connection to a server of a database, or a store by its library's one call. */
function opensDatabase(code: string): boolean {
  if (opensServer.test(code) || opensStore.test(code)) return true;
  // Two steps: one pattern for both would try what is left of a long text again at each module.
  const module = code.search(serverModules);
  return module >= 0 && opensByModule.test(code.slice(module));
}

/** The same of a test that this very input wrote: all else that a test talks about is no deed. */
export function scanWrittenTest(text: string, language: string, machine: Machine): void {
  if (opensDatabase(withoutComments(squeezed(text), language)))
    machine.emit({ kind: 'database', how: 'driver', command: `${language} with a database driver` });
}
