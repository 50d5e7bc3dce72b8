import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'
import {
  keylessStore,
  keyStore,
  keyStorePassword,
  legacyKeyStore,
  ownCertificate,
} from '../../../../support/fixture/key-store.ts'

interface Details {
  readonly SslCertificateText: string
  readonly CustomCert: boolean
}

const custom = {
  EnableCustom: true,
  CustomSSLCertificate: keyStore,
  SslKeyPassword: keyStorePassword,
  SslKeystorePassword: keyStorePassword,
}

test('the service makes a certificate for the names that the instance has, and another on renewal', async (t) => {
  const it = await startAccess(t)
  assert.equal((await it.describe()).EnableSSL, false)
  assert.equal(await it.change('EnableSSLConnection'), 'updating')
  assert.equal((await it.describe()).EnableSSL, true)
  const text = async () => ((await it.post('ListSSLDetails')) as Details).SslCertificateText
  const first = new X509Certificate(await text())
  assert.ok(first.checkHost(`fe-${it.id}-internal.starrocks.aliyuncs.com`))
  assert.ok(first.checkHost(`fe-${it.id}.starrocks.aliyuncs.com`))
  assert.match(await it.refused('EnableSSLConnection'), /^InvalidParams .*enabled already/)
  await it.change('EnableSSLConnection', { Renewal: true })
  assert.notEqual(new X509Certificate(await text()).fingerprint256, first.fingerprint256)
  assert.equal((await it.history())[0].OperationType, 'update_configuration')
})

test('a certificate of the owner’s is taken with its key, which nobody reads back', async (t) => {
  const it = await startAccess(t)
  await it.change('EnableSSLConnection', custom)
  const { CustomCert, SslCertificateText } = (await it.post('ListSSLDetails')) as Details
  assert.equal(CustomCert, true)
  assert.equal(SslCertificateText.trim(), ownCertificate.trim())
  const { secrets, ...shown } = await it.document()
  assert.equal(Object.keys(secrets).filter((name) => name.startsWith('certificate/')).length, 1)
  for (const secret of [keyStore, keyStorePassword]) {
    assert.ok(!JSON.stringify(shown).includes(secret))
    assert.ok(!JSON.stringify(secrets).includes(secret), 'it is sealed')
  }
})

test('the keys of certificates that are in use no more go', async (t) => {
  const it = await startAccess(t)
  const keys = async () =>
    Object.keys((await it.document()).secrets).filter((name) => name.startsWith('certificate/'))
  await it.change('EnableSSLConnection', custom)
  for (let renewal = 0; renewal < 3; renewal++)
    await it.change('EnableSSLConnection', { Renewal: true })
  // The one before may be needed by a change that goes back.
  assert.equal((await keys()).length, 2)
  await it.change('DisableSSLConnection')
  await it.change('IsolateLeader', { IsolateLeader: true })
  assert.deepEqual(await keys(), [])
})

test('a key store that cannot be used is refused by the parameter that is wrong, and shown to nobody', async (t) => {
  const it = await startAccess(t)
  const refused = (more: object) => it.refused('EnableSSLConnection', { ...custom, ...more })
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ SslKeystorePassword: 'other-1' }, /Ssl keystore password does not open/],
    [{ SslKeyPassword: 'other-1' }, /Ssl key password does not open/],
    [{ CustomSSLCertificate: 'AAAA' }, /is no PKCS#12 file/],
    [{ CustomSSLCertificate: keylessStore }, /is no PKCS#12 file with a key/],
    [{ CustomSSLCertificate: legacyKeyStore }, /outdated cipher/],
    [{ CustomSSLCertificate: '%' }, /characters of base64/],
    [{ CustomSSLCertificate: 'A'.repeat(65_537) }, /characters of base64/],
  ]
  for (const [more, says] of cases) {
    const text = await refused(more)
    assert.match(text, /^InvalidParams /)
    assert.match(text, says)
    for (const secret of [keyStorePassword, 'other-1']) assert.ok(!text.includes(secret), text)
  }
  for (const name of ['CustomSSLCertificate', 'SslKeyPassword', 'SslKeystorePassword'])
    assert.match(await refused({ [name]: '' }), new RegExp(`^Missing${name}`))
  assert.match(await it.refused('EnableSSLConnection', { Renewal: true }), /nothing to renew/)
  assert.equal((await it.document()).spec.access, undefined)
})
