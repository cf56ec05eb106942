/** Replaces secrets in a text by `[redacted]`, keeping what hints at their kind (`sk-ant-[redacted]`). Idempotent, linear in the text's length. */
export type Redact = (text: string) => string;

const MARK = '[redacted]';
/** Shorter ones would hit ordinary words. */
const MIN_SECRET = 6;

/**
 * A redactor for these known secrets, in every spelling they may come in (URL-encoded, base64 at any offset,
 * JSON-escaped), and for everything that has the shape of a credential.
 */
export function createRedactor(secrets: string[]): Redact {
  const known = knownPattern(secrets);
  const pass: Redact = (text) => {
    let out = known === undefined ? text : text.replace(known, MARK);
    out = redactKeyBlocks(out);
    out = out.replace(tokens, (_match, ...groups) => `${firstGroup(groups)}${MARK}`);
    out = out.replace(urlPassword, `$1${MARK}@`);
    out = out.replace(header, replaceHeader);
    out = out.replace(bearer, `$1${MARK}`);
    return out.replace(assignment, replaceAssignment);
  };
  return (text) => {
    // One that was glued to another shows its shape only when that one is gone: so until nothing changes.
    let out = text;
    for (let round = 0; round < 8; round += 1) {
      const before = out;
      out = pass(before);
      if (out === before) break;
    }
    return out;
  };
}

/** A secret with what a person calls it: `$API_TOKEN`. */
export interface NamedSecret {
  name: string;
  value: string;
}

/** Whether a text holds one of these secrets, in any spelling that the redactor knows: the function that names those that it holds. */
export function secretFinder(secrets: readonly NamedSecret[]): (text: string) => string[] {
  const known = new Map<string, RegExp>();
  for (const { name, value } of secrets) {
    const pattern = knownPattern([value]);
    if (pattern !== undefined) known.set(name, new RegExp(pattern.source));
  }
  return (text) => [...known].flatMap(([name, pattern]) => (pattern.test(text) ? [name] : []));
}

/**
 * The same for every string in a plain JSON value; a new value is returned. A string under a key such as
 * `DB_PASSWORD` is replaced whole, unless it names a variable (`$NAME`).
 */
export function redactDeep<T>(value: T, redact: Redact): T {
  return deep(value, redact) as T;
}

const environmentSecret =
  /^(?=[A-Z0-9_]*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE))[A-Z][A-Z0-9_]*$/;

function deep(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => deep(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const secret = typeof inner === 'string' && environmentSecret.test(key) && canBeSecret(key, inner);
      return [redact(key), secret ? MARK : deep(inner, redact)];
    }),
  );
}

// Known secrets ----------------------------------------------------------------------------------------------

function knownPattern(secrets: string[]): RegExp | undefined {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET || MARK.includes(secret)) continue;
    for (const spelling of spellingsOf(secret)) spellings.add(spelling);
    // A key file is often quoted line by line.
    for (const line of secret.split(/\r?\n/)) if (line.length >= 16 && line !== secret) spellings.add(line);
  }
  if (spellings.size === 0) return undefined;
  const longestFirst = [...spellings].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return new RegExp(longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}

function spellingsOf(secret: string): string[] {
  const url = urlEncode(secret);
  return [
    secret,
    url,
    url.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    url.replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    ...base64Of(secret),
  ].filter((spelling) => spelling.length >= MIN_SECRET);
}

function urlEncode(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    // Half a surrogate pair: such a text has no URL spelling.
    return secret;
  }
}

/** Base64 of the secret wherever it stands within what was encoded: its bytes may begin at each of three offsets. */
function base64Of(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const out: string[] = [];
  for (const offset of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    const sure = whole.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((whole.length * 8) / 6));
    if (sure.length < 8) continue;
    out.push(sure, sure.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return out;
}

// Shapes -----------------------------------------------------------------------------------------------------
// Each begins at a fixed prefix or at the start of a run (look-behind) and either is bounded or takes the whole
// run: so no text makes them slow.

const shapes = [
  '(sk-ant-)[A-Za-z0-9_-]{8,}',
  '(?<![A-Za-z0-9_-])(sk-(?:proj-|svcacct-|or-v1-)?)(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{32,}',
  '(?<![A-Za-z0-9])(gh[opsur]_)[A-Za-z0-9]{30,}',
  '(github_pat_)[A-Za-z0-9_]{22,}',
  '(?<![A-Za-z0-9])(gl(?:pat|ptt|dt|rt|cbt|ft|soat|oas|agent|imt|wt)-)[A-Za-z0-9_.-]{20,}',
  '(?<![A-Za-z0-9])(xox[abceoprs]-|xapp-)(?=[A-Za-z-]{0,12}[0-9])[A-Za-z0-9-]{10,}',
  '(hooks\\.slack\\.com/(?:services|workflows)/)[A-Za-z0-9/_-]{20,}',
  '(discord(?:app)?\\.com/api/webhooks/)[0-9]{15,22}/[A-Za-z0-9_-]{20,}',
  '(?<![A-Za-z0-9/+=])(A(?:KIA|SIA|BIA|CCA))[A-Z0-9]{16}(?![A-Za-z0-9/+=])',
  '(?<![A-Za-z0-9_-])(AIza)[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])',
  '(?<![A-Za-z0-9_-])(ya29\\.)[A-Za-z0-9_-]{20,}',
  '(GOCSPX-)[A-Za-z0-9_-]{20,}',
  '(?<![A-Za-z0-9])([rs]k_(?:live|test)_|whsec_)[A-Za-z0-9]{16,}',
  '(?<![A-Za-z0-9])(npm_)[A-Za-z0-9]{36}(?![A-Za-z0-9])',
  '(pypi-AgE)[A-Za-z0-9_-]{40,}',
  '(?<![A-Za-z0-9])(hf_)[A-Za-z0-9]{30,}',
  '(?<![A-Za-z0-9])(SG\\.)[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}',
  '(?<![A-Za-z0-9])(do[opr]_v1_)[a-f0-9]{64}',
  // The token of an agent's door, and how it stands in the credentials of a proxy.
  '(dayshift-door-)[A-Za-z0-9_-]{8,}',
  '(ZGF5c2hpZnQtZG9vci)[A-Za-z0-9+/_-]{8,}',
  // Three parts of base64url: a JSON Web Token.
  '(?<![A-Za-z0-9_-])(eyJ)[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*',
  // Telegram: the bot's id is not secret, what follows is.
  '(?<![0-9])([0-9]{6,12}:)[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])',
  // Discord: the base64 of an id, a time, a signature.
  '(?<![A-Za-z0-9_.-])([MNO])[A-Za-z0-9_-]{22,28}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,45}(?![A-Za-z0-9_-])',
];
const tokens = new RegExp(shapes.join('|'), 'g');

function firstGroup(groups: unknown[]): string {
  for (const group of groups) if (typeof group === 'string') return group;
  return '';
}

/** `://user:password@`; the user stays. Digits up to a slash are a port, `[` begins an IPv6 address. */
const urlPassword = /(:\/\/(?!\[[0-9a-f:])[^\s/?#:@'"`<>]{0,128}:)(?![0-9]{0,5}(?:[/?#\s'"`<>]|$))[^\s'"`<>]{1,256}@/gi;

const header =
  /(?<![A-Za-z0-9])((?:proxy-)?authorization|x-api-key|x-auth-token|x-goog-api-key|private-token)(\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["']?)((?:bearer|basic|token|bot)[ \t]{1,4})?([^\s"'`<>$,;()\\]{4,8192})/gi;

function replaceHeader(match: string, name: string, colon: string, scheme: string | undefined, value: string): string {
  if (value.startsWith(MARK) || isReference(value)) return match;
  // "Authorization: required" is prose; a key sent without a scheme has digits in it.
  if (scheme === undefined && /authorization$/i.test(name) && !looksRandom(value)) return match;
  return `${name}${colon}${scheme ?? ''}${MARK}`;
}

const bearer = /(?<![A-Za-z0-9])(bearer[ \t]{1,4})(?=[A-Za-z._~+/-]{0,64}[0-9])[A-Za-z0-9._~+/=-]{20,}/gi;

const secretName = 'password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private|credential';

/** `NAME=value`, `name = value`, `"name": "value"`, `name: value`, where the name is a secret's. */
const assignment = new RegExp(
  [
    `(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]{0,56}?(?:${secretName}))`,
    `(-{0,2}[A-Za-z_][A-Za-z0-9_-]{2,63})(\\\\?["']?)([ \\t]{0,4}[=:][ \\t]{0,4})`,
    `(?:(\\\\"|["'])([^"'\\n\\\\]{1,4096})\\4|([^\\s"'\`,;&\\\\]{1,4096}))`,
  ].join(''),
  'gi',
);

function replaceAssignment(
  match: string,
  name: string,
  nameQuote: string,
  equals: string,
  quote: string | undefined,
  quoted: string | undefined,
  bare: string | undefined,
): string {
  const value = quoted ?? bare ?? '';
  if (!canBeSecret(name, value)) return match;
  const sure = /^[A-Z][A-Z0-9_]*$/.test(name) && equals === '=';
  // Only an environment's spelling is sure; elsewhere the value must look like a secret, for code and prose have
  // `token = next()` and "secret: the trick".
  if (!sure) {
    if (/\s/.test(value) || value.length < 6) return match;
    if (quoted !== undefined && nameQuote === '' && /^[a-z][a-z._-]*$/i.test(value)) return match;
    if (quoted === undefined && (!looksRandom(value) || /[(){}[\]<>]/.test(value))) return match;
  }
  return `${name}${nameQuote}${equals}${quote ?? ''}${MARK}${quote ?? ''}`;
}

/** False for values that are none: a reference to a variable, a switch, a count of tokens, a mark of ours. */
function canBeSecret(name: string, value: string): boolean {
  if (value === '' || isReference(value) || value.startsWith(MARK) || /^[*.xX…]+$/.test(value)) return false;
  if (/^(?:true|false|yes|no|on|off|null|none|undefined|string|number|boolean|required|optional)$/i.test(value))
    return false;
  return !(/token/i.test(name) && /^[0-9._]{1,12}k?$/i.test(value));
}

function isReference(value: string): boolean {
  return /^(?:\$|<|\{\{|%[A-Z]|process\.|import\.|os\.|env\.|secrets\.)/.test(value);
}

/** Digits among letters: random text has them, words have not. */
function looksRandom(value: string): boolean {
  return value.length >= 6 && /[0-9]/.test(value) && /[A-Za-z]/.test(value);
}

// Private keys -----------------------------------------------------------------------------------------------

const keyBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const keyHeaders = /(?:(?:\\r|\\n|\s){0,4}(?:Proc-Type|DEK-Info|Version|Comment):[^\n\\]{0,200})*/y;
const keyBody = /(?:(?:\\r|\\n|\s){0,8}[A-Za-z0-9+/=]{20,})*/y;
const LONGEST_KEY = 32_768;

/** PEM blocks, also such whose end was cut off. */
function redactKeyBlocks(text: string): string {
  let out = '';
  let done = 0;
  let end = 0;
  for (const begin of text.matchAll(keyBegin)) {
    const from = begin.index + begin[0].length;
    if (begin.index < done) continue;
    // Looked up once for many beginnings, so that a text of beginnings only stays cheap.
    if (end !== -1 && end < from) end = text.indexOf('-----END ', from);
    let to: number;
    if (end !== -1 && end - from <= LONGEST_KEY) {
      to = end;
    } else {
      to = endOf(keyBody, text, endOf(keyHeaders, text, from));
      // Only named, not quoted.
      if (to === from) continue;
    }
    out += `${text.slice(done, from)}${MARK}`;
    done = to;
  }
  return out + text.slice(done);
}

/** Where a match of the sticky `pattern` at `from` ends. */
function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return from + (pattern.exec(text)?.[0].length ?? 0);
}
