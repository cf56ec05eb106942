import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('finding the home loads neither zod nor yaml: quick commands begin with it', () => {
  const script = `
    const { registerHooks } = require('node:module');
    const seen = [];
    registerHooks({ resolve: (s, c, next) => { const r = next(s, c); seen.push(r.url); return r; } });
    import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)}).then(() =>
      console.log(seen.filter((url) => url.includes('node_modules')).join()));`;
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim()).toBe('');
});
