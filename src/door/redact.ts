const mark = '[removed]';

/** `text` with every secret replaced by a mark. */
export function redactText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, mark), text);
}

/** Removes secrets from bytes that pass in pieces. */
export interface Redactor {
  /** What may go on of the bytes so far; a tail that could begin a secret is held back. */
  push(chunk: Buffer): Buffer;
  /** The held tail, at the end. */
  flush(): Buffer;
}

export function redactor(secrets: readonly string[]): Redactor {
  const needles = secrets.map((secret) => Buffer.from(secret)).filter((needle) => needle.length > 0);
  let held: Buffer = Buffer.alloc(0);
  const clean = (bytes: Buffer): Buffer => needles.reduce((rest, needle) => withoutNeedle(rest, needle), bytes);
  return {
    push(chunk) {
      const bytes = clean(held.length === 0 ? chunk : Buffer.concat([held, chunk]));
      const tail = needles.reduce((longest, needle) => Math.max(longest, startedAtEnd(bytes, needle)), 0);
      held = bytes.subarray(bytes.length - tail);
      return tail === 0 ? bytes : bytes.subarray(0, bytes.length - tail);
    },
    flush() {
      const rest = held;
      held = Buffer.alloc(0);
      return rest;
    },
  };
}

function withoutNeedle(bytes: Buffer, needle: Buffer): Buffer {
  let found = bytes.indexOf(needle);
  if (found < 0) return bytes;
  const parts: Buffer[] = [];
  let from = 0;
  for (; found >= 0; found = bytes.indexOf(needle, from)) {
    parts.push(bytes.subarray(from, found), Buffer.from(mark));
    from = found + needle.length;
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}

/** How many bytes at the end of `bytes` are a beginning of `needle`. */
function startedAtEnd(bytes: Buffer, needle: Buffer): number {
  for (let length = Math.min(needle.length - 1, bytes.length); length > 0; length--) {
    if (bytes[bytes.length - length] !== needle[0]) continue;
    if (bytes.compare(needle, 0, length, bytes.length - length) === 0) return length;
  }
  return 0;
}
