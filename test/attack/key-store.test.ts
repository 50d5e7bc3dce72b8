/** A key store says itself how often its password is hashed: one that would take hours holds up nobody. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readKeyStore } from '../../src/kernel/key-store.ts'
import { startAccess } from '../support/fixture/alibaba-access.ts'
import { keyStore, keyStorePassword } from '../support/fixture/key-store.ts'

/** DER: an INTEGER of 2048, the count of OpenSSL's own files, and one of 2^31 - 1 in the four bytes that it then takes. */
const USUAL = Buffer.from([0x02, 0x02, 0x08, 0x00])

/** The last count is that of the MAC, at the very end, where only the lengths of what is around it have to be raised. */
function endless(): string {
  const store = Buffer.from(keyStore, 'base64')
  const at = store.lastIndexOf(USUAL)
  assert.equal(at, store.length - USUAL.length)
  const count = Buffer.from([0x02, 0x04, 0x7f, 0xff, 0xff, 0xff])
  const longer = Buffer.concat([store.subarray(0, at), count])
  // Whole: 30 82 LL LL. The MAC: 30 LL, directly around what ends with the count.
  longer.writeUInt16BE(longer.readUInt16BE(2) + 2, 2)
  const mac = macAt(store)
  longer.writeUInt8(longer.readUInt8(mac + 1) + 2, mac + 1)
  return longer.toString('base64')
}

/** The SEQUENCE that reaches from its head exactly to the end of the store. */
function macAt(store: Buffer): number {
  for (let at = store.length - 2; at > 4; at--)
    if (store[at] === 0x30 && at + 2 + (store[at + 1] ?? 0) === store.length) return at
  return assert.fail('there is no MAC')
}

test('a key store that takes hours to open is refused within seconds, and others are served meanwhile', async (t) => {
  const it = await startAccess(t)
  const custom = {
    EnableCustom: true,
    CustomSSLCertificate: endless(),
    SslKeyPassword: keyStorePassword,
    SslKeystorePassword: keyStorePassword,
  }
  const refused = it.refused('EnableSSLConnection', custom)
  const before = performance.now()
  assert.equal((await it.describe()).InstanceStatus, 'running')
  const reading = await readKeyStore(keyStore, keyStorePassword)
  assert.ok(reading && 'certificate' in reading)
  assert.ok(performance.now() - before < 4_000, 'somebody was held up')
  assert.match(await refused, /^InvalidParams .*takes too long to be opened/)
})
