import { join } from 'node:path';
import { Application } from 'typedoc';
import { entryPoints } from '../entry-points.mjs';
import { ROOT } from './root.mjs';

const [{ name: PACKAGE }] = entryPoints;

/** Writes the API of every entry, a page each, as TypeDoc reads it in the sources. @throws where that warns of something */
export async function writeApiReference(folder) {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    // Its default is docs/, which it would empty.
    out: folder,
    entryPoints: entryPoints.map(({ commonjsTypes }) => sourceOf(commonjsTypes)),
    tsconfig: join(ROOT, 'tsconfig.build.json'),
    skipErrorChecking: true,
    readme: 'none',
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableSources: true,
    router: 'member',
    pageTitleTemplates: { index: 'API', module: ({ name }) => name, member: ({ name }) => name },
    entryFileName: 'index',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    sanitizeComments: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    logLevel: 'Warn',
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the sources');
  // By what it is imported by, not by where it stands.
  for (const entry of project.children) {
    entry.name = entry.name === 'index' ? PACKAGE : `${PACKAGE}/${entry.name.replace(/\/index$/, '')}`;
  }
  await app.generateOutputs(project);
  // It has said which.
  if (app.logger.hasWarnings()) throw new Error('a docstring does not fit what it documents');
}

/** `./dist/bullmq/index.d.ts` → `lib/bullmq/index.ts` */
function sourceOf(types) {
  return join(ROOT, types.replace('./dist/', 'lib/').replace('.d.ts', '.ts'));
}
