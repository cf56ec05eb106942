import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** The sample project: a bakery's price list as shell scripts, so that its checks run wherever bash does. */
const files: Record<string, string> = {
  'README.md':
    '# Bakery\n\nPrices of a small bakery. `bash src/total.sh 2 3` adds up a bill.\n\n- `src/` the scripts\n- `test/` their tests\n',
  'CLAUDE.md': '# Notes for agents\n\nScripts are POSIX shell with comments. Prices are in cents.\n',
  'docs/STYLE.md': '# Style\n\nShort sentences. Prices with two decimals.\n',
  'src/prices.sh': '# Prices in cents.\nbread=350\nroll=60\ncake=1200\n',
  'src/total.sh':
    '# Adds up a bill: breads and rolls. Prints cents.\n. "$(dirname "$0")/prices.sh"\necho $(( $1 * bread + $2 * bread ))\n',
  'test/total.sh':
    '# Two breads and three rolls are 880 cents.\nset -eu\ngot=$(bash src/total.sh 2 3)\nif [ "$got" != 880 ]; then\n  echo "total 2 3: expected 880, got $got"\n  exit 1\nfi\necho "1 passed"\n',
};

/** Writes the sample project into `folder`, as a git repository with one commit where there is git. */
export async function makeSample(folder: string, withGit: boolean): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  if (!withGit) return;
  const git = (...args: string[]) =>
    execa(
      'git',
      ['-c', 'user.name=Baker', '-c', 'user.email=baker@example.com', '-c', 'commit.gpgsign=false', ...args],
      {
        cwd: folder,
        env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      },
    );
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'A bakery');
}
