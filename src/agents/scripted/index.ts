export { parseScript, scriptOf } from './parse.ts';
export { rehearsalScript, type ProjectLook } from './rehearsal.ts';
export type { Script, ScriptInput } from './schema.ts';
export { startScriptedModel, type ScriptedModel } from './server.ts';
