import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a TLS server shows. */
export interface ServerCertificate {
  key: string;
  cert: string;
}

/** A certificate authority of a test's own. */
export interface CertificateAuthority {
  /** Its certificate as PEM. */
  pem: string;
  /** The file that holds it. */
  file: string;
  /** Signs a certificate for a host name; a negative number of days gives one that has expired. */
  sign(host: string, days?: number): Promise<ServerCertificate>;
  /** Removes its files. */
  remove(): void;
}

const run = promisify(execFile);
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Makes an authority with the openssl command: Node cannot sign certificates. */
export async function createAuthority(): Promise<CertificateAuthority> {
  const folder = mkdtempSync(join(tmpdir(), 'raven-ca-'));
  const path = (name: string): string => join(folder, name);
  const ca = ['-keyout', path('ca.key'), '-out', path('ca.pem'), '-days', '2', '-subj', '/CN=Test CA'];
  await run('openssl', ['req', '-x509', ...NEW_KEY, ...ca]);
  let count = 0;
  return {
    pem: readFileSync(path('ca.pem'), 'utf8'),
    file: path('ca.pem'),
    sign: async (host, days = 2) => {
      count += 1;
      const [key, request, cert, names] = ['key', 'csr', 'pem', 'ext'].map((end) => path(`${count}.${end}`));
      const kind = /^[\d.]+$/.test(host) ? 'IP' : 'DNS';
      writeFileSync(names, `subjectAltName=${kind}:${host}`);
      await run('openssl', ['req', '-new', ...NEW_KEY, '-keyout', key, '-out', request, '-subj', '/CN=Test']);
      const signer = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-set_serial', String(count)];
      const subject = ['-in', request, '-out', cert, '-days', String(days), '-extfile', names];
      await run('openssl', ['x509', '-req', ...signer, ...subject]);
      return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
