import { PACKAGE_FOLDER } from '../package-folder';
import { readManifest, type Manifest } from './manifest';

/** This package's own package.json. */
export function ownManifest(): Manifest {
  const manifest = readManifest(PACKAGE_FOLDER);
  if (!manifest) throw new Error('nestjs-raven has no package.json beside its code: install it again');
  return manifest;
}
