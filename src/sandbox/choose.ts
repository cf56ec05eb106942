import { readFileSync } from 'node:fs';
import { DayshiftError, messageOf } from '../base/index.ts';
import { bubblewrap } from './bubblewrap.ts';
import { findProgram } from './find.ts';
import { noSandbox } from './none.ts';
import { runCommand } from './run-command.ts';
import { sandboxExec } from './seatbelt.ts';
import { noLimits } from './limits/means.ts';
import type { Sandbox, SandboxPolicy } from './types.ts';

export type SandboxMode = 'auto' | Sandbox['kind'];

const without =
  'Or choose to work without: `sandbox: { mode: none }` in config/dayshift.yaml. Agents can then do whatever you can do.';

/** The smallest policy: nothing of the host but its programs. */
const bare: SandboxPolicy = {
  cwd: '/tmp',
  writable: [],
  readable: [],
  placed: [],
  hidden: [],
  sockets: [],
  env: {},
  limits: noLimits,
};

/**
 * The sandbox for this machine, tried by running a program in it, or what is in the way and what to do about it. `env`
 * says by its PATH where programs are looked for. There is no silent step down to none.
 */
export async function chooseSandbox(
  mode: SandboxMode,
  env: NodeJS.ProcessEnv,
): Promise<{ sandbox: Sandbox } | { problem: DayshiftError }> {
  const kind = mode === 'auto' ? kindOf(process.platform) : mode;
  switch (kind) {
    case 'none':
      return { sandbox: noSandbox() };
    case 'sandbox-exec':
      return tried(sandboxExec(), () => without);
    case 'bubblewrap': {
      const bwrap = findProgram('bwrap', env.PATH);
      if (bwrap === undefined) return { problem: missing() };
      return tried(bubblewrap({ bwrap }), remedy);
    }
    case undefined:
      return {
        problem: new DayshiftError('environment', `There is no sandbox for ${process.platform}.`, {
          hint: `Run Dayshift on Linux or macOS (on Windows: in WSL 2). ${without}`,
        }),
      };
  }
}

/** The kind of sandbox that a setting means here; `none` where there is none for this system. */
export function kindFor(mode: SandboxMode): Sandbox['kind'] {
  return mode === 'auto' ? (kindOf(process.platform) ?? 'none') : mode;
}

function kindOf(platform: NodeJS.Platform): Sandbox['kind'] | undefined {
  if (platform === 'linux') return 'bubblewrap';
  return platform === 'darwin' ? 'sandbox-exec' : undefined;
}

async function tried(
  sandbox: Sandbox,
  hintFor: (output: string) => string,
): Promise<{ sandbox: Sandbox } | { problem: DayshiftError }> {
  const output = await tryOut(sandbox);
  if (output === undefined) return { sandbox };
  const problem = new DayshiftError('environment', `The sandbox (${sandbox.kind}) does not work here: ${output}`, {
    hint: hintFor(output),
  });
  return { problem };
}

/** What went wrong, or undefined. */
async function tryOut(sandbox: Sandbox): Promise<string | undefined> {
  try {
    const result = await runCommand(sandbox, bare, 'true', { timeoutMs: 20_000 });
    if (result.exitCode === 0) return undefined;
    return result.timedOut ? 'it did not start within 20 s' : result.tail || `exit code ${String(result.exitCode)}`;
  } catch (error) {
    return messageOf(error);
  }
}

function missing(): DayshiftError {
  return new DayshiftError('environment', 'bubblewrap (the program bwrap), the sandbox for agents, is not installed.', {
    hint: `Install it: apt-get install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap, apk add bubblewrap. ${without}`,
  });
}

/** What to do about what bwrap said. */
export function remedy(output: string): string {
  if (/unknown option/i.test(output)) {
    return `Dayshift needs bubblewrap 0.8 or newer (Debian 12, Ubuntu 24.04 and later have it). ${without}`;
  }
  const setting = forbidding();
  if (setting !== undefined) return `This system forbids user namespaces to ordinary users: ${setting} ${without}`;
  return `In a container, start it with what bubblewrap needs, for example docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined. ${without}`;
}

function forbidding(): string | undefined {
  if (kernelSetting('kernel/unprivileged_userns_clone') === '0') {
    return 'allow them with `sudo sysctl -w kernel.unprivileged_userns_clone=1` (for good: in /etc/sysctl.d/).';
  }
  if (kernelSetting('user/max_user_namespaces') === '0') {
    return 'allow them with `sudo sysctl -w user.max_user_namespaces=15000` (for good: in /etc/sysctl.d/).';
  }
  if (kernelSetting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return 'allow them to bwrap by an AppArmor profile for /usr/bin/bwrap with `userns,` in it (package apparmor-profiles has one: bwrap-userns-restrict), or to all with `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`.';
  }
  return undefined;
}

function kernelSetting(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
  } catch {
    return undefined; // this kernel has no such setting
  }
}
