import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  readingOf,
  readKeyStore,
  secureContext,
  serverKeyText,
} from '../../src/kernel/key-store.ts'
import {
  keylessStore,
  keyStore,
  keyStorePassword,
  legacyKeyStore,
  ownCertificate,
} from '../support/fixture/key-store.ts'

test('a key store shows its certificate to whoever has its password', async () => {
  const reading = await readKeyStore(keyStore, keyStorePassword)
  assert.ok(reading && 'certificate' in reading)
  assert.equal(reading.certificate.trim(), ownCertificate.trim())
})

test('one that cannot be used says why', async () => {
  assert.deepEqual(await readKeyStore(keyStore, 'other'), { problem: 'password' })
  assert.deepEqual(await readKeyStore(legacyKeyStore, keyStorePassword), { problem: 'cipher' })
  assert.deepEqual(await readKeyStore(keylessStore, keyStorePassword), { problem: 'form' })
  assert.deepEqual(await readKeyStore('AAAA', keyStorePassword), { problem: 'form' })
})

test('only a few are opened at a time', async () => {
  const all = Array.from({ length: 6 }, () => readKeyStore(keyStore, keyStorePassword))
  const opened = (await Promise.all(all)).filter((each) => each !== undefined)
  assert.equal(opened.length, 4)
  assert.ok(await readKeyStore(keyStore, keyStorePassword))
})

test('a written key makes a context for TLS, and another text none', () => {
  assert.ok(secureContext(serverKeyText({ store: keyStore, password: keyStorePassword })))
  assert.throws(() => secureContext(serverKeyText({ store: keyStore, password: '' })))
  assert.throws(() => secureContext(serverKeyText({ certificate: ownCertificate, key: 'none' })))
})

test('a reader that ended well and was not heard has taken too long', () => {
  assert.deepEqual(readingOf(''), { problem: 'work' })
  assert.deepEqual(readingOf('{"certif'), { problem: 'work' })
})
