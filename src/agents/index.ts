export { claudeCode } from './claude-code/index.ts';
export { goOnPrompt } from './go-on.ts';
export { buildPrompt } from './prompt.ts';
export {
  parseScript,
  rehearsalScript,
  type ProjectLook,
  scriptOf,
  startScriptedModel,
  type Script,
  type ScriptedModel,
  type ScriptInput,
} from './scripted/index.ts';
export type * from './types.ts';
