import { execa } from 'execa';
import { findProgram } from '../sandbox/index.ts';
import type { Check, Finding } from './types.ts';

/** The oldest Claude Code whose flags and hooks Dayshift knows, and the one that its tests run. */
const oldestClaude = '2.1.0';
const testedClaude = '2.1.329';
const oldestGit = '2.31.0';
const oldestNode = '22.18.0';

export const node: Check = () => {
  const version = process.versions.node;
  if (isAtLeast(version, oldestNode)) return { name: 'node', ok: 'ok', found: version };
  return { name: 'node', ok: 'fail', found: version, remedy: `Install Node ${oldestNode} or newer.` };
};

export const claude: Check = async ({ config, env }) => {
  const command = config?.agent.command ?? 'claude';
  const file = findProgram(command, env.PATH);
  const install =
    'Install it with `npm install -g @anthropic-ai/claude-code`, or name it in config/dayshift.yaml: `agent: { command: … }`.';
  if (file === undefined) {
    return {
      name: 'claude',
      ok: 'fail',
      found: `${command} is not on the PATH (${env.PATH ?? 'empty'})`,
      remedy: install,
    };
  }
  const said = await versionOf(file, env);
  if ('problem' in said) return { name: 'claude', ok: 'fail', found: `${file} ${said.problem}`, remedy: install };
  const found = `${said.version} at ${file}`;
  if (!isAtLeast(said.version, oldestClaude)) {
    return {
      name: 'claude',
      ok: 'fail',
      found,
      remedy: `Dayshift needs ${oldestClaude} or newer: update it with \`claude update\`.`,
    };
  }
  if (isAtLeast(said.version, testedClaude)) return { name: 'claude', ok: 'ok', found };
  return {
    name: 'claude',
    ok: 'warn',
    found,
    remedy: `Dayshift is tested with ${testedClaude}: older ones may lack something.`,
  };
};

export const git: Check = async ({ env }): Promise<Finding> => {
  const file = findProgram('git', env.PATH);
  const remedy = `Install git ${oldestGit} or newer: apt-get install git, dnf install git, brew install git.`;
  if (file === undefined) return { name: 'git', ok: 'fail', found: 'git is not on the PATH', remedy };
  const said = await versionOf(file, env);
  if ('problem' in said) return { name: 'git', ok: 'fail', found: `${file} ${said.problem}`, remedy };
  const found = `${said.version} at ${file}`;
  return isAtLeast(said.version, oldestGit)
    ? { name: 'git', ok: 'ok', found }
    : { name: 'git', ok: 'fail', found, remedy };
};

/** Really runs it: a file that is there may still be for another system, or hang. */
async function versionOf(
  file: string,
  env: Record<string, string | undefined>,
): Promise<{ version: string } | { problem: string }> {
  const { stdout, exitCode, timedOut, shortMessage } = await execa(file, ['--version'], {
    env: { PATH: env.PATH, HOME: env.HOME, DISABLE_AUTOUPDATER: '1' },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 20_000,
    forceKillAfterDelay: 1000,
  });
  if (timedOut) return { problem: 'did not say its version within 20 s' };
  const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0];
  if (exitCode === 0 && version !== undefined) return { version };
  return { problem: `does not say its version: ${shortMessage ?? JSON.stringify(stdout.slice(0, 200))}` };
}

/** Compares versions number by number. */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  for (let index = 0; index < 3; index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
