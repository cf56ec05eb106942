import type { EventData } from '../../journal/index.ts';

export type RefusalReason = EventData<'egress.refused'>['reason'];

export interface EgressRefusal {
  /** As it was asked for, cut. */
  host: string;
  port?: number;
  reason: RefusalReason;
  detail?: string;
}

/** Why a connection was kept in. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reason: RefusalReason;
  readonly detail: string | undefined;

  constructor(reason: RefusalReason, detail?: string) {
    super(detail === undefined ? reason : `${reason}: ${detail}`);
    this.reason = reason;
    this.detail = detail;
  }
}
