const UNTRUSTED =
  /^(?:SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_GET_ISSUER_|UNABLE_TO_VERIFY_|CERT_UNTRUSTED|INVALID_CA)/;
const OTHER_PROTOCOL = /^(?:EPROTO|ERR_SSL_)/;

/** What to do about a server whose certificate is not accepted. @param code - of Node's error */
export function tlsAdvice(code: string): string[] {
  if (UNTRUSTED.test(code)) {
    return [
      "Give Node the certificate of the server's authority: NODE_EXTRA_CA_CERTS=/path/to/ca.pem, set before the process starts.",
      "In the app also: axios: { httpsAgent: new Agent({ ca }) }. Do not switch checking off: the DSN's key would go to whoever answers.",
      'A server with a certificate of a public authority sends an incomplete chain: have it send the intermediate ones too.',
    ];
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return ['Renew the certificate of the server.', 'Look at the clock of this machine, too.'];
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return [
      'The certificate is for another name: write the host of the DSN as the certificate has it.',
      'Or have the certificate made for this name as well.',
    ];
  }
  if (OTHER_PROTOCOL.test(code)) {
    return [
      'The port seems to speak no TLS: does the server listen for http there? Then the DSN begins with http://.',
      'Else the port of the DSN is another service, or the server offers only versions of TLS that Node refuses.',
    ];
  }
  return ['Look at the certificate of the server, its chain and its dates.'];
}
