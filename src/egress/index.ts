export { kindOf } from './address.ts';
export { readHello } from './hello.ts';
export {
  defaultPort,
  presets,
  readEntry,
  ruleFor,
  rulesOf,
  showRule,
  WEB_SEARCH,
  type EgressRule,
  type Preset,
} from './list.ts';
export { hostName, looksLikeAddress } from './name.ts';
export { connectTarget, plainTarget, type EgressTarget } from './target.ts';
