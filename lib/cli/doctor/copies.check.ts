import { relative } from 'node:path';
import { SDK } from '../../protocol/sdk';
import type { App } from './app';
import { ok, problem, warning, type Finding } from './finding';
import { installedCopies } from './installed-copies';
import { installedPackage } from './installed-package';
import { nearestManifest } from './nearest-manifest';

const NAMES = ['nestjs-raven', '@nestjs/core'];

/** Whether there is one copy of the package and of Nest: classes and tokens of two are not the same. */
export function checkCopies(app: App): Finding[] {
  const { manifest, ownPackage, folder } = app;
  const path = nearestManifest(folder);
  if (!manifest && path !== undefined) {
    return [
      problem(
        `${relative(folder, path)} cannot be read: it is no JSON object`,
        'npm tells the place: npm pkg get name',
      ),
    ];
  }
  if (!manifest) {
    return [
      problem(
        'there is no package.json here or above',
        "Call it in an app's folder, or name that: nestjs-raven doctor apps/orders",
      ),
    ];
  }
  if (!ownPackage) {
    return [problem('nestjs-raven is not installed here', 'npm install nestjs-raven')];
  }
  const copies = installedCopies({ folder, manifest }, NAMES);
  const findings = NAMES.flatMap((name): Finding[] => {
    const found = copies.get(name) ?? [];
    if (found.length === 1) return [ok(`one copy of ${name}, ${found[0].manifest.version}`)];
    if (found.length === 0) return installedPackage(name, folder) ? [notListed(name)] : [];
    const places = found.map((copy) => `${relative(folder, copy.folder)} (${copy.manifest.version})`);
    return [
      problem(
        `${found.length} copies of ${name}: ${places.sort().join(', ')}`,
        `npm ls ${name} tells who brings them; npm dedupe, or the same version in all of them, makes them one.`,
      ),
    ];
  });
  const { version } = ownPackage.manifest;
  if (version !== SDK.version) {
    findings.push(
      warning(
        `this is nestjs-raven ${SDK.version}, the app has ${version}`,
        "Run the app's own: npx nestjs-raven in its folder.",
      ),
    );
  }
  return findings;
}

/** It is there by chance. What is not there at all is told by the check of packages. */
function notListed(name: string): Finding {
  return warning(
    `${name} is not among what package.json has the app install`,
    `Add it to "dependencies": npm install ${name}. A folder above may not be there in production.`,
  );
}
