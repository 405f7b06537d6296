import type { RavenEvent } from '../protocol/event';
import type { Processor, ProcessorClient } from './processor';
import { scrubEvent } from './scrub-event';
import type { ScrubRules } from './scrubber';

/**
 * Masks the values of all keys that contain one of the client's `sanitizeKeys`, in any case and at any depth.
 * Source: raven-python's `SanitizeKeysProcessor`; stricter in that it looks at breadcrumbs, tags, user and
 * contexts too, and inside JSON texts.
 */
export class SanitizeKeysProcessor implements Processor {
  private readonly rules: ScrubRules;

  constructor(client: ProcessorClient) {
    const parts = (client.options.sanitizeKeys ?? []).map((part) => part.toLowerCase());
    this.rules = {
      isSecretKey: (key) => {
        const name = key.toLowerCase();
        return parts.some((part) => name.includes(part));
      },
    };
  }

  process(event: RavenEvent): void {
    scrubEvent(event, this.rules);
  }
}
