import type { RavenEvent } from '../protocol/event';
import { isCardNumber } from './card-number';
import { maskText } from './mask-text';
import { isPasswordKey } from './password-keys';
import type { Processor } from './processor';
import { scrubEvent } from './scrub-event';

/**
 * Masks credentials and card numbers wherever an event holds them. It is there by default.
 *
 * Source: raven-python's `SanitizePasswordsProcessor`; stricter, since that one leaves JSON bodies, breadcrumbs,
 * tags, the user, messages and URLs as they are, and knows fewer names.
 */
export class SanitizePasswordsProcessor implements Processor {
  process(event: RavenEvent): void {
    scrubEvent(event, { isSecretKey: isPasswordKey, maskText, isSecretNumber: isCardNumber });
  }
}
