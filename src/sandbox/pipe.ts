import { constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { execaSync } from 'execa';
import { scratchFolderSync } from '../base/index.ts';

/**
 * A real pipe. What Node makes for its children are sockets, and those cannot be opened by name: `echo x >/dev/stderr`,
 * as shell scripts write it, fails on them. The caller closes `writeEnd` once its child has it.
 */
export function makePipe(): { readEnd: Readable; writeEnd: number } {
  const folder = scratchFolderSync('pipe');
  try {
    const path = join(folder, 'pipe');
    execaSync('/usr/bin/mkfifo', ['-m', '600', path]);
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { readEnd: new Socket({ fd, readable: true, writable: false }), writeEnd: openSync(path, 'w') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
