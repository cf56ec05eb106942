import { constants } from 'node:fs';
import { access, open, realpath } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { DayshiftError } from '../../base/index.ts';

/** Where the CLI really is. */
export interface ResolvedCli {
  /** What is started: absolute, no symlinks. */
  file: string;
  /** What must be readable for it to run. */
  readable: string[];
}

/**
 * Finds the CLI: a path, or a name on `env.PATH`. Symlinks are followed down to the native binary, because only
 * that one is visible in the sandbox. Rejects with DayshiftError where it is missing.
 */
export async function resolveCli(command: string, env: Record<string, string | undefined>): Promise<ResolvedCli> {
  for (const candidate of candidates(command, env)) {
    if (!(await isExecutable(candidate))) continue;
    const file = await realpath(candidate);
    if (!(await isScript(file))) return { file, readable: [file] };
    const native = await nativeBeside(file);
    if (native !== undefined) return { file: native, readable: [native] };
    // A wrapper of the person's own: it may need what lies beside it. What it starts must be in `sandbox.read`.
    return { file, readable: [dirname(file)] };
  }
  throw new DayshiftError('environment', `the Claude Code CLI was not found: ${command}`, {
    hint: 'install it with "npm i -g @anthropic-ai/claude-code", or set agent.command in config/dayshift.yaml to its path',
  });
}

function candidates(command: string, env: Record<string, string | undefined>): string[] {
  if (isAbsolute(command)) return [command];
  if (command.startsWith('~/')) return [join(env.HOME ?? '/', command.slice(2))];
  if (command.includes('/')) return [resolve(command)];
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, command));
}

async function isExecutable(file: string): Promise<boolean> {
  // A folder passes `access`, and must not be taken for the program.
  try {
    await access(file, constants.X_OK);
    const handle = await open(file);
    try {
      return (await handle.stat()).isFile();
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

/** Installed without its install script, the package holds a small script in the binary's place. */
async function isScript(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const magic = buffer.subarray(0, bytesRead).toString('latin1');
    const native = magic === '\x7fELF' || /^(\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe)/u.test(magic);
    return !native;
  } finally {
    await handle.close();
  }
}

/** The binary in the platform package that npm puts beside (or below) the CLI's own package. */
async function nativeBeside(file: string): Promise<string | undefined> {
  const names = [
    `claude-code-${process.platform}-${process.arch}`,
    `claude-code-${process.platform}-${process.arch}-musl`,
  ];
  for (let folder = dirname(file), i = 0; i < 3; folder = dirname(folder), i += 1) {
    for (const name of names) {
      for (const place of [join(folder, '..', name), join(folder, 'node_modules', '@anthropic-ai', name)]) {
        const binary = join(place, 'claude');
        if (await isExecutable(binary)) return realpath(binary);
      }
    }
  }
  return undefined;
}
