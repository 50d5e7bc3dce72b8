/**
 * A certificate authority of the server's own, for `--tls-generate`: clients are given its certificate once, and every server
 * certificate that it signs later is trusted too.
 *
 * In `DATA-DIR/tls`: `authority.pem` (its key and certificate, mode 0600), `authority.crt` (the certificate alone, for
 * clients) and `server.pem` (key and certificate of the server, 0600). Key and certificate share a file, so that a crash
 * leaves no pair that does not match. P-256: every client of the last ten years speaks it.
 */
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../kernel/clock.ts'
import { writeWhole } from '../store/whole-file.ts'

export interface LocalAuthority {
  /** What clients must trust. */
  readonly authorityFile: string
  /** The server's key and certificate; a new one when the old one ends soon or does not name every host. */
  serverPair(): Promise<Pair>
}

export interface Pair {
  readonly cert: string
  readonly key: string
}

const DAY_MS = 86_400_000
const AUTHORITY_DAYS = 3650
/** Some clients refuse certificates that live longer than 398 days (CA/Browser Forum). */
const SERVER_DAYS = 397
/** A server that is started once a month never meets its clients with an expired certificate. */
const RENEW_BEFORE_DAYS = 45
/** Clients whose clock is behind accept it too. */
const BACKDATED_MS = DAY_MS

export async function localAuthority(options: {
  readonly dataDir: string
  readonly host: string
  readonly clock: Pick<Clock, 'wall'>
}): Promise<LocalAuthority> {
  const { clock } = options
  const folder = join(options.dataDir, 'tls')
  // The data directory is there; Node's recursive mkdir never ends on some file systems.
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
  const authorityFile = join(folder, 'authority.crt')
  const hosts = hostsOf(options.host)
  const authority = async (): Promise<Pair> => {
    const known = readPair(join(folder, 'authority.pem'))
    const made = known && lives(known, SERVER_DAYS, clock) ? known : undefined
    const pair = made ?? (await makeAuthority(clock))
    if (!made) writePair(join(folder, 'authority.pem'), pair)
    const published = existsSync(authorityFile) ? readFileSync(authorityFile, 'utf8') : ''
    if (published.trim() !== pair.cert.trim()) writeWhole(authorityFile, Buffer.from(pair.cert))
    return pair
  }
  await authority()
  return {
    authorityFile,
    async serverPair() {
      const signer = await authority()
      const file = join(folder, 'server.pem')
      const known = readPair(file)
      if (known && lives(known, RENEW_BEFORE_DAYS, clock) && serves(known, signer, hosts))
        return known
      const pair = await makeServer(signer, hosts, clock)
      writePair(file, pair)
      return pair
    },
  }
}

async function makeAuthority(clock: Pick<Clock, 'wall'>): Promise<Pair> {
  return generate({
    name: `Emrys local authority (${hostname().slice(0, 30)})`,
    days: AUTHORITY_DAYS,
    clock,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
}

async function makeServer(
  signer: Pair,
  hosts: readonly string[],
  clock: Pick<Clock, 'wall'>,
): Promise<Pair> {
  const pair = await generate({
    name: 'Emrys',
    days: SERVER_DAYS,
    clock,
    ca: signer,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      // The type numbers are RFC 5280's GeneralName tags: 2 a DNS name, 7 an address.
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host },
        ),
      },
    ],
  })
  return pair
}

async function generate(it: {
  readonly name: string
  readonly days: number
  readonly clock: Pick<Clock, 'wall'>
  readonly ca?: Pair
  readonly extensions: NonNullable<
    NonNullable<Parameters<(typeof import('selfsigned'))['generate']>[1]>['extensions']
  >
}): Promise<Pair> {
  // Only when a certificate is made: the library costs 100 ms to load.
  const { generate: make } = await import('selfsigned')
  const startMs = it.clock.wall()
  const made = await make([{ name: 'commonName', value: it.name }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(startMs - BACKDATED_MS),
    notAfterDate: new Date(startMs + it.days * DAY_MS),
    extensions: [...it.extensions],
    ...(it.ca ? { ca: it.ca } : {}),
  })
  // As they read when they come from their file again.
  return { key: `${made.private.trim()}\n`, cert: `${made.cert.trim()}\n` }
}

function lives(pair: Pair, days: number, clock: Pick<Clock, 'wall'>): boolean {
  const { validToDate } = new X509Certificate(pair.cert)
  return validToDate.getTime() - clock.wall() > days * DAY_MS
}

function serves(pair: Pair, signer: Pair, hosts: readonly string[]): boolean {
  const certificate = new X509Certificate(pair.cert)
  if (!certificate.verify(new X509Certificate(signer.cert).publicKey)) return false
  return hosts.every((host) =>
    isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host),
  )
}

/** Every name under which this machine's clients may connect; for a wildcard address, all of the machine's own. */
function hostsOf(host: string): readonly string[] {
  const wildcard = host === '0.0.0.0' || host === '::'
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const listened = wildcard ? own.map((each) => each.address.split('%')[0] ?? '') : [host]
  // One label with more than 63 signs is no host name that a certificate can carry.
  const named = /^[a-z\d.-]{1,63}$/i.test(hostname()) ? [hostname()] : []
  return [...new Set(['localhost', '127.0.0.1', '::1', ...listened, ...named])]
}

function readPair(file: string): Pair | undefined {
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  const key = block(text, 'PRIVATE KEY')
  const cert = block(text, 'CERTIFICATE')
  return key && cert ? { key, cert } : undefined
}

/** Both labels are of PEM, and neither occurs in what they enclose. */
function block(text: string, label: string): string | undefined {
  const end = `-----END ${label}-----`
  const from = text.indexOf(`-----BEGIN ${label}-----`)
  const to = text.indexOf(end, from)
  return from < 0 || to < 0 ? undefined : `${text.slice(from, to)}${end}\n`
}

function writePair(file: string, { key, cert }: Pair): void {
  writeWhole(file, Buffer.from(key + cert))
}
