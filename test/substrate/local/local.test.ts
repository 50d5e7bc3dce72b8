import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { random } from '../../../src/kernel/random.ts'
import { instancesIn, instanceFolder } from '../../../src/substrate/local/instance.ts'
import { local, type Local, type LocalOptions } from '../../../src/substrate/local/local.ts'
import { isAlive, markOf, readMark, signalGroup } from '../../../src/substrate/local/pid-file.ts'
import type { Wanted } from '../../../src/substrate/port.ts'
import { temporaryDirectory } from '../../support/directory.ts'
import { echoEngine } from '../../support/echo-engine.ts'
import { sampleCluster, sampleGroup } from '../../support/sample.ts'
import { substrateConformance } from '../conformance.ts'

/** A loaded machine may take long to start a process. */
const LOOKS_MAX = 2400

substrateConformance('local', async (t) => {
  const { root, open, engine } = setUp(t)
  return {
    substrate: open(),
    // Real processes need real time; the substrate says how little.
    wait: (seen) => pause(Math.min(seen.changesInMs ?? 20, 50)),
    writes: () => engine.prepared + instancesIn(root).length,
    reopen: async () => open(),
  }
})

test('an engine that dies is started again by the watch', async (t) => {
  const { open, pid } = setUp(t)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  const first = pid('c-1')
  process.kill(-first, 'SIGKILL')
  substrate.watch()
  const again = await until(substrate, 'c-1', () => pid('c-1') !== first)
  assert.equal(again.present, true)
  assert.ok((await until(substrate, 'c-1', (seen) => seen.answering)).answering)
})

test('an engine whose starter died before it marked it is adopted, not doubled', async (t) => {
  const { root, open, pid } = setUp(t)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  const first = pid('c-1')
  writeFileSync(instanceFolder(root, 'c-1').mark, JSON.stringify({ pid: 1, started: 'long ago' }))
  substrate.watch()
  await until(substrate, 'c-1', (seen) => seen.answering)
  assert.equal(pid('c-1'), first)
})

test('a process that has our id but not our start is a stranger and is not signalled', () => {
  const stranger = { pid: process.pid, started: '1' }
  assert.equal(isAlive(stranger), false)
  signalGroup(stranger, 'SIGKILL')
})

test('one that does not end is killed when its time is over, and its directory goes with it', async (t) => {
  const { root, open, clock } = setUp(t)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  writeFileSync(join(instanceFolder(root, 'c-1').engine, 'stubborn'), '')
  await substrate.destroy('c-1')
  await substrate.destroy('c-1')
  assert.equal((await substrate.observe('c-1')).present, true)
  clock.advance(6000)
  await gone(substrate, 'c-1')
  assert.deepEqual(readdirSync(root), [])
})

test('running is only said when the engine answered', async (t) => {
  const { root, open } = setUp(t)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  writeFileSync(join(instanceFolder(root, 'c-1').engine, 'mute'), '')
  const seen = await substrate.observe('c-1')
  assert.deepEqual([seen.answering, seen.generation, seen.groups[0]?.phase], [false, 0, 'starting'])
})

test('the size that was asked for decides what the engine gets', async (t) => {
  const { root, open } = setUp(t)
  const disk = { use: 'data', type: 'd', sizeGib: 100, count: 2 } as const
  const groups = [{ ...sampleGroup('g', 3), cpu: 8, disks: [disk] }]
  await ready(open(), wanted('c-1', groups))
  const given = JSON.parse(
    readFileSync(join(instanceFolder(root, 'c-1').engine, 'prepared.json'), 'utf8'),
  ) as Record<string, unknown>
  assert.deepEqual([given['memoryMib'], given['quotaBytes']], [1536, 600 * 1024 ** 3])
  assert.match(String(given['host']), /^127\.77\.\d+\.1$/)
  assert.deepEqual(given['ports'], [7007])
})

test('instances that are made at the same moment have addresses of their own', async (t) => {
  const { root, open } = setUp(t)
  const substrate = open()
  const ids = ['c-1', 'c-2', 'c-3', 'c-4', 'c-5']
  await Promise.all(ids.map((id) => ready(substrate, wanted(id))))
  assert.equal(new Set(instancesIn(root).map((note) => note.host)).size, ids.length)
})

test('an address whose port somebody else has is passed over', async (t) => {
  const { root, open } = setUp(t)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  const { host = '' } = instancesIn(root)[0] ?? {}
  const next = host.replace(/1$/, '2')
  const other = createServer().listen(7007, next)
  t.after(() => other.close())
  await once(other, 'listening')
  await ready(substrate, wanted('c-2'))
  assert.equal(instancesIn(root).find(({ id }) => id === 'c-2')?.host, host.replace(/1$/, '3'))
})

test('an engine that was started by a server which then died, and does not answer yet, is found and not doubled', async (t) => {
  const { root, open, pid } = setUp(t)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  const first = pid('c-1')
  const folder = instanceFolder(root, 'c-1')
  rmSync(folder.mark)
  rmSync(join(folder.engine, 'control'))
  substrate.watch()
  await until(substrate, 'c-1', () => existsSync(folder.mark))
  assert.equal(pid('c-1'), first)
})

test('one that was never marked and does not answer is ended with its instance all the same', async (t) => {
  const { root, open, pid } = setUp(t)
  const substrate = open()
  await ready(substrate, wanted('c-1'))
  const mark = readMark(instanceFolder(root, 'c-1').mark)!
  assert.equal(mark.pid, pid('c-1'))
  rmSync(instanceFolder(root, 'c-1').mark)
  rmSync(join(instanceFolder(root, 'c-1').engine, 'control'))
  await gone(substrate, 'c-1')
  assert.equal(isAlive(mark), false)
  assert.deepEqual(readdirSync(root), [])
})

test('a directory that a creation left before it wrote anything goes when the cluster goes', async (t) => {
  const { root, open } = setUp(t)
  const substrate = open()
  mkdirSync(join(root, 'c-1', 'engine'), { recursive: true })
  assert.equal((await substrate.observe('c-1')).present, true)
  await gone(substrate, 'c-1')
  assert.deepEqual(readdirSync(root), [])
})

test('engines outlive the server unless it was told to end them, and then the next one starts them again', async (t) => {
  const { root, open, pid } = setUp(t)
  const first = open()
  await ready(first, wanted('c-1'))
  const mark = readMark(instanceFolder(root, 'c-1').mark)!
  await first.close()
  assert.equal(isAlive(mark), true)
  await open({ keepRunning: false }).close()
  assert.equal(isAlive(mark), false)
  const last = open()
  last.watch()
  await until(last, 'c-1', (seen) => seen.answering)
  assert.notEqual(pid('c-1'), mark.pid)
})

test('clearing leaves nothing, stubborn engines included', async (t) => {
  const { root, open } = setUp(t)
  const substrate = open()
  for (const id of ['c-1', 'c-2']) await ready(substrate, wanted(id))
  const marks = ['c-1', 'c-2'].map((id) => readMark(instanceFolder(root, id).mark)!)
  writeFileSync(join(instanceFolder(root, 'c-1').engine, 'stubborn'), '')
  await substrate.clear()
  assert.deepEqual(marks.map(isAlive), [false, false])
  assert.deepEqual(readdirSync(root), [])
})

test('a process that has ended leaves no mark that a later one with its id could be taken for', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  assert.equal(markOf(child.pid!), undefined)
})

test('an engine that does not tell its figures in time holds up neither the others nor the page', async (t) => {
  const { root, open } = setUp(t)
  const substrate = open()
  for (const id of ['c-1', 'c-2']) await ready(substrate, wanted(id))
  const { pid } = readMark(instanceFolder(root, 'c-1').mark)!
  process.kill(pid, 'SIGSTOP')
  const startedMs = performance.now()
  const told = await substrate.metrics()
  assert.ok(performance.now() - startedMs < 4_000)
  assert.deepEqual(
    [...told].toSorted(([one], [other]) => one.localeCompare(other)),
    [
      ['c-1', ''],
      ['c-2', 'echo_up 1\n'],
    ],
  )
  process.kill(pid, 'SIGCONT')
})

function wanted(id: string, groups = [sampleGroup(`${id}-g`, 2)]): Wanted {
  return { ...sampleCluster({ id, groups }), reveal: () => 'Secret-1' }
}

function setUp(t: TestContext) {
  const opened: Local[] = []
  // Before the directory is made, so that it runs before the directory goes: the marks in it name our processes.
  t.after(async () => {
    for (const each of opened) await each.close()
    for (const { id } of instancesIn(root)) {
      const mark = readMark(instanceFolder(root, id).mark)
      if (mark) signalGroup(mark, 'SIGKILL')
    }
  })
  const root = temporaryDirectory(t)
  const clock = systemClock()
  const engine = echoEngine('f')
  const share = { threads: 0.125, memoryMib: 64 }
  return {
    root,
    clock,
    engine,
    pid: (id: string) => readMark(instanceFolder(root, id).mark)?.pid ?? 0,
    open(more: Partial<LocalOptions> = {}) {
      const it = local({
        root,
        engines: [engine],
        clock,
        log: silentLogger(),
        random: random('s'),
        share,
        ...more,
      })
      opened.push(it)
      return it
    },
  }
}

async function ready(substrate: Local, it: Wanted): Promise<void> {
  for (const group of it.spec.groups) await substrate.ensureGroup(it, group)
  await until(substrate, it.id, (seen) => seen.answering)
}

async function gone(substrate: Local, id: string): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    await substrate.destroy(id)
    if (!(await substrate.observe(id)).present) return
    await pause(20)
  }
  assert.fail(`${id} is still there`)
}

async function until(
  substrate: Local,
  id: string,
  done: (seen: Awaited<ReturnType<Local['observe']>>) => boolean,
) {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const seen = await substrate.observe(id)
    if (done(seen)) return seen
    await pause(20)
  }
  return assert.fail(`${id} never came about`)
}
