import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { currentScope } from '../../context/scope';
import { HttpScope } from './http-scope';

/**
 * Sees streams that fail while they are the answer: their errors go to no filter. Nest has no public seam
 * for them, so this one adapter's `reply` is overlaid, and the overlay taken away again. Any other answer
 * costs a look at its class.
 *
 * @returns takes the overlay away
 */
export function watchStreams(adapter: AbstractHttpAdapter): () => void {
  const own = Object.getOwnPropertyDescriptor(adapter, 'reply');
  const reply = adapter.reply.bind(adapter) as (...args: unknown[]) => unknown;
  const overlay = (response: unknown, body: unknown, statusCode?: number): unknown => {
    if (body instanceof StreamableFile) watch(body.getStream());
    return reply(response, body, statusCode);
  };
  adapter.reply = overlay;
  return () => {
    // Whoever put another overlay over this one keeps it.
    if (Object.getOwnPropertyDescriptor(adapter, 'reply')?.value !== overlay) return;
    if (own) Object.defineProperty(adapter, 'reply', own);
    else delete (adapter as Partial<AbstractHttpAdapter>).reply;
  };
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
