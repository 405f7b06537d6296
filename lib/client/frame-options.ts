import type { FrameOptions } from '../event/stack-frames';
import type { LocalsLease } from '../locals/process-locals';
import { OWN_FOLDER } from '../own-folder';
import type { ResolvedOptions } from '../raven.options';
import { workspaceRoot } from './workspace-root';

/** How frames are named and told apart, from the client's options. */
export function frameOptions(options: ResolvedOptions, root: string, locals?: LocalsLease): FrameOptions {
  return {
    root,
    workspaceRoot: workspaceRoot(root),
    includePaths: options.includePaths,
    excludePaths: options.excludePaths,
    // The client's own frames are never the app's.
    ownDirectory: OWN_FOLDER,
    collapse: options.collapseFrames,
    ...(locals && { addLocals: (error, frames) => locals.addTo(error, frames) }),
  };
}
