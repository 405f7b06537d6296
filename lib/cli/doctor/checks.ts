import type { App } from './app';
import { checkCopies } from './copies.check';
import { checkDsn } from './dsn.check';
import type { Finding } from './finding';
import { checkImportOrder } from './import-order.check';
import { checkModule } from './module.check';
import { checkNode } from './node.check';
import { checkOtherClients } from './other-clients.check';
import { checkPackages } from './packages.check';
import { checkSettings } from './settings.check';
import { checkShutdownHooks } from './shutdown-hooks.check';
import { checkSourceMaps } from './source-maps.check';
import { checkSpotlight } from './spotlight.check';

/** Looks at one thing. What does not concern an app gives nothing. */
export type Check = (app: App) => Finding[] | Promise<Finding[]>;

/** All checks, in the order in which they are told; each name is a heading of docs/cli.md. */
export const CHECKS: readonly (readonly [name: string, check: Check])[] = [
  ['node', checkNode],
  ['packages', checkPackages],
  ['copies', checkCopies],
  ['module', checkModule],
  ['shutdown-hooks', checkShutdownHooks],
  ['other-clients', checkOtherClients],
  ['import-order', checkImportOrder],
  ['source-maps', checkSourceMaps],
  ['dsn', checkDsn],
  ['settings', checkSettings],
  ['spotlight', checkSpotlight],
];
