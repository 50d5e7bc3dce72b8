/** What every store owes (src/store/port.ts), as one suite that each driver's test calls. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import type { Operation } from '../../src/domain/operation.ts'
import { Conflict, type Listing, type Store } from '../../src/store/port.ts'
import { sampleCluster, sampleGroup, sampleSpec } from '../support/fixture/sample.ts'

export type OpenStore = (t: TestContext) => Promise<Store>

const listing: Listing = { account: 'a', order: 'newest', limit: 100, offset: 0 }

export function storeConformance(name: string, open: OpenStore): void {
  const suite = (sentence: string, run: (store: Store) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))

  suite('a written document is found by its account and by nobody else', async (store) => {
    const cluster = sampleCluster({ id: 'c-1', account: 'a' })
    await store.write((tx) => tx.insert('cluster', cluster, 1))
    const found = await store.read((tx) => tx.find('cluster', 'a', 'c-1'))
    assert.deepEqual(found?.document, cluster)
    assert.equal(found?.revision, 1)
    assert.equal(await store.read((tx) => tx.find('cluster', 'b', 'c-1')), undefined)
    assert.equal(await store.read((tx) => tx.find('cluster', 'a', 'c-2')), undefined)
  })

  suite('an id is taken once', async (store) => {
    await store.write((tx) => tx.insert('cluster', sampleCluster({ id: 'c-1' }), 1))
    await assert.rejects(
      store.write((tx) => tx.insert('cluster', sampleCluster({ id: 'c-1', account: 'b' }), 1)),
      Conflict,
    )
  })

  suite('a save on an old revision is refused and changes nothing', async (store) => {
    await store.write((tx) => tx.insert('cluster', sampleCluster({ id: 'c-1', name: 'first' }), 1))
    const old = (await store.read((tx) => tx.findById('cluster', 'c-1')))!
    await store.write((tx) => tx.save('cluster', old, { ...old.document, name: 'second' }))
    await assert.rejects(
      store.write((tx) => tx.save('cluster', old, { ...old.document, name: 'third' })),
      Conflict,
    )
    assert.equal((await store.read((tx) => tx.findById('cluster', 'c-1')))?.document.name, 'second')
  })

  suite(
    'a unit of work that throws leaves no trace and does not disturb the others of its batch',
    async (store) => {
      const outcomes = await Promise.allSettled([
        store.write((tx) => tx.insert('cluster', sampleCluster({ id: 'c-1' }), 1)),
        store.write(async (tx) => {
          await tx.insert('cluster', sampleCluster({ id: 'c-2' }), 1)
          await tx.enqueue('cluster', 'c-2', 0)
          throw new Error('no')
        }),
        store.write((tx) => tx.insert('cluster', sampleCluster({ id: 'c-3' }), 1)),
      ])
      assert.deepEqual(
        outcomes.map((each) => each.status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      const page = await store.read((tx) => tx.list('cluster', { ...listing, account: 'a' }))
      assert.deepEqual(
        page.rows.map((row) => row.document.id),
        ['c-3', 'c-1'],
      )
      assert.equal(page.total, 2)
      assert.equal(await store.nextDueMs(), undefined)
    },
  )

  suite('a reader sees every acknowledged write', async (store) => {
    for (let n = 0; n < 20; n++) {
      await store.write((tx) => tx.insert('cluster', sampleCluster({ id: `c-${n}` }), n))
      assert.equal((await store.read((tx) => tx.list('cluster', listing))).total, n + 1)
    }
  })

  suite('totals follow creation, change of state and removal', async (store) => {
    await store.write((tx) =>
      tx.insert('cluster', sampleCluster({ id: 'c-1', status: { state: 'creating' } }), 1),
    )
    const created = (await store.read((tx) => tx.findById('cluster', 'c-1')))!
    await store.write((tx) =>
      tx.save('cluster', created, {
        ...created.document,
        status: { ...created.document.status, state: 'running' },
      }),
    )
    const total = async (states: readonly string[]) =>
      (await store.read((tx) => tx.list('cluster', { ...listing, states }))).total
    assert.equal(await total(['creating']), 0)
    assert.equal(await total(['running']), 1)
    const running = (await store.read((tx) => tx.findById('cluster', 'c-1')))!
    await store.write((tx) => tx.remove('cluster', running))
    assert.equal(await total(['running']), 0)
  })

  suite('changed tags are found by their new values only', async (store) => {
    await store.write((tx) =>
      tx.insert('cluster', sampleCluster({ id: 'c-1', tags: [{ key: 'k', value: 'old' }] }), 1),
    )
    const was = (await store.read((tx) => tx.findById('cluster', 'c-1')))!
    await store.write((tx) =>
      tx.save('cluster', was, { ...was.document, tags: [{ key: 'k', value: 'new' }] }),
    )
    const count = async (value: string) =>
      (await store.read((tx) => tx.list('cluster', { ...listing, tags: [{ key: 'k', value }] })))
        .total
    assert.equal(await count('old'), 0)
    assert.equal(await count('new'), 1)
  })

  suite('a cluster is found by its node groups, by its account alone', async (store) => {
    const spec = (...ids: readonly string[]) =>
      sampleSpec({ groups: ids.map((id) => sampleGroup(id, 1)) })
    const id = async (group: string, account = 'a') =>
      (await store.read((tx) => tx.findByNodeGroup(account, group)))?.document.id
    await store.write(async (tx) => {
      await tx.insert('cluster', sampleCluster({ id: 'c-1', spec: spec('g-1', 'g-2') }), 1)
      await tx.insert('cluster', sampleCluster({ id: 'c-2', spec: spec('g-3') }), 2)
    })
    assert.deepEqual([await id('g-1'), await id('g-2'), await id('g-3')], ['c-1', 'c-1', 'c-2'])
    assert.deepEqual([await id('g-4'), await id('g-1', 'b')], [undefined, undefined])
    await store.write((tx) =>
      tx.insert('cluster', sampleCluster({ id: 'c-3', spec: spec('c-3.core') }), 3),
    )
    assert.equal(await id('c-3.core'), undefined)
    await store.write(async (tx) => {
      const was = (await tx.findById('cluster', 'c-1'))!
      await tx.save('cluster', was, { ...was.document, spec: spec('g-2', 'g-4') })
      await tx.remove('cluster', (await tx.findById('cluster', 'c-2'))!)
    })
    assert.deepEqual([await id('g-2'), await id('g-4')], ['c-1', 'c-1'])
    assert.deepEqual([await id('g-1'), await id('g-3')], [undefined, undefined])
    await store.write(async (tx) => {
      await tx.clear()
      await tx.insert('cluster', sampleCluster({ id: 'c-1', spec: spec('g-5') }), 3)
    })
    assert.deepEqual([await id('g-4'), await id('g-5')], [undefined, 'c-1'])
  })

  suite('two documents of one id in a unit of work are one too many', async (store) => {
    const twice = store.write(async (tx) => {
      await tx.insert('cluster', sampleCluster({ id: 'c-1' }), 1)
      await tx.insert('cluster', sampleCluster({ id: 'c-1' }), 1)
    })
    await assert.rejects(twice, Conflict)
    assert.deepEqual(await store.read((tx) => tx.tally('cluster')), [])
  })

  suite('a unit of work sees what it wrote, however it asks', async (store) => {
    const seen = await store.write(async (tx) => {
      const cluster = sampleCluster({ id: 'c-1', name: 'first' })
      await tx.insert('cluster', cluster, 1)
      const one = (await tx.find('cluster', 'a', 'c-1'))!
      await tx.save('cluster', one, { ...cluster, name: 'second' })
      await tx.insert('cluster', sampleCluster({ id: 'c-2', name: 'third' }), 1)
      const listed = await tx.list('cluster', { ...listing, order: 'oldest' })
      const { total, rows } = listed
      const again = await tx.findById('cluster', 'c-1')
      return [total, again?.document.name, ...rows.map(({ document }) => document.name)]
    })
    assert.deepEqual(seen, [2, 'second', 'second', 'third'])
  })

  test(`${name}: however documents come, change and go, look-ups answer what was committed last`, async (t) => {
    const store = await open(t)
    const doing = fc.record({
      id: fc.constantFrom('c-1', 'c-2', 'c-3'),
      what: fc.constantFrom('look', 'insert', 'save', 'remove', 'clear'),
      fails: fc.boolean(),
    })
    const batch = fc.array(fc.array(doing, { maxLength: 3 }), { maxLength: 4 })
    let version = 0
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 6 }), async (batches) => {
        await store.write((tx) => tx.clear())
        let model = new Map<string, string>()
        for (const units of batches) {
          /** After each unit of the batch that did not fail; units may be run again. */
          const after: Map<string, string>[] = []
          const done = units.map((steps, at) =>
            store.write(async (tx) => {
              // Of the units before it in the batch, and its own.
              const next = new Map(after.slice(0, at).findLast((each) => each) ?? model)
              for (const { id, what, fails } of steps) {
                const found = await tx.find('cluster', 'a', id)
                assert.equal(found?.document.name, next.get(id))
                const label = `v${++version}`
                const cluster = sampleCluster({ id, name: label })
                if (what === 'clear') {
                  await tx.clear()
                  next.clear()
                } else if (!found && what === 'insert') {
                  await tx.insert('cluster', cluster, 1)
                  next.set(id, label)
                } else if (found && what === 'save') {
                  await tx.save('cluster', found, cluster)
                  next.set(id, label)
                } else if (found && what === 'remove') {
                  await tx.remove('cluster', found)
                  next.delete(id)
                }
                if (fails && what !== 'look') throw new Error('undone')
              }
              after[at] = next
            }),
          )
          for (const each of await Promise.allSettled(done))
            if (each.status === 'rejected') assert.equal((each.reason as Error).message, 'undone')
          model = after.findLast((each) => each) ?? model
          for (const id of ['c-1', 'c-2', 'c-3']) {
            const found = await store.read((tx) => tx.findById('cluster', id))
            assert.equal(found?.document.name, model.get(id))
            const { rows } = await store.read((tx) => tx.list('cluster', { ...listing, ids: [id] }))
            assert.deepEqual(rows[0], found)
            assert.equal(await store.read((tx) => tx.find('cluster', 'b', id)), undefined)
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  suite('operations are found under their cluster by number, and go with it', async (store) => {
    const operation: Operation = {
      id: 'op-1',
      account: 'a',
      cluster: 'c-1',
      verb: 'create',
      status: 'running',
      progress: 0,
      flow: 7,
      trace: 't-7',
      startedMs: 1,
      steps: [],
    }
    await store.write((tx) => tx.insert('operation', operation, 1))
    assert.equal(
      (await store.read((tx) => tx.findByHandle('operation', 'c-1', 7)))?.document.id,
      'op-1',
    )
    assert.equal(await store.read((tx) => tx.findByHandle('operation', 'c-2', 7)), undefined)
    await store.write((tx) => tx.removeChildren('operation', 'c-1'))
    const left = await store.read((tx) => tx.list('operation', { ...listing, parent: 'c-1' }))
    assert.deepEqual([left.total, left.rows.length], [0, 0])
    assert.deepEqual(
      (await store.read((tx) => tx.tally('operation'))).filter(({ count }) => count !== 0),
      [],
    )
  })

  suite('the audit trail says what was done, newest first', async (store) => {
    const done = {
      atMs: 1,
      account: 'a',
      principal: 'root',
      action: 'A',
      requestId: 'r',
      region: '',
      subject: 'c-1',
    }
    await store.write(async (tx) => {
      await tx.addAudit(done)
      await tx.addAudit({ ...done, atMs: 2, action: 'B' })
    })
    const entries = await store.read((tx) => tx.audit('a', 10))
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['B', 'A'],
    )
    assert.deepEqual(await store.read((tx) => tx.audit('b', 10)), [])
    await store.write((tx) => tx.addAudit(entry('b', 3)))
    const everyone = await store.read((tx) => tx.audit(undefined, 10))
    assert.deepEqual(
      everyone.map(({ account }) => account),
      ['b', 'a', 'a'],
    )
  })

  suite('counters go up by one', async (store) => {
    assert.deepEqual(
      [
        await store.write((tx) => tx.count('n')),
        await store.write((tx) => tx.count('n')),
        await store.write((tx) => tx.count('m')),
      ],
      [1, 2, 1],
    )
  })

  suite(
    'a unit that fails neither counts nor leaves an entry, whoever comes before and after it',
    async (store) => {
      const work = (id: string, fails: boolean) =>
        store.write(async (tx) => {
          const count = await tx.count('n', 2)
          assert.equal(await tx.counted('n'), count)
          await tx.addAudit({ ...entry('a', 1), requestId: id })
          if (fails) assert.equal((await tx.audit('a', 9))[0]?.requestId, id)
          if (fails) throw new Error('undone')
          return count
        })
      const outcomes = await Promise.allSettled([
        work('1', false),
        work('2', true),
        work('3', false),
        work('4', false),
      ])
      const counts = outcomes.map((each) => (each.status === 'fulfilled' ? each.value : undefined))
      assert.deepEqual(counts, [2, undefined, 4, 6])
      assert.equal(await store.read((tx) => tx.counted('n')), 6)
      const kept = await store.read((tx) => tx.audit('a', 9))
      assert.deepEqual(
        kept.map(({ requestId }) => requestId),
        ['4', '3', '1'],
      )
    },
  )

  suite('clearing forgets everything but counters and the audit trail', async (store) => {
    await store.write(async (tx) => {
      await tx.insert('cluster', sampleCluster({ tags: [{ key: 'k', value: 'v' }] }), 1)
      await tx.enqueue('cluster', 'c-1', 5)
      await tx.putToken({
        account: 'a',
        action: 'Do',
        token: 't',
        fingerprint: 'f',
        answer: '{}',
        expiresMs: 9,
      })
      await tx.addAudit(entry('a', 1))
      await tx.count('n')
    })
    await store.write((tx) => tx.clear())
    assert.deepEqual(await store.read((tx) => tx.list('cluster', listing)), { total: 0, rows: [] })
    const tagged: Listing = { ...listing, tags: [{ key: 'k' }] }
    assert.equal((await store.read((tx) => tx.list('cluster', tagged))).total, 0)
    assert.equal(await store.nextDueMs(), undefined)
    assert.equal(await store.read((tx) => tx.findToken('a', 'Do', 't')), undefined)
    assert.equal((await store.read((tx) => tx.audit('a', 10))).length, 1)
    assert.equal(await store.write((tx) => tx.count('n')), 2)
    await store.write((tx) => tx.insert('cluster', sampleCluster(), 2))
    assert.equal((await store.read((tx) => tx.list('cluster', listing))).total, 1)
  })
}

function entry(account: string, atMs: number) {
  return {
    atMs,
    account,
    principal: 'root/a',
    action: 'Do',
    requestId: '',
    region: '',
    subject: '',
  }
}
