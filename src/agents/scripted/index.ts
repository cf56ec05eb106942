export { parseScript, scriptOf } from './parse.ts';
export { rehearsalScript } from './rehearsal.ts';
export type { Script, ScriptInput } from './schema.ts';
export { startScriptedModel, type ScriptedModel } from './server.ts';
