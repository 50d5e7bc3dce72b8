/**
 * A certificate of the owner's: a key store in PKCS#12, in base64, with its password. The key in it has the password of the store, as
 * everything has that makes such files. Facts: reference alibaba-starrocks.md 3.2 (SSL).
 */
import { Fault } from '../../../../domain/fault.ts'
import { readKeyStore, type KeyStoreProblem } from '../../../../kernel/key-store.ts'
import { refused } from '../instance/access.ts'

export interface KeyStoreInput {
  readonly CustomSSLCertificate: string
  readonly SslKeyPassword: string
  readonly SslKeystorePassword: string
}

/** Its certificate. Throws ParametersRefused for one that cannot be used, and Overloaded. */
export async function checkKeyStore(input: KeyStoreInput): Promise<string> {
  const { CustomSSLCertificate, SslKeyPassword, SslKeystorePassword } = input
  const reading = await readKeyStore(CustomSSLCertificate, SslKeystorePassword)
  if (!reading) throw new Fault('Overloaded', { what: 'key stores that are being opened' })
  if ('problem' in reading) throw refused(...refusals[reading.problem])
  if (SslKeyPassword !== SslKeystorePassword)
    throw refused('SslKeyPassword', 'Ssl key password does not open the key')
  return reading.certificate
}

const refusals: { readonly [problem in KeyStoreProblem]: readonly [string, string] } = {
  password: ['SslKeystorePassword', 'Ssl keystore password does not open the certificate'],
  form: ['CustomSSLCertificate', 'Custom SSL certificate is no PKCS#12 file with a key in base64'],
  cipher: ['CustomSSLCertificate', 'Custom SSL certificate is encrypted with an outdated cipher'],
  work: ['CustomSSLCertificate', 'Custom SSL certificate takes too long to be opened'],
}
