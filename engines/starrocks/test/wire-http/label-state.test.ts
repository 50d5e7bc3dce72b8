import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, testPorts } from '../support/open-ports.ts'

test('get_load_state tells what became of a label', async (t) => {
  const { client, front, transact } = await testPorts(t)
  await client.run('CREATE TABLE t (k INT)')
  const answer = (query: string, database = 'd', auth = 'admin:') =>
    ask(`${front}/api/${database}/get_load_state${query}`, { auth })
  const state = async () => (await answer('?label=one')).json?.['state']
  const one = { label: 'one', table: 't' }
  assert.deepEqual((await answer('?label=one')).json, {
    state: 'UNKNOWN',
    status: 'OK',
    code: '0',
    msg: 'Success',
    message: 'OK',
  })
  await transact('begin', one)
  assert.equal(await state(), 'PREPARE')
  await transact('rollback', one)
  assert.equal(await state(), 'ABORTED')
  await transact('begin', one)
  await transact('load', one, '1\n')
  await transact('prepare', one)
  assert.equal(await state(), 'PREPARED')
  await transact('rollback', one)
  assert.equal(await state(), 'ABORTED')
  await transact('begin', one)
  await transact('load', one, '1\n')
  await transact('commit', one)
  assert.equal(await state(), 'VISIBLE')

  const refused = async (...place: Parameters<typeof answer>) => {
    const { json } = await answer(...place)
    assert.equal(json?.['status'], 'FAILED')
    return json?.['msg']
  }
  assert.equal(await refused(''), 'No label selected.')
  assert.equal(await refused('?label=one', 'none'), 'unknown database, database=none')
  assert.equal((await answer('?label=one', 'd', 'admin:wrong')).status, 401)
})
