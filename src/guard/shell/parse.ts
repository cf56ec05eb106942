import { parse, type ParsedScript } from 'unbash';

/** The longest command that is looked at, in UTF-16 units. */
export const maxLength = 65_536;

/** Parses bash. Throws RangeError where the input is nested too deep: the caller's catch makes that a deny. */
export function parseScript(text: string): ParsedScript {
  if (text.length > maxLength) throw new RangeError(`longer than ${maxLength} characters`);
  return parse(text);
}
