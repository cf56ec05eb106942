const many = (text: string, bytes: number): string => text.repeat(Math.floor(bytes / text.length));

/** Commands of about so many bytes that are made to take long: loops in loops, values that grow, words without end. */
export const hostile: Record<string, (bytes: number) => string> = {
  'loops in loops': (bytes) => `${many('for i in a b; do ', bytes / 2)}ls${many('; done', bytes / 2)}`,
  'a long value, changed again and again': (bytes) => `x=${many('a', bytes / 2)};echo ${many('${x//a/b}', bytes / 2)}`,
  'a long value, cut again and again': (bytes) => `x=${many('a', bytes / 2)};echo ${many('${x##*b}', bytes / 2)}`,
  'a value that grows': (bytes) => many('x+=a;', bytes),
  'many variables in branches': (bytes) =>
    Array.from({ length: bytes / 36 }, (_, i) => `if a; then x${i}=b; else x${i}=c; fi`).join(';'),
  'many files': (bytes) => `rm ${many('a* ', bytes)}`,
  'nested braces': (bytes) => `echo ${many('{a,', bytes * 0.7)}${many('}', bytes * 0.3)}`,
  'nested substitutions': (bytes) => `${many('$(', bytes * 0.6)}ls${many(')', bytes * 0.3)}`,
  'wrappers in wrappers': (bytes) => `${many('nice -n 1 ', bytes)}ls`,
  'words of another machine': (bytes) => `${many('ssh a ', bytes)}ls`,
  'a text run for each input': (bytes) => `parallel ${many('ls ', bytes - 100)} ::: ${many('a ', 80)}`,
  'one-liners of python': (bytes) => `python3 -c '${many('os.system("ls");', bytes)}'`,
  'a one-liner of open quotes': (bytes) => `perl -e '${many('q{', bytes)}'`,
};
