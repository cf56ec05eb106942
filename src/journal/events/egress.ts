import { z } from 'zod';

/** Who reached out: the agent, or a command that Dayshift ran for it. */
const bySchema = z.enum(['agent', 'setup', 'check']);

const refusalSchema = z.enum([
  'malformed', // no host and port could be read
  'address', // an address in place of a name
  'not_listed',
  'too_many', // connections at once
  'too_fast', // new connections in a minute
  'used_up', // the bytes that the task may move
  'no_address', // the name does not resolve
  'not_public', // it resolves to an address that is not out in the world
  'unreachable',
  'not_tls', // something else than TLS, or HTTP where that is allowed
  'no_name', // TLS that names no server
  'other_name', // TLS for another server than was asked for
  'hidden_name', // TLS with an encrypted name
  'failed', // the proxy itself
]);

/** What left by the door beside model calls, and what was kept in. */
export const egressEvents = {
  /** The first connection of the task to this host and port. Written before it is made. */
  'egress.opened': z.object({ host: z.string(), port: z.number(), by: bySchema }),
  /** The first refusal of its kind for this host; `host` as it was asked for, cut. */
  'egress.refused': z.object({
    host: z.string(),
    port: z.number().optional(),
    reason: refusalSchema,
    detail: z.string().optional(),
    by: bySchema,
  }),
  /** What was added since the last one: bytes as they crossed the wire, refusals beyond the first of their kind. */
  'egress.counted': z.object({
    hosts: z.array(
      z.object({
        host: z.string(),
        port: z.number(),
        connections: z.number(),
        sent: z.number(),
        received: z.number(),
      }),
    ),
    refused: z.array(z.object({ host: z.string(), reason: refusalSchema, count: z.number() })),
  }),
} as const;
