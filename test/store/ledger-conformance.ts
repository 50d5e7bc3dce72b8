/** What every store owes for the ledger (src/store/ledger.ts). */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Entry } from '../../src/domain/ledger.ts'
import { Conflict, type Store } from '../../src/store/port.ts'

function entry(members: Partial<Entry>): Entry {
  const about = { account: 'a', order: '', cluster: '', currency: 'X', text: '' }
  return { key: 'k', atMs: 1, kind: 'payment', amount: 1, ...about, ...members }
}

export function ledgerConformance(name: string, open: (t: TestContext) => Promise<Store>): void {
  const suite = (sentence: string, run: (store: Store) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))

  suite('the balance is the sum of the entries of the account, and nothing else', async (store) => {
    assert.equal(await store.read((tx) => tx.balance('a')), 0)
    await store.write((tx) =>
      tx.post([
        entry({ key: '1', amount: 500 }),
        entry({ key: '2', kind: 'charge', amount: -2_000_000_000_000 }),
        entry({ key: '3', account: 'b', amount: 7 }),
      ]),
    )
    assert.equal(await store.read((tx) => tx.balance('a')), 500 - 2_000_000_000_000)
    assert.equal(await store.read((tx) => tx.balance('b')), 7)
  })

  suite(
    'an entry of a key is taken once, and with it the whole unit of work is refused',
    async (store) => {
      await store.write((tx) => tx.post([entry({ key: '1', amount: 5 })]))
      const again = store.write((tx) => tx.post([entry({ key: '2' }), entry({ key: '1' })]))
      await assert.rejects(again, Conflict)
      assert.equal(await store.read((tx) => tx.balance('a')), 5)
      assert.equal((await store.read((tx) => tx.ledger({ limit: 9 }))).length, 1)
    },
  )

  suite(
    'entries are read back as they were, the latest first, page by page, and by what they concern',
    async (store) => {
      const all = [
        entry({ key: '1', cluster: 'c-1', order: 'o-1', text: 'one' }),
        entry({ key: '2', cluster: 'c-2', order: 'o-1' }),
        entry({ key: '3', account: 'b', cluster: 'c-1' }),
      ]
      await store.write((tx) => tx.post(all))
      const keys = async (listing: object) =>
        (await store.read((tx) => tx.ledger({ limit: 9, ...listing }))).map(({ key }) => key)
      assert.deepEqual(await keys({}), ['3', '2', '1'])
      assert.deepEqual(await keys({ account: 'a' }), ['2', '1'])
      assert.deepEqual(await keys({ account: 'a', cluster: 'c-1' }), ['1'])
      assert.deepEqual(await keys({ order: 'o-1' }), ['2', '1'])
      const [last] = await store.read((tx) => tx.ledger({ limit: 1 }))
      assert.deepEqual(await keys({ behindSeq: last!.seq, limit: 1 }), ['2'])
      const [first] = await store.read((tx) =>
        tx.ledger({ account: 'a', cluster: 'c-1', limit: 1 }),
      )
      const { seq: _, ...read } = first!
      assert.deepEqual({ ...read }, all[0])
    },
  )

  suite('what is cleared starts over', async (store) => {
    await store.write((tx) => tx.post([entry({})]))
    await store.write((tx) => tx.clear())
    assert.equal(await store.read((tx) => tx.balance('a')), 0)
    await store.write((tx) => tx.post([entry({})]))
  })
}
