import { parse } from 'yaml';
import { remembered } from './remembered.ts';

/** Longer YAML is not read, in UTF-16 units: its parser takes long where brackets are never shut. */
const longest = 20_000;

/** What a YAML text says. Throws where it is none, and where it is too long to be read. */
export const readYaml = remembered((text): unknown => {
  if (text.length > longest) throw new Error('too long');
  return parse(text, { logLevel: 'error' });
});
