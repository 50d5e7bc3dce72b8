/**
 * A self-signed certificate for an instance's own TLS, so that clients can encrypt from the first minute. A client that
 * wants to know whom it talks to is given the certificate (it is its own authority) or brings its own.
 *
 * P-256: every client of the last ten years speaks it, and the key is made in a millisecond, where RSA takes a second.
 */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { Clock } from './clock.ts'

export interface Certificate {
  readonly certificatePem: string
  /** Secret: to be kept in a file of mode 0600, never logged. */
  readonly keyPem: string
}

export interface CertificateSubject {
  /** Host names and IP addresses that clients connect to; the first one is also the common name. */
  readonly hosts: readonly [string, ...string[]]
  readonly days: number
  /** What stands before the common name, the widest first: `{ C: 'CN', O: 'Aliyun' }`. */
  readonly organisation?: Readonly<Record<string, string>>
}

const DAY_MS = 86_400_000
/** Clients whose clock is behind accept it too. */
const BACKDATED_MS = DAY_MS
/** RFC 5280: a common name has at most 64 characters; the alternative names carry the whole. */
const COMMON_NAME_MAX = 64

export async function selfSignedCertificate(
  subject: CertificateSubject,
  clock: Pick<Clock, 'wall'>,
): Promise<Certificate> {
  // Only here, once in an instance's life: the library costs 100 ms and 10 MB to load.
  const { generate } = await import('selfsigned')
  const [commonName] = subject.hosts
  const startMs = clock.wall()
  const within = Object.entries(subject.organisation ?? {}).map(([shortName, value]) => ({
    shortName,
    value,
  }))
  const made = await generate(
    [...within, { name: 'commonName', value: commonName.slice(0, COMMON_NAME_MAX) }],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      notBeforeDate: new Date(startMs - BACKDATED_MS),
      notAfterDate: new Date(startMs + subject.days * DAY_MS),
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: subject.hosts.map(alternativeName) },
      ],
    },
  )
  return { certificatePem: made.cert, keyPem: made.private }
}

/** The type numbers are RFC 5280's GeneralName tags: 2 a DNS name, 7 an address. */
function alternativeName(host: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host }
}

/** What is in a certificate of PEM. */
export interface CertificateFacts {
  /** The narrowest part first, as in `CN=host, O=Aliyun, C=CN`. */
  readonly subject: string
  readonly issuer: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** In hexadecimal digits. */
  readonly serialNumber: string
}

export function certificateFacts(pem: string): CertificateFacts {
  const { subject, issuer, validFromDate, validToDate, serialNumber } = new X509Certificate(pem)
  return {
    subject: nameText(subject),
    issuer: nameText(issuer),
    notBeforeMs: validFromDate.getTime(),
    notAfterMs: validToDate.getTime(),
    serialNumber,
  }
}

/** Node has a part on each line, the widest first. */
function nameText(name: string | undefined): string {
  return (name ?? '').split('\n').toReversed().join(', ')
}
