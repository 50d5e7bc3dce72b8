import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frontends } from '../../../../src/substrate/kubernetes/starrocks/frontend.ts'
import { fakeMysql } from '../../../support/process/fake-mysql.ts'

const PORT = 9030

test('a front end that lets clients in and does not answer is silent, in the time that it has', async (t) => {
  const host = '127.244.9.1'
  const { queries } = await fakeMysql(t, { host, port: PORT, silent: true })
  assert.equal(await frontends(PORT).login(host, 'secret'), 'silent')
  assert.deepEqual(queries, ['SELECT 1'])
})

test('one that answers has accepted the password', async (t) => {
  const host = '127.244.9.2'
  await fakeMysql(t, { host, port: PORT })
  assert.equal(await frontends(PORT).login(host, 'secret'), 'accepted')
})
