// npm run api:check | api:update: the public surface of each entry as a text in api/, so that a review sees what changes.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { entryPoints } from './entry-points.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REPORTS = join(ROOT, 'api');
const isUpdate = process.argv.includes('--update');
const temporary = mkdtempSync(join(tmpdir(), 'nestjs-raven-api-'));
mkdirSync(REPORTS, { recursive: true });
const outdated = [];
try {
  const wanted = entryPoints.map(({ name, commonjsTypes }) => reportOf(name, commonjsTypes));
  const left = readdirSync(REPORTS).filter((file) => !wanted.includes(file));
  for (const file of left) {
    if (isUpdate) rmSync(join(REPORTS, file));
    else outdated.push(file);
  }
} finally {
  rmSync(temporary, { recursive: true });
}
if (outdated.length > 0) {
  console.error(
    `The public surface changed: ${outdated.join(', ')}. Where that is meant: npm run api:update`,
  );
}
const current = entryPoints.length - outdated.length;
console.log(`${Math.max(0, current)} passed, ${outdated.length} failed`);
process.exitCode = outdated.length === 0 ? 0 : 1;

/** Writes or compares the report of an entry. @returns its file's name */
function reportOf(name, types) {
  const file = `${name.replaceAll('/', '-')}.api.md`;
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(ROOT, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: join(ROOT, types),
      compiler: { tsconfigFilePath: join(ROOT, 'tsconfig.build.json') },
      apiReport: {
        enabled: true,
        reportFileName: basename(file),
        reportFolder: REPORTS,
        reportTempFolder: temporary,
        includeForgottenExports: false,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        // Docstrings are prose here, and the lint looks after the rest.
        compilerMessageReporting: { default: { logLevel: 'none' } },
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: isUpdate,
    messageCallback: (message) => {
      message.handled = true;
    },
  });
  if (apiReportChanged && !isUpdate) outdated.push(file);
  return file;
}
