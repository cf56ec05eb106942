import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { checkUpstream, payerOf, upstreamFromEnv } from '../door/index.ts';
import type { Check } from './types.ts';

/** Who pays. Says which variable holds the credential, never what is in it, and does not call anybody. */
export const account: Check = ({ env }) => {
  const upstream = upstreamFromEnv(env);
  const payer = payerOf(upstream, env);
  try {
    checkUpstream(upstream);
  } catch (error) {
    if (!(error instanceof DayshiftError)) throw error;
    return { name: 'account', ok: 'fail', found: error.message, remedy: error.hint ?? 'Correct it.' };
  }
  if (upstream.credential !== undefined) {
    const both = payer.includes('ignored');
    if (!both) return { name: 'account', ok: 'ok', found: payer };
    return { name: 'account', ok: 'warn', found: payer, remedy: 'Unset the one that shall not pay.' };
  }
  if (!payer.startsWith('nobody: ')) return { name: 'account', ok: 'ok', found: payer };
  const config = env.CLAUDE_CONFIG_DIR ?? join(env.HOME ?? homedir(), '.claude');
  const found = existsSync(join(config, '.credentials.json'))
    ? 'only the login of the interactive claude, which cannot be passed on to agents'
    : 'no API key and no token';
  const remedy =
    'With a subscription: run `claude setup-token` and set CLAUDE_CODE_OAUTH_TOKEN to what it prints. Else set ANTHROPIC_API_KEY. Both may stand in the .env of the home.';
  return { name: 'account', ok: 'fail', found, remedy };
};
