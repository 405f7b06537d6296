/** What the context `os` says of a Linux distribution. */
export interface OsDistribution {
  distribution_name?: string;
  distribution_version?: string;
  distribution_pretty_name?: string;
}

const FIELDS = {
  ID: 'distribution_name',
  VERSION_ID: 'distribution_version',
  PRETTY_NAME: 'distribution_pretty_name',
} as const;

/** @param text - of `/etc/os-release`: lines of `NAME=value`, values quoted as in a shell or not at all */
export function osDistribution(text: string): OsDistribution {
  const distribution: OsDistribution = {};
  for (const line of text.slice(0, 16_384).split('\n')) {
    const [, name, value] = /^\s*(ID|VERSION_ID|PRETTY_NAME)=(.*)$/.exec(line) ?? [];
    if (!name) continue;
    const plain = value.trim().replace(/^(["'])(.*)\1$/, '$2');
    if (plain) distribution[FIELDS[name as keyof typeof FIELDS]] = plain;
  }
  return distribution;
}
