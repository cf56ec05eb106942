import { z } from 'zod';

/** The daemon and its journal. */
export const daemonEvents = {
  'daemon.started': z.object({ pid: z.number(), version: z.string(), mode: z.enum(['run', 'daemon', 'command']) }),
  'daemon.stopped': z.object({ reason: z.string() }),
  /** A part of the daemon did not start or broke; the rest goes on. */
  'service.failed': z.object({ service: z.string(), why: z.string() }),
  /**
   * Something was cut out of the journal and kept aside in the file `kept` (empty where there was nothing to
   * keep). With `through` it stands in the place of the lost events from its own seq through that one.
   */
  'journal.repaired': z.object({
    file: z.string(),
    kept: z.string(),
    bytes: z.number(),
    lines: z.number().optional(),
    through: z.number().optional(),
  }),
} as const;
