/** So many characters has a name at most (RFC 1035), without the dot at its end. */
const longestName = 253;
/** Underscores are no letters of host names, but stand in names that resolve. */
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * A host's name in the one form in which names are compared: lower case, without the dot at its end. Undefined where it
 * is no name: an address in any spelling (a last part that is a number is read as one: 127.1, 2130706433, 0x7f.1),
 * anything but ASCII, empty or overlong parts.
 */
export function hostName(text: string): string | undefined {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name.length === 0 || name.length > longestName) return undefined;
  const labels = name.split('.');
  if (!labels.every((part) => label.test(part)) || isNumber(labels.at(-1) ?? '')) return undefined;
  return name;
}

/** Whether `text` is an address and no name, in any spelling that some program takes for one. */
export function looksLikeAddress(text: string): boolean {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (bare.startsWith('[') || /^[0-9a-f:.]*:[0-9a-f:.]*:/i.test(bare)) return true;
  return isNumber(bare.split('.').at(-1) ?? '');
}

/** As the URL standard has it: digits, or a hexadecimal number. */
function isNumber(part: string): boolean {
  return /^(?:\d+|0x[0-9a-f]*)$/i.test(part);
}
