import { scriptOf, startScriptedModel } from '../src/agents/index.ts';
import { dayScript } from './day-script.ts';

/** The model of the day's benchmark, in a process of its own. `day-peer MS`: how long it thinks before each answer. */
const model = await startScriptedModel(scriptOf(dayScript(Number(process.argv[2]))));
console.log(model.url);
process.stdin.on('end', () => void model.close()).resume();
