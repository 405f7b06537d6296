/** Where Spotlight listens unless told otherwise. */
export const DEFAULT_SPOTLIGHT_URL = 'http://localhost:8969/stream';

const ON = new Set(['true', 't', 'y', 'yes', 'on', '1']);
const OFF = new Set(['false', 'f', 'n', 'no', 'off', '0']);

/** Where copies of envelopes go, and what the user should be told. */
export interface SpotlightDecision {
  /** Absent: no copies. */
  url?: string;
  warning?: string;
}

/**
 * Decides whether and where copies go to Spotlight, the local viewer of Sentry's protocol.
 *
 * The option wins over the variable, but `true` takes the variable's URL if it names one. In production only the
 * option turns it on. Never throws; what is no http URL turns it off with a warning.
 *
 * @param option - the option `spotlight`
 * @param envText - the variable `SENTRY_SPOTLIGHT`
 * @param nodeEnv - the variable `NODE_ENV`
 */
export function spotlightUrl(
  option: boolean | string | undefined,
  envText: string | undefined,
  nodeEnv: string | undefined,
): SpotlightDecision {
  const fromEnv = readVariable(envText);
  const chosen = typeof option === 'string' ? readOption(option) : option;
  if (chosen === false) return {};
  if (chosen === true) return checked(typeof fromEnv === 'string' ? fromEnv : DEFAULT_SPOTLIGHT_URL);
  if (typeof chosen === 'string') {
    const decision = checked(chosen);
    if (typeof fromEnv !== 'string' || fromEnv === chosen || decision.warning !== undefined) return decision;
    return {
      ...decision,
      warning: 'the option spotlight and SENTRY_SPOTLIGHT name different URLs; the option is used',
    };
  }
  if (fromEnv === undefined || fromEnv === false) return {};
  if (nodeEnv?.trim().toLowerCase() === 'production') {
    return {
      warning:
        'SENTRY_SPOTLIGHT is ignored because NODE_ENV is production; set the option spotlight if it is meant',
    };
  }
  return checked(fromEnv === true ? DEFAULT_SPOTLIGHT_URL : fromEnv);
}

function readVariable(text: string | undefined): boolean | string | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return undefined;
  const word = trimmed.toLowerCase();
  if (ON.has(word)) return true;
  return OFF.has(word) ? false : trimmed;
}

/** An empty text is what an unset variable leaves in a configuration. */
function readOption(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === '' ? undefined : trimmed;
}

function checked(url: string): SpotlightDecision {
  const valid = /^https?:\/\//i.test(url) && URL.canParse(url);
  if (valid) return { url };
  return { warning: 'the Spotlight URL is not an http URL; expected one like ' + DEFAULT_SPOTLIGHT_URL };
}
