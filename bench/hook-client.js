// @ts-check
/**
 * hook-client PORT CALLS: asks the hook on 127.0.0.1:PORT about tool calls, one after the other, and prints the
 * milliseconds of each as JSON. It runs inside the sandbox, where nothing of this repository is: hence plain JavaScript.
 */
import { Agent, request } from 'node:http';

const [port = '', calls = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const commands = [
  'npm test -- --run src/modules',
  'grep -rn "page size" src | head -20',
  'git diff --stat',
  'ls -la docs',
];

/** @param {number} n */
function bodyOf(n) {
  // One call in ten is refused, and what is refused is written down before it is answered.
  const command = n % 10 === 9 ? 'git commit -am "done"' : commands[n % commands.length];
  return JSON.stringify({
    hook_event_name: 'PreToolUse',
    session_id: 's',
    transcript_path: '/t.jsonl',
    cwd: process.cwd(),
    permission_mode: 'dontAsk',
    tool_name: 'Bash',
    tool_input: { command, description: 'What the agent says of it' },
    tool_use_id: `toolu_${n}`,
  });
}

/** @param {number} n */
function ask(n) {
  const body = bodyOf(n);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return /** @type {Promise<number>} */ (
    new Promise((resolve, reject) => {
      const start = performance.now();
      const sent = request({ host: '127.0.0.1', port, path: '/hook', method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(performance.now() - start));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    })
  );
}

const times = [];
for (let n = 0; n < Number(calls); n += 1) times.push(await ask(n));
console.log(JSON.stringify(times));
agent.destroy();
