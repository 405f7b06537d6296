import { join } from 'node:path';
import { OWN_FOLDER } from '../../own-folder';
import { readManifest, type Manifest } from './manifest';

/** This package's own package.json. */
export function ownManifest(): Manifest {
  const manifest = readManifest(join(OWN_FOLDER, '..'));
  if (!manifest) throw new Error('nestjs-raven has no package.json beside its code: install it again');
  return manifest;
}
