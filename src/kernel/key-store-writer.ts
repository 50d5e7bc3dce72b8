/**
 * A key with its certificate as a key store of PKCS#12, which Java's programs read. Encrypted and proved as OpenSSL 3 and Java 17 do it
 * (PBES2 with AES-256, HMAC with SHA-256): Java 8 from 8u301, and 11 from 11.0.12 on, read that too.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'

const KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3'
/** By which a certificate is known to be of a key. */
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21'
const FRIENDLY_NAME = '1.2.840.113549.1.9.20'
const NAME = 'server'
/** Passwords here are random ones of ours: stretching them brings nothing. */
const ITERATIONS = 2_048

const protection = {
  contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
  hmacHashAlgorithm: 'SHA-256',
  iterationCount: ITERATIONS,
} as const

/** Texts of PEM. Throws for what is no key with its certificate. */
export async function keyStore(
  { certificate, key }: { readonly certificate: string; readonly key: string },
  password: string,
): Promise<Buffer> {
  // Only here, for instances on Kubernetes whose connections are encrypted.
  const pkijs = await import('pkijs')
  const { BmpString, OctetString } = await import('asn1js')
  const x509 = new X509Certificate(certificate)
  const id = Buffer.from(x509.fingerprint256.replaceAll(':', ''), 'hex')
  const attributes = () => [
    new pkijs.Attribute({ type: FRIENDLY_NAME, values: [new BmpString({ value: NAME })] }),
    new pkijs.Attribute({ type: LOCAL_KEY_ID, values: [new OctetString({ valueHex: bytes(id) })] }),
  ]
  const plain = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })
  const keyBag = new pkijs.PKCS8ShroudedKeyBag({
    parsedValue: pkijs.PrivateKeyInfo.fromBER(bytes(plain)),
  })
  const secret = bytes(Buffer.from(password, 'utf8'))
  await keyBag.makeInternalValues({ password: secret, ...protection })
  const certificateBag = new pkijs.CertBag({
    parsedValue: pkijs.Certificate.fromBER(bytes(x509.raw)),
  })
  const bags = [
    new pkijs.SafeBag({ bagId: KEY_BAG, bagValue: keyBag, bagAttributes: attributes() }),
    new pkijs.SafeBag({
      bagId: CERTIFICATE_BAG,
      bagValue: certificateBag,
      bagAttributes: attributes(),
    }),
  ]
  // The certificate is shown to everybody anyway.
  const contents = bags.map((bag) => ({
    privacyMode: 0,
    value: new pkijs.SafeContents({ safeBags: [bag] }),
  }))
  const authenticatedSafe = new pkijs.AuthenticatedSafe({
    parsedValue: { safeContents: contents },
  })
  await authenticatedSafe.makeInternalValues({ safeContents: contents.map(() => ({})) })
  const store = new pkijs.PFX({ parsedValue: { integrityMode: 0, authenticatedSafe } })
  await store.makeInternalValues({
    password: secret,
    iterations: ITERATIONS,
    pbkdf2HashAlgorithm: { name: 'SHA-256' },
    hmacHashAlgorithm: 'SHA-256',
  })
  return Buffer.from(store.toSchema().toBER(false))
}

function bytes(buffer: Buffer): ArrayBuffer {
  return Uint8Array.from(buffer).buffer
}
