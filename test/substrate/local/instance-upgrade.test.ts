import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { templateOf, withRestart } from '../../../src/domain/cluster/spec.ts'
import { echoComponent } from '../../support/engine/echo-component.ts'
import { localDirectory, ready, removedFrom } from '../../support/engine/local-substrate.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { next, seenNodes, wantedOf } from '../subject.ts'

const wanted = wantedOf({ groups: [sampleGroup('w', 2)] }, 'c-1')

test('an instance of the first version is found where it was, and runs on', async (t) => {
  const { directory, file } = await oldInstance(t)
  const pid = directory.pid('c-1')
  const { pid: recorded } = JSON.parse(readFileSync(file('process.json'), 'utf8')) as {
    pid: number
  }
  assert.equal(recorded, pid)
  assert.ok(existsSync(file('engine/prepared.json')))
  const note = readFileSync(file('instance.json'), 'utf8')
  const substrate = directory.open()
  const seen = await substrate.observe('c-1')
  assert.deepEqual([seen.answering, seen.generation], [true, 1])
  assert.deepEqual(
    seenNodes(seen).map(({ id, index, address, phase, runs }) => [id, index, address, phase, runs]),
    [
      ['c-1-w-0', 0, '10.0.0.1', 'serving', undefined],
      ['c-1-w-1', 1, '10.0.0.2', 'serving', undefined],
    ],
  )
  assert.equal(readFileSync(file('instance.json'), 'utf8'), note, 'looking writes nothing')
})

test('the first apply takes it over without a restart, and the next restart is one', async (t) => {
  const { directory } = await oldInstance(t)
  const pid = directory.pid('c-1')
  const substrate = directory.open()
  substrate.supervise!(() => {})
  const it = next(wanted, withRestart(wanted.spec, { of: 'cluster' }))
  const group = it.spec.groups[0]!
  const seen = await ready(substrate, it)
  assert.deepEqual(
    seenNodes(seen).map(({ runs }) => runs),
    group.nodes.map((node) => templateOf(it.spec, group, node)),
  )
  assert.deepEqual(
    seenNodes(seen).map(({ address }) => address),
    ['10.0.0.1', '10.0.0.2'],
  )
  assert.equal(directory.pid('c-1'), pid)
  await ready(substrate, next(it, withRestart(it.spec, { of: 'cluster' })))
  assert.notEqual(directory.pid('c-1'), pid)
  await removedFrom(substrate, 'c-1')
})

test('one whose end the first version began is taken down', async (t) => {
  const { directory, file, old } = await oldInstance(t)
  writeFileSync(file('instance.json'), JSON.stringify({ ...old, endingMs: 1 }))
  const substrate = directory.open()
  assert.ok(seenNodes(await substrate.observe('c-1')).every(({ phase }) => phase === 'stopping'))
  substrate.supervise!(() => {})
  await removedFrom(substrate, 'c-1')
  assert.equal(existsSync(file('')), false)
})

/** A running instance with the note that the first version would have left. */
async function oldInstance(t: TestContext) {
  const directory = localDirectory(t, echoComponent('f', { single: true }))
  const substrate = directory.open()
  await ready(substrate, wanted)
  await substrate.close()
  const { host, processes } = directory.note('c-1')
  const nodes = [
    { id: 'c-1-w-0', address: '10.0.0.1' },
    { id: 'c-1-w-1', address: '10.0.0.2' },
  ]
  const old = {
    id: 'c-1',
    family: 'f',
    generation: 1,
    host,
    ports: processes[0]!.ports,
    groups: [{ id: 'c-1-w', nodes }],
    prepared: true,
  }
  const file = (name: string) => join(directory.root, 'c-1', name)
  writeFileSync(file('instance.json'), JSON.stringify(old))
  return { directory, file, old }
}
