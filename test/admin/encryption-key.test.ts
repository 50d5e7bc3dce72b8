import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'

const KEY = { account: '1000000000000001', region: 'cn-hangzhou', id: 'key-1' }

test('keys are created, listed, disabled, enabled and deleted, and never reveal their material', async (t) => {
  const { port, store } = await startCloud(t)
  const send = (page: string, body: object) => askAdmin(port, page, { method: 'POST', body })
  const made = await send('encryption-keys', { ...KEY, description: 'for tests' })
  const { created, ...row } = made.body
  assert.deepEqual(row, { ...KEY, state: 'enabled', description: 'for tests', origin: 'made' })
  assert.equal(new Date(created as string).toISOString(), created)
  for (const [verb, state] of [
    ['disable', 'disabled'],
    ['enable', 'enabled'],
    ['delete', 'deleted'],
  ]) {
    assert.equal((await send(`encryption-keys/${verb}`, KEY)).body.state, state)
    const { body, text } = await askAdmin(port, `encryption-keys?account=${KEY.account}`)
    assert.equal(body.rows[0].state, state)
    assert.doesNotMatch(text, /material|v1\./)
  }
  const other = await askAdmin(port, 'encryption-keys?account=2')
  assert.equal(other.body.total, 0)
  const audit = await store.read((tx) => tx.audit(KEY.account, 10))
  assert.equal(audit.filter(({ action }) => action.endsWith('EncryptionKey')).length, 4)
})

test('what is wrong is reported in a sentence', async (t) => {
  const { port } = await startCloud(t)
  const send = (page: string, body: object) => askAdmin(port, page, { method: 'POST', body })
  await send('encryption-keys', KEY)
  for (const [page, body, status, sentence] of [
    ['encryption-keys', KEY, 400, /there is a key key-1 in cn-hangzhou already/],
    ['encryption-keys', { ...KEY, id: 'a b' }, 400, /the id of a key has/],
    ['encryption-keys', { ...KEY, region: 'A!' }, 400, /region is not the id of a region/],
    ['encryption-keys', { ...KEY, id: 'key-2', account: '2' }, 404, /there is no account 2/],
    ['encryption-keys', { account: '2' }, 400, /region is required/],
    ['encryption-keys', { ...KEY, id: 'k', description: 'x'.repeat(1_001) }, 400, /at most 1000/],
    ['encryption-keys/disable', { ...KEY, id: 'key-2' }, 404, /there is no key key-2/],
    ['encryption-keys/disable', { ...KEY, state: 'on' }, 400, /no member state/],
  ] as const) {
    const answer = await send(page, body)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.body.error, sentence)
  }
})
