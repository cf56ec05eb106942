export { parseScript, scriptOf } from './parse.ts';
export { rehearsalScript } from './rehearsal.ts';
export { scriptSchema, type Script, type ScriptInput } from './schema.ts';
export { startScriptedModel, type RecordedRequest, type ScriptedModel } from './server.ts';
