import { expect, test } from 'vitest';
import { expandBraces } from './braces.ts';

test.each([
  ['a{b,c}d', ['abd', 'acd']],
  ['{a,b}{1,2}', ['a1', 'a2', 'b1', 'b2']],
  ['x{a,{b,c}}', ['xa', 'xb', 'xc']],
  ['{1..3}', ['1', '2', '3']],
  ['{3..1}', ['3', '2', '1']],
  ['{0..10..5}', ['0', '5', '10']],
  ['{a..c}', ['a', 'b', 'c']],
  ['{,x}', ['', 'x']],
  ['{a}', ['{a}']],
  ['{a,b', ['{a,b']],
  ["'{a,b}'", ["'{a,b}'"]],
  ['\\{a,b}', ['\\{a,b}']],
  ['${x,y}', ['${x,y}']],
  ['{a,"b,c"}', ['a', '"b,c"']],
  ['{$(x,y),z}', ['$(x,y)', 'z']],
])('%s', (source, expected) => {
  expect(expandBraces(source)).toEqual(expected);
});

test('an expansion without end is given up', () => {
  expect(expandBraces('{1..9999}')).toBeUndefined();
  expect(expandBraces('{a,b}'.repeat(20))).toBeUndefined();
});
