import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A folder with a `bwrap` that changes its options and then starts the real one: what a broken profile would be. `change`
 * is Python that works on the list `options`.
 */
export function alteredBwrap(folder: string, change: string): string {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'bwrap');
  writeFileSync(
    program,
    `#!/usr/bin/python3
import os, sys, threading
real = next(f for f in (p + '/bwrap' for p in ('/usr/bin', '/usr/local/bin', '/bin')) if os.access(f, os.X_OK))
if '--args' in sys.argv:
    options = b''
    while part := os.read(3, 65536): options += part
    options = options.decode().split('\\0')[:-1]
    def drop(name, count, fits):
        at = 0
        while at < len(options):
            if options[at] == name and fits(*options[at + 1:at + 1 + count]): del options[at:at + 1 + count]
            else: at += 1
${change
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
    # In memory: a pipe would have to be filled beside the program that this becomes.
    fd = os.memfd_create('options')
    os.write(fd, b''.join(option.encode() + b'\\0' for option in options))
    os.lseek(fd, 0, os.SEEK_SET)
    os.dup2(fd, 3)
os.execv(real, sys.argv)
`,
  );
  chmodSync(program, 0o755);
  return folder;
}
