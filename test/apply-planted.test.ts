import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome } from './support/home.ts';
import { bash, task, tasks, writeFile } from './support/turns.ts';

const plant = `import os, socket
os.mkdir('.vscode'); open('.vscode/tasks.json', 'w').write('{"tasks":[{"command":"id","runOptions":{"runOn":"folderOpen"}}]}')
os.symlink('/etc/hostname', 'hostname')
os.mkfifo('pipe')
s = socket.socket(socket.AF_UNIX); s.bind('sock')
os.makedirs('locked/in'); open('locked/in/x', 'w').close(); os.chmod('locked/in', 0o555); os.chmod('locked', 0o500)
with open('huge.bin', 'wb') as f: f.write(b'x' * (60 << 20))
`;

test('what an agent planted for the person’s own programs is named at apply, links out are refused, and clean removes all of it', async () => {
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            {
              tools: [
                writeFile('{{workspace}}/package.json', '{\n  "scripts": {\n    "postinstall": "node x.js"\n  }\n}\n'),
              ],
            },
            { tools: [writeFile('{{workspace}}/plant.py', plant)] },
            { tools: [bash('python3 plant.py')] },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  expect(home.report()).toMatch(/huge\.bin is not taken along: 60 MB is too big/);

  const refused = await home.cli('apply', 'a');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/hostname \(a link to \/etc\/hostname\).*--allow-links/);
  expect(await home.git('status', '--porcelain')).toBe('');

  const applied = await home.cli('apply', 'a', '--allow-links');
  expect(applied.exitCode, applied.stderr).toBe(0);
  expect(applied.stdout).toMatch(
    /LOOK AT THESE FIRST[^]*\.vscode\/tasks\.json: an editor runs[^]*package\.json: npm runs its postinstall/,
  );
  for (const name of ['pipe', 'sock', 'huge.bin']) expect(existsSync(join(home.project, name)), name).toBe(false);

  const clean = await home.cli('clean', 'a');
  expect(clean.exitCode, clean.stdout + clean.stderr).toBe(0);
  expect(existsSync(join(home.paths.workspaces, DAY, 'a'))).toBe(false);
  expect(readFileSync('/etc/hostname', 'utf8')).not.toBe('');
});
