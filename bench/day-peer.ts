import { scriptOf, startScriptedModel } from '../src/agents/index.ts';
import { dayScript } from './day-script.ts';

/** The model of the day's benchmark, in a process of its own. */
const model = await startScriptedModel(scriptOf(dayScript()));
console.log(model.url);
process.stdin.on('end', () => void model.close()).resume();
