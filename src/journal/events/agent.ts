import { z } from 'zod';

/** What the agent does. */
export const agentEvents = {
  'agent.init': z.object({
    sessionId: z.string(),
    model: z.string(),
    version: z.string().optional(),
    apiKeySource: z.string().optional(),
  }),
  'agent.said': z.object({ text: z.string() }),
  'agent.tool': z.object({ toolUseId: z.string(), tool: z.string(), input: z.string() }),
  'agent.tool_result': z.object({ toolUseId: z.string(), ok: z.boolean(), text: z.string() }),
  'agent.retrying': z.object({ attempt: z.number(), status: z.number().nullable(), error: z.string() }),
  'agent.warned': z.object({ message: z.string() }),
  'guard.decided': z.object({
    toolUseId: z.string(),
    tool: z.string(),
    /** What was judged, cut: the command, or the path. */
    subject: z.string(),
    decision: z.enum(['allow', 'ask', 'deny']),
    rule: z.string(),
    reason: z.string(),
    instead: z.string().optional(),
    /** More than a call that could not be told: a mistake, a rule got round, or what watches the agent. */
    violation: z.enum(['plain', 'disguised', 'tamper']).optional(),
    /** The approval by which it was allowed. */
    item: z.string().optional(),
  }),
  'tell.sent': z.object({ id: z.string(), text: z.string() }),
  'tell.delivered': z.object({ id: z.string() }),
} as const;
