/** The instance's own TLS key pair: made once, kept in its data directory, readable by its owner only. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import type { Clock } from '../../../../src/kernel/clock.ts'
import { selfSignedCertificate } from '../../../../src/kernel/certificate.ts'

/** As long as an instance may live; clients that check trust this one certificate by hand. */
const DAYS = 3650

/** Both in one file, so that a crash never leaves a key without its certificate. */
const FILE = 'server.pem'

export async function instanceCertificate(
  directory: string,
  hosts: readonly [string, ...string[]],
  clock: Clock,
): Promise<SecureContext> {
  const folder = join(directory, 'tls')
  const path = join(folder, FILE)
  const known = readKnown(path)
  if (known !== undefined) return createSecureContext({ cert: known, key: known })
  const made = await selfSignedCertificate({ hosts, days: DAYS }, clock)
  const pem = `${made.certificatePem.trimEnd()}\n${made.keyPem.trimEnd()}\n`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, pem, { mode: 0o600, flush: true })
  renameSync(draft, path)
  return createSecureContext({ cert: pem, key: pem })
}

function readKnown(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
