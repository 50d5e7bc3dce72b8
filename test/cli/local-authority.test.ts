import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { localAuthority } from '../../src/cli/local-authority.ts'
import { manualClock } from '../../src/kernel/clock.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const DAY_MS = 86_400_000

test('the authority signs a server certificate for every name of the machine, and the pair matches', async (t) => {
  const made = await localAuthority({
    dataDir: temporaryDirectory(t),
    host: '127.0.0.9',
    clock: manualClock(),
  })
  const pair = await made.serverPair()
  const authority = new X509Certificate(readFileSync(made.authorityFile))
  const server = new X509Certificate(pair.cert)
  assert.ok(authority.ca && !server.ca)
  assert.ok(server.verify(authority.publicKey))
  assert.ok(server.checkPrivateKey((await import('node:crypto')).createPrivateKey(pair.key)))
  assert.ok(server.checkHost('localhost'))
  for (const address of ['127.0.0.1', '127.0.0.9']) assert.ok(server.checkIP(address), address)
  assert.doesNotMatch(readFileSync(made.authorityFile, 'utf8'), /PRIVATE KEY/)
})

test('a certificate is kept while it is good, renewed before it ends, and always by the same authority', async (t) => {
  const clock = manualClock()
  const dataDir = temporaryDirectory(t)
  const open = () => localAuthority({ dataDir, host: '127.0.0.1', clock })
  const first = await (await open()).serverPair()
  clock.advance(300 * DAY_MS)
  assert.deepEqual(await (await open()).serverPair(), first)
  clock.advance(60 * DAY_MS)
  const made = await open()
  const second = await made.serverPair()
  assert.notEqual(second.cert, first.cert)
  const authority = new X509Certificate(readFileSync(made.authorityFile))
  for (const { cert } of [first, second])
    assert.ok(new X509Certificate(cert).verify(authority.publicKey))
})

test('a server that listens under a new name gets a certificate for it', async (t) => {
  const clock = manualClock()
  const dataDir = temporaryDirectory(t)
  await (await localAuthority({ dataDir, host: '127.0.0.1', clock })).serverPair()
  const { cert } = await (await localAuthority({ dataDir, host: 'emrys.test', clock })).serverPair()
  assert.ok(new X509Certificate(cert).checkHost('emrys.test'))
})
