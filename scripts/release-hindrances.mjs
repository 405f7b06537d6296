/**
 * What stands in the way of publishing.
 *
 * @param state - `manifest`: package.json; `changelog`: its text; `changed`: what git says is not committed;
 *   `pending`: names of change files in `.changeset`; `published`: versions that there are; `env` of the process
 * @returns a sentence each; empty where it may be published
 */
export function hindrances({ manifest, changelog, changed, pending, published, env }) {
  const { version, repository } = manifest;
  const heading = changelog.split('\n').find((line) => line.startsWith(`## ${version}`));
  return [
    [changed !== '', 'not everything is committed'],
    [
      pending.length > 0,
      `${pending.join(', ')}: what is told there is in no version yet: \`npx changeset version\` makes one`,
    ],
    [
      published.includes(version),
      `${version} is published already: \`npx changeset version\` makes the next`,
    ],
    [heading === undefined, `CHANGELOG.md has no "## ${version}"`],
    [heading?.includes('unreleased'), `CHANGELOG.md calls ${version} unreleased`],
    [
      repository?.url === undefined,
      'package.json names no "repository", by which npm proves where it was built',
    ],
    [
      env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined,
      'this is no workflow with `id-token: write`: npm cannot prove where it was built',
    ],
  ].flatMap(([stands, why]) => (stands ? [why] : []));
}
