import assert from 'node:assert/strict'
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { test } from 'node:test'
import { certificateFacts, selfSignedCertificate } from '../../src/kernel/certificate.ts'
import { manualClock } from '../../src/kernel/clock.ts'

const clock = manualClock(Date.UTC(2026, 0, 15))

test('a certificate names every host and address, and its key belongs to it', async () => {
  const made = await selfSignedCertificate(
    { hosts: ['fe.example.test', '127.0.0.7', '::1'], days: 30 },
    clock,
  )
  const certificate = new X509Certificate(made.certificatePem)
  assert.equal(certificate.checkHost('fe.example.test'), 'fe.example.test')
  assert.equal(certificate.checkIP('127.0.0.7'), '127.0.0.7')
  assert.ok(certificate.checkIP('::1'))
  assert.equal(certificate.checkHost('other.example.test'), undefined)
  assert.ok(certificate.checkPrivateKey(createPrivateKey(made.keyPem)))
  assert.ok(certificate.verify(certificate.publicKey))
  assert.equal(certificate.ca, false)
})

test('a certificate is valid from a day before the injected clock for the days asked', async () => {
  const made = await selfSignedCertificate({ hosts: ['localhost'], days: 30 }, clock)
  const certificate = new X509Certificate(made.certificatePem)
  assert.equal(new Date(certificate.validFrom).getTime(), Date.UTC(2026, 0, 14))
  assert.equal(new Date(certificate.validTo).getTime(), Date.UTC(2026, 1, 14))
})

test('a host name beyond the length of a common name is kept whole among the alternative names', async () => {
  const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.example.test`
  const made = await selfSignedCertificate({ hosts: [host], days: 1 }, clock)
  assert.equal(new X509Certificate(made.certificatePem).checkHost(host), host)
})

test('what is in a certificate reads as it was asked for, the narrowest part of a name first', async () => {
  const organisation = { C: 'CN', O: 'Example' }
  const made = await selfSignedCertificate({ hosts: ['fe'], days: 2, organisation }, clock)
  const { serialNumber, ...facts } = certificateFacts(made.certificatePem)
  assert.deepEqual(facts, {
    subject: 'CN=fe, O=Example, C=CN',
    issuer: 'CN=fe, O=Example, C=CN',
    notBeforeMs: Date.UTC(2026, 0, 14),
    notAfterMs: Date.UTC(2026, 0, 17),
  })
  assert.match(serialNumber, /^[0-9A-F]+$/)
})
