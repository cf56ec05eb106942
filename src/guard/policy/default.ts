import type { GuardPolicy } from '../types.ts';
import { compileRules } from './compile.ts';

/** What holds where config says nothing: no hosts but the machine itself, the built-in rules. */
export const defaultPolicy: GuardPolicy = {
  egress: [],
  protect: ['*.sqlite', '*.sqlite3', '*.db', '*.db3', '*.mdb'],
  rules: compileRules(),
};
