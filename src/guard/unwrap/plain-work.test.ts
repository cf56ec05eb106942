import { expect, test } from 'vitest';
import { plainWork } from './plain-work.ts';

test('what stands in strings, expressions and comments is told from what the code does', () => {
  expect(plainWork('s = s.replace("eval(x)", \'exec(y)\') # fetch(', 'python')?.code).toBe('s = s.replace("", "") ');
  expect(plainWork('`a${b + `c`}` /* eval( */ ; x / 2', 'node')?.code).toBe('""+(b + "")   ; x / 2');
  expect(plainWork('print(f"eval({x}")', 'python')?.code).toBe('print(""+( x ))');
  expect(plainWork('s = "a"; puts s.sub(/eval\\(/, "x")', 'ruby')?.code).toBe('s = ""; puts s.sub( "" , "")');
  expect(plainWork('s/eval\\((\\w)/exec($1)/g; $x = $y / 2; print "`ls`" # qx(ls)', 'perl')?.code).toBe(
    ' "" ; $x = $y / 2; print  ""  ',
  );
});

test.each([
  ['python', "x = 'a"],
  ['python', 'f"{x["a"]}"'],
  ['python', 'eval("x")'],
  ['python', 'import app; app.f("x")'],
  ['python', '@f\ndef g(): pass'],
  ['python', 'def f(g): g("x")'],
  ['python', '# coding: utf-7\nprint("x")'],
  ['node', 'if (x) /"/.test("")'],
  ['node', "x = a++ /'/ + '/'"],
  ['node', 'f`x`'],
  ['node', 'a["constr" + "uctor"]'],
  ['node', 'const f = x.y; f("code")'],
  ['node', 'require("./x")'],
  ['ruby', "puts %q(') ; puts %q(')"],
  ['ruby', 'puts "#{x}"'],
  ['ruby', "x = ?'"],
  ['perl', 's/a/b/ge'],
  ['perl', 'print "@{[f()]}"'],
  ['perl', '/a(?{ f() })/'],
  ['perl', 'print qq{@\\{[f()]\\}}'],
  ['perl', 'print "$x{a}[f()]"'],
  ['perl', 'print length /2; f(); #/'],
  ['perl', 'print $x /2; f(); 1/ 1'],
  ['perl', '$h{a} [0] = "x|"'],
  ['perl', '{} /2; f(); #/'],
  ['perl', "$x'a; f(); 'b'"],
  ['perl', 'last s/a/1; f(); /'],
  ['perl', 'sort $x @y'],
  ['php', '$f("x");'],
  ['php', 'echo "a"; ?> it\'s'],
  ['php', 'echo "{$x}";'],
] as const)('%s that may run text, or can be read in two ways, is no plain work: %s', (language, code) => {
  expect(plainWork(code, language)).toBeUndefined();
});

test('code that is made to take long is told apart at once', () => {
  const fillings = [
    '\n',
    ' ',
    '\n    ',
    '"',
    "'",
    '`',
    '"\\',
    '`${',
    '[',
    '(',
    'a.',
    'f"{a}" ',
    '"a"+',
    '|a, ',
    'a = ',
    'import a, ',
    ': import ',
    '$x',
    's{',
    '(?',
    '"$x{a}',
    '/@x',
  ];
  for (const filling of fillings)
    for (const language of ['python', 'node', 'ruby', 'php', 'perl'] as const) {
      const before = process.cpuUsage();
      plainWork(
        `${language === 'perl' ? 'print ' : 'open'}${filling.repeat(Math.ceil(60_000 / filling.length))}`,
        language,
      );
      expect(process.cpuUsage(before).user, JSON.stringify([language, filling])).toBeLessThan(700_000);
    }
});
