import type { RavenEvent } from '../protocol/event';
import { isCardNumber } from './card-number';
import { maskText } from './mask-text';
import { isPasswordKey } from './password-keys';
import type { Processor } from './processor';
import { scrubEvent } from './scrub-event';
import type { ScrubRules } from './scrubber';

const MAX_KNOWN = 1000;
const MAX_KNOWN_LENGTH = 200;

/**
 * Masks credentials and card numbers wherever an event holds them. It is there by default.
 *
 * Source: raven-python's `SanitizePasswordsProcessor`; stricter, since that one leaves JSON bodies, breadcrumbs,
 * tags, the user, messages and URLs as they are, and knows fewer names.
 */
export class SanitizePasswordsProcessor implements Processor {
  /** Texts in which nothing is secret. Most are the same in every event: of the machine, of headers, of routes. */
  private readonly clean = new Set<string>();
  private readonly rules: ScrubRules = {
    isSecretKey: isPasswordKey,
    maskText: (text) => this.maskText(text),
    isSecretNumber: isCardNumber,
  };

  process(event: RavenEvent): void {
    scrubEvent(event, this.rules);
  }

  private maskText(text: string): string {
    if (text.length > MAX_KNOWN_LENGTH) return maskText(text);
    if (this.clean.has(text)) return text;
    const masked = maskText(text);
    if (masked === text) {
      if (this.clean.size >= MAX_KNOWN) this.clean.clear();
      // A part of a text would keep all of it in memory.
      this.clean.add(Buffer.from(text, 'utf16le').toString('utf16le'));
    }
    return masked;
  }
}
