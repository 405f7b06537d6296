import type { App } from './app';
import { ok, problem, warning, type Finding } from './finding';
import { installedPackage } from './installed-package';
import { ownManifest } from './own-manifest';
import { isInRange } from './version-range';

/** These are released together, with the same major version. */
const RELEASED_TOGETHER = [
  '@nestjs/core',
  '@nestjs/common',
  '@nestjs/microservices',
  '@nestjs/websockets',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  '@nestjs/testing',
];

/** Whether what the package needs of the app is there, in versions that it is for. */
export function checkPackages(app: App): Finding[] {
  const { peerDependencies, optionalPeers } = ownManifest();
  const findings = Object.entries(peerDependencies).flatMap(([name, range]) =>
    checkPeer(app, name, range, optionalPeers.has(name)),
  );
  return [...findings, ...checkMajors(app)];
}

function checkPeer({ folder }: App, name: string, range: string, isOptional: boolean): Finding[] {
  const version = installedPackage(name, folder)?.manifest.version;
  if (version === undefined) {
    return isOptional ? [] : [problem(`${name} is not installed`, `npm install ${name}@"${range}"`)];
  }
  if (isInRange(version, range)) return range === '*' ? [] : [ok(`${name} ${version} is within ${range}`)];
  const message = `${name} ${version} is not within ${range}`;
  const advice = `Install ${name} in a version of that range.`;
  return [isOptional ? warning(message, advice) : problem(message, advice)];
}

function checkMajors({ folder }: App): Finding[] {
  const majors = new Map<string, string[]>();
  for (const name of RELEASED_TOGETHER) {
    const major = installedPackage(name, folder)?.manifest.version.split('.')[0];
    if (major !== undefined) majors.set(major, [...(majors.get(major) ?? []), name]);
  }
  if (majors.size <= 1) return [];
  const told = [...majors].map(([major, names]) => `${names.join(', ')} ${major}`).join('; ');
  return [
    problem(
      `packages of Nest have different major versions: ${told}`,
      'Install all of them in the same one.',
    ),
  ];
}
