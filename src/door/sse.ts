const newline = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const space = 0x20;
const dataField = Buffer.from('data');
const eventField = Buffer.from('event');
/** A line longer than this is dropped: no event that is read here comes near it. */
const longestLine = 16 * 1024 * 1024;

/**
 * A reader of server-sent events that takes bytes as they come, cut anywhere. Calls `onEvent` at each blank line
 * with the event's name (empty where the stream gave none) and its data. Lines end in LF or CRLF; comments,
 * ids and unknown fields are passed over. An event that was not ended by a blank line never happened.
 */
export function sseReader(onEvent: (name: string, data: Buffer) => void): (chunk: Buffer) => void {
  let pieces: Buffer[] = [];
  let pending = 0;
  let name = '';
  let data: Buffer[] = [];
  // Most events of a stream have the name of the one before: it is read once.
  let lastNameLine: Buffer = Buffer.alloc(0);
  let lastName = '';

  function nameIn(line: Buffer): string {
    if (!line.equals(lastNameLine)) {
      lastName = valueOf(line, 5).toString('latin1');
      lastNameLine = Buffer.from(line);
    }
    return lastName;
  }

  function takeLine(line: Buffer): void {
    if (line.length === 0) {
      if (data.length > 0) onEvent(name, data.length === 1 ? (data[0] ?? line) : joinLines(data));
      name = '';
      data = [];
      return;
    }
    // Only two fields matter, and they differ in the first letter: `data` and `event`.
    const first = line[0];
    if (first === 0x64 && isField(line, dataField)) data.push(valueOf(line, 4));
    else if (first === 0x65 && isField(line, eventField)) name = nameIn(line);
  }

  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      let line = chunk.subarray(from, end);
      from = end + 1;
      if (pending > 0) {
        line = pending > longestLine ? Buffer.from(':') : Buffer.concat([...pieces, line]);
        pieces = [];
        pending = 0;
      }
      takeLine(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line);
    }
    if (from === chunk.length) return;
    pending += chunk.length - from;
    if (pending > longestLine) pieces = [];
    else pieces.push(chunk.subarray(from));
  };
}

function isField(line: Buffer, field: Buffer): boolean {
  for (let i = 0; i < field.length; i++) if (line[i] !== field[i]) return false;
  return line.length === field.length || line[field.length] === colon;
}

function valueOf(line: Buffer, fieldLength: number): Buffer {
  const from = line[fieldLength + 1] === space ? fieldLength + 2 : fieldLength + 1;
  return line.subarray(from);
}

function joinLines(lines: Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [Buffer.from('\n'), line])));
}
