import type { ServerResponse } from 'node:http';

/**
 * Answers with an error in the vendor's form, which the CLI shows to its agent. `final` tells it not to try again.
 * Where an answer has begun or the client is gone, nothing can be said: the connection ends.
 */
export function answerError(
  outgoing: ServerResponse,
  status: number,
  type: string,
  message: string,
  options: { final?: boolean } = {},
): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(type, message));
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(options.final === true ? { 'x-should-retry': 'false' } : {}),
  });
  outgoing.end(body);
}

export function errorBody(type: string, message: string): object {
  return { type: 'error', error: { type, message } };
}

/** Aborts when the client goes away before it has its whole answer. */
export function departure(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (outgoing.destroyed) controller.abort();
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Ends an answer as its source ended: well, or cut, in which case the client gets what there was and then a cut. */
export function endLike(outgoing: ServerResponse, whole: boolean): void {
  if (whole) outgoing.end();
  else outgoing.socket?.destroySoon();
}
