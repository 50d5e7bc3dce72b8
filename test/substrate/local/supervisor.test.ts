import assert from 'node:assert/strict'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Seen, Substrate } from '../../../src/substrate/port.ts'
import type { Supervision } from '../../../src/substrate/local/driver.ts'
import { echoComponent } from '../../support/engine/echo-component.ts'
import {
  localDirectory,
  ready,
  removedFrom,
  untilSeen,
} from '../../support/engine/local-substrate.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { seenNodes, wantedOf } from '../subject.ts'

const wanted = (id: string) => wantedOf({ groups: [sampleGroup('w', 2)] }, id)

/** As usual, but faster. */
const fast: Partial<Supervision> = {
  lookMs: 50,
  answerMs: 1_000,
  graceMs: 200,
  unresponsiveMs: 3_000,
  startMs: 10_000,
}

const incidentsIn = ({ incidents = [] }: Seen) => incidents.map(({ atMs: _at, ...it }) => it)

test('an engine that dies is started again, and both are reported', async (t) => {
  const { substrate, reports, directory } = supervised(t)
  await ready(substrate, wanted('c-1'))
  await reports.until('c-1', 1)
  const first = directory.pid('c-1')
  const seenBefore = reports.of('c-1')
  process.kill(-first, 'SIGKILL')
  await untilSeen(
    substrate,
    'c-1',
    (seen) => seen.answering && directory.pid('c-1') !== first && problemIn(seen) === undefined,
  )
  await reports.until('c-1', seenBefore + 1)
  const reason = 'the process engine ended by itself; it is started again'
  assert.deepEqual(incidentsIn(await substrate.observe('c-1')), [{ kind: 'node-ended', reason }])
  await substrate.close()
  const next = await directory.open().observe('c-1')
  assert.deepEqual(incidentsIn(next), [{ kind: 'node-ended', reason }], 'the next server knows')
})

test('one that hangs serves nothing, is reported within seconds, and recovers when it continues', async (t) => {
  const { substrate, reports, directory } = supervised(t, { unresponsiveMs: 600_000 })
  await ready(substrate, wanted('c-1'))
  await reports.until('c-1', 1)
  const pid = directory.pid('c-1')
  process.kill(pid, 'SIGSTOP')
  const hung = await untilSeen(substrate, 'c-1', (seen) => problemIn(seen) !== undefined)
  assert.deepEqual([hung.answering, hung.generation, hung.endpoints], [false, 0, []])
  assert.ok(seenNodes(hung).every(({ phase, runs }) => phase === 'starting' && !runs))
  const { sinceMs = 0, ...problem } = problemIn(hung) ?? {}
  assert.deepEqual(problem, {
    kind: 'unresponsive',
    reason:
      'the process engine is there and does not do its work: it does not answer its health check',
    persists: false,
  })
  assert.ok(sinceMs > 0)
  await pause(500)
  assert.deepEqual(await substrate.observe('c-1'), hung, 'and stays the same from look to look')
  const before = reports.of('c-1')
  process.kill(pid, 'SIGCONT')
  await untilSeen(substrate, 'c-1', (seen) => seen.answering && problemIn(seen) === undefined)
  await reports.until('c-1', before + 1)
  assert.equal(directory.pid('c-1'), pid)
})

test('one that hangs for too long is killed and started again', async (t) => {
  const { substrate, directory } = supervised(t)
  await ready(substrate, wanted('c-1'))
  const pid = directory.pid('c-1')
  process.kill(pid, 'SIGSTOP')
  await untilSeen(substrate, 'c-1', () => directory.pid('c-1') !== pid)
  const seen = await untilSeen(substrate, 'c-1', ({ answering }) => answering)
  assert.equal(problemIn(seen), undefined)
  const reason = 'the process engine did not answer and was ended; it is started again'
  assert.deepEqual(incidentsIn(seen), [{ kind: 'node-unresponsive', reason }])
  assert.throws(() => process.kill(pid, 0))
})

test('a role whose processes may be silent for another time has that time', async (t) => {
  const echo = echoComponent('f', { single: true })
  const { unresponsiveMs = 0 } = fast
  const roles = echo.roles.map((role) => ({ ...role, timeouts: { unresponsiveMs } }))
  const patient = { ...fast, unresponsiveMs: 600_000 }
  const directory = localDirectory(t, { ...echo, roles })
  const substrate = directory.open({ supervision: patient })
  substrate.supervise?.(() => {})
  await ready(substrate, wanted('c-1'))
  const pid = directory.pid('c-1')
  process.kill(pid, 'SIGSTOP')
  await untilSeen(substrate, 'c-1', () => directory.pid('c-1') !== pid)
})

test('one that says itself that it does not work is as unresponsive, in its own words', async (t) => {
  const { substrate, directory } = supervised(t, { unresponsiveMs: 600_000 })
  await ready(substrate, wanted('c-1'))
  const claims = join(directory.files('c-1').directory, 'claims')
  writeFileSync(claims, JSON.stringify({ answering: false, reason: 'the database hangs' }))
  const seen = await untilSeen(substrate, 'c-1', (now) => problemIn(now) !== undefined)
  assert.match(problemIn(seen)?.reason ?? '', /the database hangs$/)
})

test('one that waits for another is reported, and not ended for it', async (t) => {
  const echo = echoComponent('f', { single: true })
  let waiting = false
  const roles = echo.roles.map((role) => ({
    ...role,
    health: async (directory: string) => {
      const found = await role.health(directory)
      if (!found || !waiting) return found
      return { ...found, answering: false, waiting, reason: 'the other one is not there' }
    },
  }))
  const directory = localDirectory(t, { ...echo, roles })
  const substrate = directory.open({
    supervision: { ...fast, answerMs: 20_000, unresponsiveMs: 300 },
  })
  await ready(substrate, wanted('c-1'))
  substrate.supervise!(() => {})
  const first = directory.pid('c-1')
  waiting = true
  await untilSeen(substrate, 'c-1', (seen) =>
    /the other one is not there/.test(problemIn(seen)?.reason ?? ''),
  )
  await pause(1_000)
  assert.equal(directory.pid('c-1'), first)
  waiting = false
  await untilSeen(substrate, 'c-1', ({ answering }) => answering)
})

test('one that never answers its check delays no other', async (t) => {
  const echo = echoComponent('f', { single: true })
  let hangs = false
  const roles = echo.roles.map((role) => ({
    ...role,
    health: (directory: string) =>
      hangs && directory.includes('/c-1/')
        ? new Promise<undefined>(() => {})
        : role.health(directory),
  }))
  const directory = localDirectory(t, { ...echo, roles })
  const substrate = directory.open({ supervision: { ...fast, answerMs: 20_000 } })
  for (const id of ['c-1', 'c-2']) await ready(substrate, wanted(id))
  hangs = true
  substrate.supervise!(() => {})
  const second = directory.pid('c-2')
  const startedMs = performance.now()
  process.kill(-second, 'SIGKILL')
  await untilSeen(substrate, 'c-2', () => ![0, second].includes(directory.pid('c-2')))
  assert.ok(performance.now() - startedMs < 15_000)
})

test('one that ends again and again is reported as such, with its number, until it runs steadily', async (t) => {
  const { substrate, directory } = supervised(t, { steadyMs: 2_000 })
  await ready(substrate, wanted('c-1'))
  const crash = join(directory.files('c-1').directory, 'crash')
  writeFileSync(crash, '')
  process.kill(-directory.pid('c-1'), 'SIGKILL')
  const seen = await untilSeen(substrate, 'c-1', (now) =>
    /had to be started again [3-9] times/.test(problemIn(now)?.reason ?? ''),
  )
  assert.deepEqual([problemIn(seen)?.kind, problemIn(seen)?.persists], ['crash', false])
  assert.ok(seenNodes(seen).every(({ phase, runs }) => phase !== 'serving' && !runs))
  rmSync(crash)
  const loop = await untilSeen(substrate, 'c-1', ({ answering }) => answering)
  assert.equal(problemIn(loop)?.kind, 'crash', 'it may end again')
  await untilSeen(substrate, 'c-1', (now) => now.answering && problemIn(now) === undefined)
})

test('how much is kept is seen and reported by hundredths of what may be', async (t) => {
  const { substrate, reports, directory } = supervised(t)
  const disk = { use: 'data', type: 'd', sizeGib: 100, count: 1 } as const
  await ready(substrate, wantedOf({ groups: [{ ...sampleGroup('w', 1), disks: [disk] }] }, 'c-1'))
  assert.equal((await substrate.observe('c-1')).usedBytes, undefined)
  const GIB = 1024 ** 3
  // At once: a look that finds the file empty would see that nothing is kept, and report that too.
  const keep = (bytes: number) => {
    const file = join(directory.files('c-1').directory, 'used')
    writeFileSync(`${file}.part`, String(bytes))
    renameSync(`${file}.part`, file)
  }
  for (const [bytes, gib] of [
    [0.2 * GIB, 1],
    [70.2 * GIB, 71],
  ] as const) {
    const before = reports.of('c-1')
    keep(bytes)
    await reports.until('c-1', before + 1)
    assert.equal((await substrate.observe('c-1')).usedBytes, gib * GIB)
  }
  // What is reported is what is seen to differ.
  const before = await substrate.observe('c-1')
  keep(70.9 * GIB)
  assert.deepEqual(await substrate.observe('c-1'), before, 'a little more is no news')
})

test('moving the service clock ends no process that answers', async (t) => {
  const { substrate, directory } = supervised(t)
  await ready(substrate, wanted('c-1'))
  const pid = directory.pid('c-1')
  for (let hour = 0; hour < 5; hour++) {
    directory.clock.advance(3_600_000)
    await pause(60)
  }
  assert.equal(directory.pid('c-1'), pid)
  assert.equal((await substrate.observe('c-1')).answering, true)
})

test('a new driver reports what it finds, and continues with a removal that was cut short', async (t) => {
  const { substrate, directory } = supervised(t)
  for (const id of ['c-1', 'c-2']) await ready(substrate, wanted(id))
  await substrate.close()
  const closed = directory.open({ supervision: fast })
  await closed.remove('c-2')
  await closed.close()
  const reports = reportCounter()
  const again = directory.open({ supervision: fast })
  again.supervise!(reports.report)
  await reports.until('c-1', 1)
  await untilSeen(again, 'c-2', ({ present }) => !present)
  await removedFrom(again, 'c-1')
})

function problemIn({ groups }: Seen) {
  return groups.find(({ problem }) => problem)?.problem
}

function supervised(t: TestContext, more: Partial<Supervision> = {}) {
  const directory = localDirectory(t, echoComponent('f', { single: true }))
  const substrate: Substrate = directory.open({ supervision: { ...fast, ...more } })
  const reports = reportCounter()
  substrate.supervise!(reports.report)
  return { substrate, directory, reports }
}

function reportCounter() {
  const counts = new Map<string, number>()
  const of = (id: string) => counts.get(id) ?? 0
  return {
    of,
    report: (id: string) => void counts.set(id, of(id) + 1),
    /** Waits until so many reports have come in. */
    async until(id: string, count: number): Promise<void> {
      for (let look = 0; of(id) < count; look++) {
        if (look > 500) throw new Error(`${of(id)} reports of ${id}`)
        await pause(20)
      }
    },
  }
}
