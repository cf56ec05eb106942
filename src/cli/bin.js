#!/usr/bin/env node
// Plain JavaScript that every Node can parse: it must be able to say that the Node is too old.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`dayshift needs Node 22.18 or newer, and this is ${process.versions.node}: install a newer Node.`);
  process.exit(2);
}
// In a checkout the sources lie beside this file and run as they are; a published package has dist/ only.
import('node:fs')
  .then(async ({ existsSync }) => {
    const { default: module } = await import('node:module');
    module.enableCompileCache?.();
    const source = new URL('./main.ts', import.meta.url);
    const entry = existsSync(source) ? source : new URL('../../dist/src/cli/main.js', import.meta.url);
    const { main } = await import(entry.href);
    await main();
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
