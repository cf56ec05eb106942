import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { readBody } from './body.ts';

const limit = 64 * 1024;

const reportSchema = z.object({
  word: z.string(),
  tried: z.array(z.object({ what: z.string(), refused: z.boolean(), detail: z.string() })),
  ms: z.number(),
});

/** What a canary says of its sandbox: each thing that it tried, and how long all of it took, in ms. */
export type CanaryReport = z.infer<typeof reportSchema>;

/** The report in a request; rejects where there is none. */
export async function readCanary(incoming: IncomingMessage): Promise<CanaryReport> {
  return reportSchema.parse(JSON.parse((await readBody(incoming, limit)).toString()));
}
