import { stripVTControlCharacters } from 'node:util';

/** Control characters but tab and newline, and the marks that turn the direction of text round (they make a line read as another). */
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Text from outside made fit for a terminal, a page or a chat: CRLF becomes LF, colours and cursor movements,
 * control characters and direction marks go. Tabs and newlines stay.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replace(unseen, '');
}

/** The same in one line: every run of white space is one space, none at the ends. */
export function oneLine(text: string): string {
  return printable(text).split(/\s+/u).filter(Boolean).join(' ');
}
