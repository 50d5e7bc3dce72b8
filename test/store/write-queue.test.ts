/** How the units of a batch are kept apart when one of them fails (src/store/write-queue.ts). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import {
  runUnits,
  writeQueue,
  type BatchTransaction,
  type BatchWriter,
  type Unit,
} from '../../src/store/write-queue.ts'

/** Everything that was done, in order. */
function setUp(options: { readonly restart: boolean; readonly endsByItself?: boolean }) {
  const did: string[] = []
  let changes = 0
  let isOver = false
  const note = (what: string) => void did.push(what)
  const transaction: BatchTransaction = {
    send: note,
    exec: note,
    isOver: () => isOver,
    ...(options.restart && { restart: { changes: () => changes, begin: () => note('restart') } }),
  }
  const units = {
    beginAll() {},
    begin() {},
    end: async () => {},
    isUnclear: () => false,
    undo: () => note('forget'),
    endAll: async () => note('end'),
  }
  const unit = (name: string, how: 'done' | 'refused' | 'undone' = 'done'): Unit => ({
    async run() {
      note(name)
      if (how !== 'refused') changes++
      isOver = options.endsByItself === true
      if (how !== 'done') throw new Error(name)
    },
    settle() {},
  })
  return {
    did,
    unit,
    run: (batch: readonly Unit[]) => runUnits(transaction, { units } as BatchWriter, batch),
  }
}

test('units are not marked while none fails', async () => {
  const { did, unit, run } = setUp({ restart: true })
  assert.equal((await run([unit('a'), unit('b')])).size, 0)
  assert.deepEqual(did, ['a', 'b', 'end'])
})

test('a unit that fails before it changes anything is left out, and the others go on', async () => {
  const { did, unit, run } = setUp({ restart: true })
  const refused = unit('b', 'refused')
  const problems = await run([unit('a'), refused, unit('c')])
  assert.deepEqual([...problems.keys()], [refused])
  assert.deepEqual(did, ['a', 'b', 'forget', 'c', 'end'])
})

test('when one fails that has changed something, the others begin again, each between marks', async () => {
  const { did, unit, run } = setUp({ restart: true })
  const [undone, late] = [unit('b', 'undone'), unit('d', 'undone')]
  const problems = await run([unit('a'), undone, unit('c'), late])
  assert.deepEqual([...problems.keys()], [undone, late])
  const marked = (name: string) => ['savepoint unit', name, 'release unit']
  const last = ['savepoint unit', 'd', 'rollback to unit; release unit', 'forget']
  assert.deepEqual(did, ['a', 'b', 'restart', ...marked('a'), ...marked('c'), ...last, 'end'])
})

test('where nothing can begin again every unit is marked, unless it is alone', async () => {
  const { did, unit, run } = setUp({ restart: false })
  await run([unit('a'), unit('b', 'refused')])
  const last = ['savepoint unit', 'b', 'rollback to unit; release unit', 'forget']
  assert.deepEqual(did.splice(0), ['savepoint unit', 'a', 'release unit', ...last, 'end'])
  await run([unit('a')])
  assert.deepEqual(did, ['a', 'end'])
})

test('a transaction that the engine ended is nobody else’s: what follows does not run outside of it', async () => {
  const { did, unit, run } = setUp({ restart: true, endsByItself: true })
  await assert.rejects(run([unit('a', 'refused'), unit('b')]), /a/)
  assert.deepEqual(did, ['a'])
})

test('after a batch of several units the next one gathers for a moment; where units come alone none waits', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const sizes: number[] = []
  const { write } = writeQueue({
    most: 9,
    async commit(batch) {
      sizes.push(batch.length)
      for (const unit of batch) {
        await unit.run({} as BatchWriter)
        unit.settle()
      }
    },
  })
  const unit = () => write(async () => {})
  await Promise.all([unit(), unit()])
  const first = unit()
  await setImmediate()
  const second = unit()
  assert.deepEqual(sizes.splice(0), [2])
  t.mock.timers.tick(1)
  await Promise.all([first, second])
  const alone = unit()
  t.mock.timers.tick(1)
  await alone
  await unit()
  assert.deepEqual(sizes, [2, 1, 1])
})
