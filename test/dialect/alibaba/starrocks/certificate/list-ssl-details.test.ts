import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

const DAY_MS = 86_400_000

test('an instance without a certificate shows members without content', async (t) => {
  const it = await startAccess(t)
  assert.deepEqual(await it.post('ListSSLDetails'), {
    Aliases: '',
    CustomCert: false,
    EnableSSL: false,
    IsValid: false,
    IssuerDN: '',
    NotAfter: 0,
    NotBefore: 0,
    SslCertificateText: '',
    Status: 'unknown',
    SubjectDN: '',
  })
  assert.match(await it.refused('ListSSLDetails', { InstanceId: 'c-0' }), /^Instance\.NotFound/)
})

test('a certificate shows whom it names and until when, and expires by the service’s time', async (t) => {
  const it = await startAccess(t)
  await it.change('EnableSSLConnection')
  const details = async () => (await it.post('ListSSLDetails')) as Record<string, unknown>
  const { SslCertificateText, NotBefore, NotAfter, ...shown } = await details()
  const name = `CN=fe-${it.id}-internal.starrocks.aliyuncs.com, OU=Aliyun Big Data Platform EMR StarRocks, O=Aliyun, L=BJ, ST=CN, C=CN`
  assert.deepEqual(shown, {
    Aliases: 'starrocks-ssl',
    CustomCert: false,
    EnableSSL: true,
    IsValid: true,
    IssuerDN: name,
    Status: 'valid',
    SubjectDN: name,
  })
  assert.match(String(SslCertificateText), /^-----BEGIN CERTIFICATE-----/)
  assert.ok(!String(SslCertificateText).includes('PRIVATE'))
  assert.equal(Number(NotAfter) - Number(NotBefore), 366 * DAY_MS)
})
