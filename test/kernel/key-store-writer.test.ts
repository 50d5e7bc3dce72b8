import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { selfSignedCertificate } from '../../src/kernel/certificate.ts'
import { readKeyStore } from '../../src/kernel/key-store.ts'
import { keyStore } from '../../src/kernel/key-store-writer.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const PASSWORD = 'Sturdy-pass word'
const KEYTOOL = '/usr/bin/keytool'

async function made() {
  const subject = { hosts: ['front.example'], days: 2 } as const
  const { certificatePem, keyPem } = await selfSignedCertificate(subject, { wall: Date.now })
  const store = await keyStore({ certificate: certificatePem, key: keyPem }, PASSWORD)
  return { store, fingerprint: new X509Certificate(certificatePem).fingerprint256 }
}

test('OpenSSL opens it with its password, and with no other', async () => {
  const { store, fingerprint } = await made()
  const read = await readKeyStore(store.toString('base64'), PASSWORD)
  assert.ok(read && 'certificate' in read)
  assert.equal(new X509Certificate(read.certificate).fingerprint256, fingerprint)
  assert.deepEqual(await readKeyStore(store.toString('base64'), 'other'), { problem: 'password' })
})

test(
  'Java finds a key with its certificate in it',
  { skip: existsSync(KEYTOOL) ? false : 'no keytool' },
  async (t) => {
    const { store, fingerprint } = await made()
    const path = join(temporaryDirectory(t), 'keystore.p12')
    writeFileSync(path, store, { mode: 0o600 })
    const listed = execFileSync(
      KEYTOOL,
      ['-J-Duser.language=en', '-list', '-v', '-keystore', path, '-storepass:env', 'PASSWORD'],
      { encoding: 'utf8', env: { PASSWORD } },
    )
    assert.match(listed, /Entry type: PrivateKeyEntry/)
    assert.ok(listed.includes(fingerprint), listed)
  },
)
