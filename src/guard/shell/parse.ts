import { parse, type ParsedScript } from 'unbash';

/** The longest command that is looked at, in UTF-16 units. */
export const maxLength = 65_536;

/** More brackets open at a time than this are not parsed: the parser would come to the end of its stack, and slowly. */
const mostOpen = 1000;

/** Parses bash. Throws RangeError where the input is nested too deep: the caller's catch makes that a deny. */
export function parseScript(text: string): ParsedScript {
  if (text.length > maxLength) throw new RangeError(`longer than ${maxLength} characters`);
  if (nestedTooDeep(text)) throw new RangeError(`nested deeper than ${mostOpen}`);
  return parse(text);
}

/** By the brackets alone, quoted ones too. */
function nestedTooDeep(text: string): boolean {
  if (text.length < mostOpen) return false;
  let open = 0;
  for (let at = text.indexOf('('), shut = 0; at >= 0; at = text.indexOf('(', at + 1)) {
    for (; shut < at; shut += 1) if (text[shut] === ')' && open > 0) open -= 1;
    open += 1;
    if (open > mostOpen) return true;
  }
  return false;
}
