import assert from 'node:assert/strict'
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'
import { askAdmin } from '../support/http/admin.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const FORM = /^[\w-]{43}\n$/

test('the token is made on the first start, kept over restarts, and recreated when its file is gone', async (t) => {
  const dataDir = temporaryDirectory(t)
  const file = join(dataDir, 'admin-token')
  const statusWith = async (port: number, text: string) =>
    (await askAdmin(port, 'config', { headers: { authorization: `Bearer ${text.trim()}` } })).status
  const start = async (old = '') => {
    const cloud = await startCloud(t, { dataDir, config: { seed: 'the-same' } })
    const text = readFileSync(file, 'utf8')
    assert.match(text, FORM)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(await statusWith(cloud.port, text), 200)
    assert.equal(await statusWith(cloud.port, old), 401)
    await cloud.close()
    return text
  }
  const first = await start()
  assert.equal(await start(), first)
  rmSync(file)
  assert.notEqual(await start(first), first)
  // A seed makes ids predictable, and never the token.
  const other = await startCloud(t, { config: { seed: 'the-same' } })
  assert.notEqual(readFileSync(join(other.dataDir, 'admin-token'), 'utf8'), first)
})

test('a file with another mode is made private again, and one that holds no token gets one', async (t) => {
  const dataDir = temporaryDirectory(t)
  const file = join(dataDir, 'admin-token')
  for (const text of ['', '\n', 'secret\n', `${'a'.repeat(42)} \n`, `${'a'.repeat(43)}b`]) {
    writeFileSync(file, text)
    chmodSync(file, 0o666)
    const cloud = await startCloud(t, { dataDir })
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.match(readFileSync(file, 'utf8'), FORM)
    const headers = { authorization: `Bearer ${text.trim()}` }
    assert.equal((await askAdmin(cloud.port, 'config', { headers })).status, 401, text)
    await cloud.close()
  }
})
