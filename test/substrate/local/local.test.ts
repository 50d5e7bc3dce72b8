import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import type { NodeGroup } from '../../../src/domain/cluster/node-group.ts'
import { instancesIn } from '../../../src/substrate/local/instance.ts'
import {
  isAlive,
  pidRecordOf,
  readPidFile,
  signalGroup,
} from '../../../src/substrate/local/pid-file.ts'
import type { Wanted } from '../../../src/substrate/port.ts'
import { echoComponent, echoPort } from '../../support/engine/echo-component.ts'
import {
  localDirectory,
  ready,
  removedFrom,
  untilSeen,
} from '../../support/engine/local-substrate.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { wantedOf } from '../subject.ts'

const single = echoComponent('f', { single: true })
const wanted = (id: string, groups: readonly NodeGroup[] = [sampleGroup('g', 2)]): Wanted =>
  wantedOf({ groups }, id)

test('an engine whose starter died before it recorded it is adopted, not doubled', async (t) => {
  const { open, pid, files } = localDirectory(t, single)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  const first = pid('c-1')
  writeFileSync(files('c-1').pidFile, JSON.stringify({ pid: 1, started: 'long ago' }))
  substrate.supervise!(() => {})
  await untilSeen(substrate, 'c-1', (seen) => seen.answering)
  assert.equal(pid('c-1'), first)
})

test('a process that has our id but not our start is a stranger and is not signalled', () => {
  const stranger = { pid: process.pid, started: '1' }
  assert.equal(isAlive(stranger), false)
  signalGroup(stranger, 'SIGKILL')
})

test('one that does not end is killed when its time is over, and its directory goes with it', async (t) => {
  const { root, open, clock, files } = localDirectory(t, single)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  writeFileSync(join(files('c-1').directory, 'stubborn'), '')
  await substrate.remove('c-1')
  await substrate.remove('c-1')
  assert.equal((await substrate.observe('c-1')).present, true)
  clock.advance(6000)
  await removedFrom(substrate, 'c-1')
  assert.deepEqual(readdirSync(root), [])
})

test('a stubborn one is killed for a restart as well', async (t) => {
  const { open, clock, files, pid } = localDirectory(t, single)
  const substrate = open()
  const it = wanted('c-1')
  await ready(substrate, it)
  const first = pid('c-1')
  writeFileSync(join(files('c-1').directory, 'stubborn'), '')
  const nodes = it.spec.groups[0]!.nodes.map((node) => ({ ...node, restarts: 1 }))
  const spec = { ...it.spec, generation: 2, groups: [{ ...it.spec.groups[0]!, nodes }] }
  await substrate.apply({ ...it, spec })
  assert.equal(pid('c-1'), first)
  clock.advance(6000)
  await untilSeen(substrate, 'c-1', ({ generation }) => generation === 2)
  assert.notEqual(pid('c-1'), first)
})

test('running is only said when the engine answered', async (t) => {
  const { open, files } = localDirectory(t, single)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  writeFileSync(join(files('c-1').directory, 'mute'), '')
  const seen = await substrate.observe('c-1')
  const [node] = seen.groups[0]?.nodes ?? []
  assert.deepEqual(
    [seen.answering, seen.generation, node?.phase, node?.runs],
    [false, 0, 'starting', undefined],
  )
})

test('the size of the nodes decides what the engine gets', async (t) => {
  const { open, files } = localDirectory(t, single)
  const disk = { use: 'data', type: 'd', sizeGib: 100, count: 2 } as const
  await ready(
    open(),
    wanted('c-1', [{ ...sampleGroup('g', 3), cpu: 8, memoryMib: 32_768, disks: [disk] }]),
  )
  const given = JSON.parse(
    readFileSync(join(files('c-1').directory, 'prepared.json'), 'utf8'),
  ) as Record<string, unknown>
  assert.deepEqual([given['memoryMib'], given['quotaBytes']], [1536, 600 * 1024 ** 3])
  assert.match(String(given['host']), /^127\.77\.\d+\.\d+$/)
  assert.deepEqual(given['ports'], [echoPort])
})

test('instances that are made at the same moment have addresses of their own', async (t) => {
  const { root, open } = localDirectory(t, single)
  const substrate = open()
  const ids = ['c-1', 'c-2', 'c-3', 'c-4', 'c-5']
  await Promise.all(ids.map((id) => ready(substrate, wanted(id))))
  assert.equal(new Set(instancesIn(root).map((note) => note.host)).size, ids.length)
})

test('an address whose port somebody else has is skipped', async (t) => {
  const { open, note } = localDirectory(t, single)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  const { host } = note('c-1')
  /** The address so many places behind it, over the end of its network. */
  const behind = (places: number) => {
    const [, , network = 0, ending = 0] = host.split('.').map(Number)
    const at = (network - 1) * 254 + (ending - 1) + places
    return `127.77.${1 + (Math.floor(at / 254) % 255)}.${1 + (at % 254)}`
  }
  const next = behind(1)
  const other = createServer().listen(echoPort, next)
  t.after(() => other.close())
  await once(other, 'listening')
  await ready(substrate, wanted('c-2'))
  assert.equal(note('c-2').host, behind(2))
})

test('an engine that was started by a server which then died, and does not answer yet, is found and not doubled', async (t) => {
  const { open, pid, files } = localDirectory(t, single)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  const first = pid('c-1')
  const { pidFile, directory } = files('c-1')
  rmSync(pidFile)
  rmSync(join(directory, 'control'))
  substrate.supervise!(() => {})
  await untilSeen(substrate, 'c-1', () => existsSync(pidFile))
  assert.equal(pid('c-1'), first)
})

test('one that was never recorded and does not answer is ended with its instance all the same', async (t) => {
  const { root, open, pid, files } = localDirectory(t, single)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  const { pidFile, directory } = files('c-1')
  const record = readPidFile(pidFile)!
  assert.equal(record.pid, pid('c-1'))
  rmSync(pidFile)
  rmSync(join(directory, 'control'))
  await removedFrom(substrate, 'c-1')
  assert.equal(isAlive(record), false)
  assert.deepEqual(readdirSync(root), [])
})

test('a directory that a creation left before it wrote anything goes when the cluster goes', async (t) => {
  const { root, open } = localDirectory(t, single)
  const substrate = open()
  mkdirSync(join(root, 'c-1', 'engine'), { recursive: true })
  assert.equal((await substrate.observe('c-1')).present, true)
  await removedFrom(substrate, 'c-1')
  assert.deepEqual(readdirSync(root), [])
})

test('engines outlive the server unless its options say otherwise, and then the next one starts them again', async (t) => {
  const { open, pid, files } = localDirectory(t, single)
  const first = open()
  await ready(first, wanted('c-1'))
  const record = readPidFile(files('c-1').pidFile)!
  await first.close()
  assert.equal(isAlive(record), true)
  await open({ keepRunning: false }).close()
  assert.equal(isAlive(record), false)
  const last = open()
  last.supervise!(() => {})
  await untilSeen(last, 'c-1', (seen) => seen.answering)
  assert.notEqual(pid('c-1'), record.pid)
})

test('what an instance keeps is there again after it was stopped', async (t) => {
  const { open, files } = localDirectory(t, single)
  const substrate = open()
  const it = wanted('c-1')
  await ready(substrate, it)
  const data = join(files('c-1').directory, 'data')
  writeFileSync(data, 'kept')
  await substrate.apply({ ...it, spec: { ...it.spec, running: false } })
  await untilSeen(substrate, 'c-1', ({ groups }) =>
    groups.every(({ nodes }) => nodes.every(({ phase }) => phase === 'stopped')),
  )
  substrate.supervise!(() => {})
  await ready(substrate, it)
  assert.equal(readFileSync(data, 'utf8'), 'kept')
})

test('clearing leaves nothing, stubborn engines included', async (t) => {
  const { root, open, files } = localDirectory(t, single)
  const substrate = open()
  for (const id of ['c-1', 'c-2']) await ready(substrate, wanted(id))
  const records = ['c-1', 'c-2'].map((id) => readPidFile(files(id).pidFile)!)
  writeFileSync(join(files('c-1').directory, 'stubborn'), '')
  await substrate.clear()
  assert.deepEqual(records.map(isAlive), [false, false])
  assert.deepEqual(readdirSync(root), [])
})

test('a process that has ended leaves no record that a later one with its id could be taken for', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  assert.equal(pidRecordOf(child.pid!), undefined)
})

test('an engine that does not report its figures in time holds up neither the others nor the page', async (t) => {
  const { open, pid } = localDirectory(t, single)
  const substrate = open()
  for (const id of ['c-1', 'c-2']) await ready(substrate, wanted(id))
  process.kill(pid('c-1'), 'SIGSTOP')
  const startedMs = performance.now()
  const figures = await substrate.metrics!()
  assert.ok(performance.now() - startedMs < 4_000)
  // What the kernel says of it needs no answer of its own.
  for (const [id, own] of [
    ['c-1', []],
    ['c-2', ['echo_up']],
  ] as const) {
    const named = (figures.get(id) ?? '').split('\n').map((line) => line.split(' ')[0])
    const expected = [...own, 'process_cpu_seconds_total', 'process_resident_memory_bytes']
    assert.deepEqual(
      named.filter((name) => name !== '' && name !== '#'),
      expected,
    )
  }
  process.kill(pid('c-1'), 'SIGCONT')
})

test('a log is that of its engine, and there is none without an instance', async (t) => {
  const { open, files } = localDirectory(t, single)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  writeFileSync(join(files('c-1').directory, 'echo.log'), 'one\ntwo\n')
  assert.equal(substrate.logs!('c-1', { lines: 1 })?.text, 'two\n')
  assert.equal(substrate.logs!('c-9', { lines: 1 }), undefined)
})
