import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { currentScope } from '../../context/scope';
import { overlayMethod } from '../overlay-method';
import { HttpScope } from './http-scope';

/**
 * Sees streams that fail while they are the answer: their errors go to no filter. Nest has no public seam
 * for them, so this one adapter's `reply` is overlaid, and the overlay taken away again. Any other answer
 * costs a look at its class.
 *
 * @returns takes the overlay away
 */
export function watchStreams(adapter: AbstractHttpAdapter): () => void {
  return overlayMethod(adapter as object, 'reply', (reply) => (response, body, statusCode) => {
    if (body instanceof StreamableFile) watch(body.getStream());
    return Reflect.apply(reply, adapter, [response, body, statusCode]) as unknown;
  });
}

function watch(stream: Readable): void {
  const scope = currentScope()?.work;
  if (!(scope instanceof HttpScope)) return;
  const note = (error: unknown): void => {
    // A client that left is no error of the app's.
    if (!scope.rawResponse.destroyed && !scope.rawRequest.socket?.destroyed) scope.note(error, {}, true);
  };
  if (stream.errored) note(stream.errored);
  // First in line: Nest's own listener destroys the response.
  else stream.prependOnceListener('error', note);
}
