export { claudeCode, type ClaudeCodeOptions } from './claude-code/index.ts';
export { goOnPrompt, type GoOnReason } from './go-on.ts';
export { buildPrompt, type BuiltPrompt, type PromptInput } from './prompt.ts';
export {
  parseScript,
  rehearsalScript,
  scriptOf,
  scriptSchema,
  startScriptedModel,
  type RecordedRequest,
  type Script,
  type ScriptedModel,
  type ScriptInput,
} from './scripted/index.ts';
export { DEFAULT_INSTRUCTIONS } from './template.ts';
export type * from './types.ts';
