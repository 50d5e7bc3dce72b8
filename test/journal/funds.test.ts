import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { fundsOf } from '../../src/journal/funds.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

test('an account with a wallet has its credit and its balance; one without has no bound', async (t) => {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  await store.write(async (tx) => {
    const about = {
      atMs: 1,
      kind: 'payment',
      currency: 'X',
      order: '',
      cluster: '',
      text: '',
    } as const
    await tx.insert('wallet', { id: 'a', account: 'a', credit: 50 }, 1)
    await tx.post([
      { ...about, key: '1', account: 'a', amount: 7 },
      { ...about, key: '2', account: 'b', amount: 9 },
    ])
  })
  const funds = (account: string) => store.read((tx) => fundsOf(tx, account))
  assert.deepEqual(await funds('a'), { credit: 50, balance: 7 })
  assert.deepEqual(await funds('b'), { credit: null, balance: 0 })
})
