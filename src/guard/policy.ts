import type { GuardPolicy } from './types.ts';

/** What holds where config says nothing: no hosts but the machine itself, no tools beyond the known ones. */
export const defaultPolicy: GuardPolicy = {
  egress: [],
  protect: ['*.sqlite', '*.sqlite3', '*.db', '*.db3', '*.mdb'],
  tools: [],
};
