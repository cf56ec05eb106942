import type { z } from 'zod';
import { orList } from './nearest.ts';

const kinds: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  date: 'a date',
  null: 'nothing',
  never: 'nothing',
};

/**
 * What was expected, for every kind of issue that zod raises by itself (an own message of the schema wins).
 * "expected …" gets ", found …" behind it where the place in the file is known.
 */
export function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${kinds[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return bound(issue.origin, Number(issue.minimum), issue.inclusive ?? true, 'at least', 'more than');
    case 'too_big':
      return bound(issue.origin, Number(issue.maximum), issue.inclusive ?? true, 'at most', 'less than');
    case 'invalid_value':
      return `expected ${orList(issue.values.map((value) => (typeof value === 'string' ? value : String(value))))}`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return `expected a valid ${issue.format}`;
    case 'unrecognized_keys':
      return 'unknown key';
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'this key is not valid';
    case 'invalid_union':
      return 'expected another kind of value';
    case 'invalid_element':
    case 'custom':
    default:
      return 'not valid';
  }
}

function bound(origin: string, limit: number, inclusive: boolean, atLeast: string, moreThan: string): string {
  const relation = inclusive ? atLeast : moreThan;
  if (origin === 'string') {
    return limit === 1 && inclusive && atLeast === 'at least'
      ? 'expected some text'
      : `expected ${relation} ${limit} characters`;
  }
  if (origin === 'array' || origin === 'set') return `expected ${relation} ${limit} entries`;
  return `expected ${origin === 'int' ? 'a whole number of ' : ''}${relation} ${limit}`;
}
