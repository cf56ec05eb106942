import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../base/index.ts';
import { answerError, departure, endLike } from './answer.ts';
import { readBody, unpacked, unpackedStream } from './body.ts';
import { queryOf, requestLimit, type Gateway } from './gateway.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { errandsOf } from './outside.ts';
import { redactor, redactText } from './redact.ts';
import { relay } from './relay.ts';
import { send } from './send.ts';
import { watchStall } from './stall.ts';

/** What costs nothing goes out and back as it is: counting tokens, the list of models. `path` is a known one. */
export async function passFree(
  gateway: Gateway,
  path: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = departure(outgoing);
  const stop = new AbortController();
  gone.addEventListener('abort', () => stop.abort());
  const watch = watchStall(
    gateway.clock,
    gateway.stallMs,
    () => outgoing.writableNeedDrain,
    () => stop.abort(),
  );
  try {
    const method = incoming.method ?? 'GET';
    const body = method === 'GET' ? undefined : await readBody(incoming, requestLimit);
    if (body !== undefined && !(await mayLeave(gateway, incoming, outgoing, body))) return;
    const response = await send(
      gateway.upstream,
      {
        method,
        path: path + queryOf(incoming),
        headers: requestHeaders(incoming.headers, gateway.upstream, body?.length),
        body,
      },
      stop.signal,
    );
    const source = unpackedStream(response);
    const status = response.statusCode ?? 502;
    if (source === undefined || (status >= 300 && status < 400)) {
      response.destroy();
      answerError(outgoing, 502, 'api_error', 'the model’s address gave an answer that cannot be passed on');
      return;
    }
    outgoing.writeHead(status, responseHeaders(response.headers, gateway.secrets));
    const filter = redactor(gateway.secrets);
    const whole = await relay(source, outgoing, {
      onChunk: () => watch.touch(),
      clean: (chunk) => filter.push(chunk),
      rest: () => filter.flush(),
    });
    endLike(outgoing, whole);
  } catch (error) {
    answerError(outgoing, 502, 'api_error', redactText(messageOf(error), gateway.secrets));
  } finally {
    watch.stop();
  }
}

/** Whether the request asks its provider for nothing that it may not; answered where it does. */
async function mayLeave(
  gateway: Gateway,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: Buffer,
): Promise<boolean> {
  try {
    gateway.mayAsk(errandsOf(await unpacked(body, incoming.headers['content-encoding'], requestLimit)));
    return true;
  } catch (error) {
    answerError(outgoing, 400, 'invalid_request_error', `Dayshift did not send this on: ${messageOf(error)}`, {
      final: true,
    });
    return false;
  }
}
