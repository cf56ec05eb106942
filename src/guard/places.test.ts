import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { decide, defaultPolicy, type GuardContext } from './index.ts';

/** The ports on the real file system, as the daemon has them. */
function realContext(): GuardContext {
  const workspace = join(newFolder('guard'), 'checkout');
  mkdirSync(join(workspace, 'src'), { recursive: true });
  const realpath = (path: string): string => {
    try {
      return realpathSync(path);
    } catch {
      return path === '/' ? path : join(realpath(dirname(path)), basename(path));
    }
  };
  const readFile = (path: string): string | undefined => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  };
  return { workspace, writable: [], readable: [], home: '/home/u', policy: defaultPolicy, readFile, realpath };
}

const bash = (command: string, context: GuardContext): string => {
  const decision = decide({ tool: 'Bash', input: { command }, cwd: context.workspace }, context);
  return `${decision.decision} ${decision.rule}`;
};

test('a symlink to the outside is the outside, for commands and tools', () => {
  const context = realContext();
  symlinkSync('/etc', join(context.workspace, 'link'));
  symlinkSync('/etc/hosts', join(context.workspace, 'hosts'));
  expect(bash('echo x > link/hosts', context)).toBe('deny path.outside');
  expect(bash('echo x > hosts', context)).toBe('deny path.outside');
  expect(bash('cat link/shadow', context)).toBe('deny path.secret');
  expect(bash('rm -rf src/../link/x', context)).toBe('deny path.outside');
  // `..` after a link goes up from where the link points.
  expect(bash('touch link/../x', context)).toBe('deny path.outside');
  const write = decide({ tool: 'Write', input: { file_path: 'hosts' }, cwd: context.workspace }, context);
  expect(write.rule).toBe('path.outside');
});

test('a file that changes between two calls is read anew', () => {
  const context = realContext();
  const script = join(context.workspace, 'x.sh');
  writeFileSync(script, '#!/bin/sh\necho fine\n');
  expect(bash('./x.sh', context)).toMatch(/^allow/);
  writeFileSync(script, '#!/bin/sh\ngit commit -am x\n');
  expect(bash('./x.sh', context)).toBe('deny git.write');
});

test('a linked name of a known program is that program', () => {
  const context = realContext();
  symlinkSync('/usr/bin/git', join(context.workspace, 'harmless'));
  expect(bash('./harmless commit -m x', context)).toBe('deny git.write');
  expect(bash('PATH=.:$PATH harmless commit', context)).toBe('deny git.write');
});
