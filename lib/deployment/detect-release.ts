import { isReleaseName } from '../protocol/valid-name';
import { appManifest } from './app-manifest';
import type { Detected } from './detected';
import { gitCommit } from './git-commit';

/** What a value of {@link COMMIT_VARIABLES} has to look like: a branch's name or `HEAD` is no release. */
const COMMIT = /^[\da-f]{7,64}$/i;

/**
 * Where platforms name the commit they run or build, in the order in which they are asked: who runs the app,
 * who builds it, and names that are nobody's own.
 */
const COMMIT_VARIABLES = [
  // Who runs it.
  'HEROKU_BUILD_COMMIT',
  'VERCEL_GIT_COMMIT_SHA',
  'COMMIT_REF', // Netlify
  'RENDER_GIT_COMMIT',
  'RAILWAY_GIT_COMMIT_SHA',
  'KOYEB_GIT_SHA',
  'CF_PAGES_COMMIT_SHA',
  'AWS_COMMIT_ID', // Amplify
  // Who builds it.
  'CODEBUILD_RESOLVED_SOURCE_VERSION',
  'BUILD_SOURCEVERSION', // Azure Pipelines
  'GITHUB_SHA',
  'CI_COMMIT_SHA', // GitLab
  'CIRCLE_SHA1',
  'BITBUCKET_COMMIT',
  'BUILDKITE_COMMIT',
  'TRAVIS_COMMIT',
  'GIT_COMMIT', // Jenkins
  // Heroku's builds, Cloud Build's substitutions, and whoever sets them by hand.
  'SOURCE_VERSION',
  'SOURCE_COMMIT',
  'COMMIT_SHA',
  'COMMIT_HASH',
  'GIT_COMMIT_SHA',
  'GIT_SHA',
] as const;

/**
 * The release where nobody says one: the commit that the platform names, else name and version of the app's
 * package.json, else the commit that is checked out. Reads files at once, and only where nothing before said it.
 * What servers would not keep is passed over. Never throws.
 */
export function detectRelease(env: NodeJS.ProcessEnv, root: string): string | undefined {
  return findRelease(env, root)?.value;
}

/** {@link detectRelease}, and what said it. */
export function findRelease(env: NodeJS.ProcessEnv, root: string): Detected | undefined {
  return (
    platformRelease(env) ??
    detected(packageRelease(root), 'package.json') ??
    detected(gitCommit(root), 'the commit that is checked out')
  );
}

function platformRelease(env: NodeJS.ProcessEnv): Detected | undefined {
  for (const name of COMMIT_VARIABLES) {
    const value = env[name]?.trim();
    if (value && COMMIT.test(value)) return { value, from: name };
  }
  return detected(flyDeployment(env.FLY_IMAGE_REF), 'FLY_IMAGE_REF');
}

function detected(value: string | undefined, from: string): Detected | undefined {
  return value === undefined ? undefined : { value, from };
}

/** Fly names the image: `registry.fly.io/shop:deployment-01H9RK9EYO9PGNBYAKGXSHV0PH`, another for each deployment. */
function flyDeployment(image: string | undefined): string | undefined {
  return /:(deployment-\w{1,64})(?:@|$)/.exec(image?.trim() ?? '')?.[1];
}

/** `acme-shop@1.2.3` of `@acme/shop`: a release has no slash. It is how npm names a package's file, too. */
function packageRelease(root: string): string | undefined {
  const manifest = appManifest(root);
  if (manifest?.version === undefined) return undefined;
  const release = `${manifest.name.replace(/^@/, '').replaceAll('/', '-')}@${manifest.version}`;
  return isReleaseName(release) ? release : undefined;
}
