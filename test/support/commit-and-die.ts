import { openWorkHome, operatorOf, by } from './open-work-home.ts';

/** Makes one of the calls that write into the person's repository, and kills itself with SIGKILL at a named point. */
const [home = '', call = 'commit', task = '', point = ''] = process.argv.slice(2);
const open = await openWorkHome(home);
const operator = operatorOf(open, (name) => {
  if (name === point) process.kill(process.pid, 'SIGKILL');
});
const outcome = await operator[call as 'commit' | 'branch' | 'pr']({ task }, by);
await open.close();
console.log(JSON.stringify(outcome));
