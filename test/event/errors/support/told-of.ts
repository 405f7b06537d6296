import type { RavenOptions } from 'nestjs-raven';
import { newClient } from '../../../client/support/new-client';

/** What an event tells of an error, beside frames. */
export interface Told {
  contexts: Record<string, Record<string, unknown>>;
  /** The exceptions as `Type: value`, what was thrown first. */
  exceptions: string[];
  /** All of it as one text, in which a value must not stand. */
  text: string;
}

/** What is on the wire of an error that a client of default options captures. */
export function toldOf(thrown: unknown, options: RavenOptions = {}): Told {
  const { client, event } = newClient(options);
  client.captureException(thrown);
  const { contexts = {}, exception, extra, logentry } = event();
  const exceptions = (exception?.values ?? []).map(({ type, value }) => `${type}: ${value}`).reverse();
  return { contexts, exceptions, text: JSON.stringify({ contexts, exceptions, extra, logentry }) };
}

/** What a piece of code throws, in the end. */
export async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
