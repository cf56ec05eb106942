import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { homePaths, type Home } from '../home/index.ts';
import type { Journal } from '../journal/index.ts';
import { workspacePaths, type Workspace } from '../workspace/index.ts';
import { promptFor } from './prompt.ts';
import { aSpec, DAY, preparedEvents, stateOf } from './testing.ts';

test('an agent is told what the four files in config say, its task and its context files; what is kept for people holds no secret', async () => {
  const paths = homePaths(newFolder('prompt'));
  mkdirSync(paths.config);
  const files = {
    'agent_instructions.md': '{{description}}\nREAD {{context_files}}\nPATTERNS {{patterns}}\nQUALITY {{quality}}\n',
    'orchestrator_rules.md': 'the rule of this house\n',
    'task_execution_patterns.md': 'the pattern of this house\n',
    'code_quality_standards.md': 'the standard of this house\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(paths.config, name), text);
  const spec = aSpec('a', { description: 'Do it, hunter2.', contextFiles: ['docs/GUIDE.md'] });
  const workspace = { paths: workspacePaths(paths, DAY, 'a'), subdir: '' } as Workspace;
  mkdirSync(workspace.paths.root, { recursive: true });
  const warned: string[] = [];
  const ctx = {
    home: { paths } as Home,
    journal: { state: stateOf([spec], preparedEvents('a')) } as Journal,
    redact: (text: string) => text.replaceAll('hunter2', '***'),
    log: (text: string) => void warned.push(text),
  };
  const { launch, systemPrompt } = await promptFor(ctx, { day: DAY, task: 'a' }, workspace, {
    ...{ do: 'launch', mode: 'start', why: 'first' },
    items: [],
  });
  const prompt = launch.mode === 'start' ? launch.prompt : '';
  for (const part of [
    'Do it, hunter2.',
    'READ - docs/GUIDE.md',
    'PATTERNS the pattern of this house',
    'QUALITY the standard of this house',
  ])
    expect(prompt).toContain(part);
  expect(systemPrompt).toContain('the rule of this house');
  expect(warned).toEqual([]);
  const kept = readFileSync(join(workspace.paths.root, 'agent_instructions.md'), 'utf8');
  expect(kept).toContain('Do it, ***.');
  expect(kept).not.toContain('hunter2');
});
