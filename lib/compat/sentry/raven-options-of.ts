import type { BeforeSend } from '../../client/hooks';
import type { ClientLogger } from '../../client/client-environment';
import type { RavenEvent } from '../../protocol/event';
import type { RavenOptions } from '../../raven.options';
import { requireOptions } from '../../validate-options';
import { OPTIONS_WITHOUT_EFFECT, type OptionWithoutEffect } from './options-without-effect';
import type { SentryOptions } from './sentry-options';

/**
 * The options of a client that does what `Sentry.init` was asked for. What has no counterpart is left out, with a line
 * in the log; what nobody knows stays, for the client to refuse.
 *
 * @param speaker - whose options they are, for messages
 * @throws InvalidOptionsError where they are no object
 */
export function ravenOptionsOf(
  speaker: string,
  given: SentryOptions,
  logger: Pick<ClientLogger, 'warn'>,
): RavenOptions {
  requireOptions(`${speaker}: the options are`, given);
  const { attachStacktrace, shutdownTimeout, close, ignoreErrors, initialScope: _, ...others } = given;
  const options: Record<string, unknown> = {
    ...(attachStacktrace !== undefined && { autoLogStacks: attachStacktrace }),
    ...(shutdownTimeout !== undefined && { shutdownTimeoutMs: shutdownTimeout }),
    ...(close?.timeout !== undefined && { shutdownTimeoutMs: close.timeout }),
  };
  for (const [option, value] of Object.entries(others)) {
    if (value === undefined || value === null) continue;
    if (isWithoutEffect(option)) {
      logger.warn(`${speaker}: the option "${option}" has no effect: ${OPTIONS_WITHOUT_EFFECT[option]}`);
    } else {
      options[option] = value;
    }
  }
  if (ignoreErrors && ignoreErrors.length > 0) {
    options.beforeSend = withoutIgnored(ignoreErrors, given.beforeSend);
  }
  return options;
}

function isWithoutEffect(option: string): option is OptionWithoutEffect {
  return Object.hasOwn(OPTIONS_WITHOUT_EFFECT, option);
}

function withoutIgnored(
  patterns: readonly (string | RegExp)[],
  beforeSend: BeforeSend | undefined,
): BeforeSend {
  return (event, hint) => {
    const texts = textsOf(event);
    const isIgnored = patterns.some((pattern) =>
      texts.some((text) =>
        typeof pattern === 'string' ? text.includes(pattern) : text.search(pattern) !== -1,
      ),
    );
    return isIgnored ? null : beforeSend ? beforeSend(event, hint) : event;
  };
}

/** What Sentry's clients compare: the message, the last error's, and that with its type. */
function textsOf({ logentry, message, exception }: RavenEvent): string[] {
  const { type, value } = exception?.values.at(-1) ?? {};
  return [
    logentry?.formatted,
    logentry?.message,
    message,
    value,
    type && value && `${type}: ${value}`,
  ].filter((text) => typeof text === 'string');
}
