/**
 * Escape sequences of terminals: colours and cursor movements (CSI), titles and links (OSC, DCS, …), the short ones.
 * Each part is bounded or stops at the next escape, so that no text makes it slow (node's own remover is quadratic
 * on unclosed ones).
 */
const escapes =
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]{0,8192}(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]{0,8}[0-Z\\^-~]/g;

/** Control characters but tab and newline, and the marks that turn the direction of text round (they make a line read as another). */
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text from outside made fit for a terminal, a page or a chat: CRLF becomes LF, colours and cursor movements,
 * control characters and direction marks go. Tabs and newlines stay. Linear in the text's length.
 */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(escapes, '').replace(unseen, '');
}

/** The same in one line: every run of white space is one space, none at the ends. */
export function oneLine(text: string): string {
  return printable(text).split(/\s+/u).filter(Boolean).join(' ');
}
