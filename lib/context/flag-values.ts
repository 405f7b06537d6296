/** What a feature flag was evaluated to, as the protocol writes it. */
export interface FlagValue {
  flag: string;
  result: boolean | string | number;
}

const MAX_FLAGS = 100;
const MAX_LENGTH = 200;

/**
 * The flags with one more, the newest last; of a name there is one, and the oldest go beyond 100. The list given is
 * left as it is. Names and texts are cut at 200 characters; a result that is neither text, number nor boolean is
 * none. Never throws.
 */
export function withFlag(flags: readonly FlagValue[], name: unknown, result: unknown): readonly FlagValue[] {
  if (typeof name !== 'string' || name === '') return flags;
  const flag = name.slice(0, MAX_LENGTH);
  const value = resultOf(result);
  if (value === undefined) return flags;
  const others = flags.filter((known) => known.flag !== flag);
  return [...others.slice(1 - MAX_FLAGS), { flag, result: value }];
}

function resultOf(result: unknown): FlagValue['result'] | undefined {
  if (typeof result === 'string') return result.slice(0, MAX_LENGTH);
  return typeof result === 'boolean' || Number.isFinite(result) ? (result as boolean | number) : undefined;
}
