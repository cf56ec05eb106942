import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('a reader loads neither schemas nor database', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import(${JSON.stringify(new URL('./read-only.ts', import.meta.url).href)});
    console.log(JSON.stringify(loaded));`;
  const loaded = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
  ) as string[];
  expect(loaded.length).toBeGreaterThan(5);
  expect(loaded.filter((url) => url.includes('node_modules') || url.endsWith('/events.ts'))).toEqual([]);
});
