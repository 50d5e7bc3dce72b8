/** Daemons of nodes of this machine that end by themselves, in maintenance and without it. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { withDaemonOrders, type DaemonAct } from '../../../src/domain/cluster/daemon.ts'
import { withoutNodes, type ClusterSpec } from '../../../src/domain/cluster/spec.ts'
import type { Component } from '../../../src/substrate/local/component.ts'
import { instanceFolder } from '../../../src/substrate/local/instance.ts'
import { roleProcess } from '../../../src/substrate/local/role-process.ts'
import type { Seen, Wanted } from '../../../src/substrate/port.ts'
import { echoDaemons } from '../../support/engine/echo-component.ts'
import { kill } from '../../support/engine/emr-cluster.ts'
import { localDirectory, ready, untilSeen } from '../../support/engine/local-substrate.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { isReached, next, seenNodes, wantedOf } from '../subject.ts'

const NODE = 'c-1-g-0'

/** One node with the daemons `one`, which tests end, and `two`; and one that does not run on this machine. */
async function opened(t: TestContext) {
  const directory = localDirectory(t, echoDaemons('f'))
  const daemons = ['one', 'two', 'absent'].map((name) => ({
    service: name === 'absent' ? 'T' : 'S',
    name,
    roles: ['worker'],
  }))
  const it = wantedOf({ groups: [sampleGroup('g', 1)], daemons }, 'c-1')
  const substrate = directory.open()
  await ready(substrate, it)
  const process = (name: string) =>
    roleProcess(instanceFolder(directory.root, 'c-1').files(`${name}/${NODE}`))
  return { directory, substrate, it, pid: (name: string) => process(name).pid() ?? 0 }
}

function ordered(was: Wanted, act: DaemonAct, isDown = false): Wanted {
  const chosen = [{ node: NODE, service: 'S', name: 'one' }]
  const spec: ClusterSpec = withDaemonOrders(was.spec, { act, chosen, isDown: () => isDown })
  return next(was, spec)
}

function statesOf(seen: Seen): Readonly<Record<string, string>> {
  const [{ daemons = [] } = {}] = seenNodes(seen)
  return Object.fromEntries(daemons.map(({ name, state }) => [name, state]))
}

test('one that does not run on this machine is shown as stopped', async (t) => {
  const { substrate } = await opened(t)
  const seen = await substrate.observe('c-1')
  assert.deepEqual(statesOf(seen), { one: 'running', two: 'running', absent: 'stopped' })
})

test('one that ends by itself has failed, and so has its node, until it is there again', async (t) => {
  const { substrate, it, pid } = await opened(t)
  const first = pid('one')
  kill(first)
  const down = await untilSeen(substrate, 'c-1', (seen) => statesOf(seen)['one'] === 'failed')
  assert.notEqual(seenNodes(down)[0]?.phase, 'serving')
  substrate.supervise?.(() => {})
  const back = await untilSeen(substrate, 'c-1', (seen) => isReached(seen, it))
  assert.equal(statesOf(back)['one'], 'running')
  assert.notEqual(pid('one'), first)
})

test('one in maintenance stays down when it ends, its node serves, and it starts when it is asked for', async (t) => {
  const { directory, substrate, it, pid } = await opened(t)
  const maintained = ordered(it, 'enter-maintenance')
  await ready(substrate, maintained)
  const [first, other] = [pid('one'), pid('two')]
  substrate.supervise?.(() => {})
  kill(first)
  const down = await untilSeen(substrate, 'c-1', (seen) => statesOf(seen)['one'] === 'failed')
  assert.equal(seenNodes(down)[0]?.phase, 'serving')
  assert.equal(isReached(down, maintained), true)

  // Neither another look nor another driver starts it.
  await substrate.close()
  const later = directory.open()
  later.supervise?.(() => {})
  await later.apply(maintained)
  const still = await untilSeen(later, 'c-1', (seen) => isReached(seen, maintained))
  assert.deepEqual([statesOf(still)['one'], pid('one')], ['failed', 0])

  const started = ordered(maintained, 'start', true)
  await later.apply(started)
  await untilSeen(later, 'c-1', (seen) => isReached(seen, started) && pid('one') > 0)
  assert.notEqual(pid('one'), first)
  assert.equal(pid('two'), other)
})

test('one is stopped although others do no work without it, which are started again with it', async (t) => {
  let isThere = true
  const echo = echoDaemons('f')
  const roles = echo.roles.map((role) =>
    role.name === 'two'
      ? {
          ...role,
          needs: ['one'],
          health: async (directory: string) => {
            const found = await role.health(directory)
            return found && { ...found, answering: isThere, waiting: !isThere }
          },
        }
      : role,
  )
  const substrate = localDirectory(t, { ...echo, roles }).open()
  const daemons = ['one', 'two'].map((name) => ({ service: 'S', name, roles: ['worker'] }))
  const it = wantedOf({ groups: [sampleGroup('g', 1)], daemons }, 'c-1')
  await ready(substrate, it)
  isThere = false
  assert.notEqual(seenNodes(await substrate.observe('c-1'))[0]?.phase, 'serving')
  const stopped = ordered(it, 'stop')
  await ready(substrate, stopped)
  const seen = await substrate.observe('c-1')
  assert.deepEqual(statesOf(seen), { one: 'stopped', two: 'failed' })
  assert.deepEqual([seenNodes(seen)[0]?.phase, seen.answering], ['serving', true])

  // With it, they have to do their work again.
  const started = ordered(stopped, 'start', true)
  await substrate.apply(started)
  const back = await untilSeen(substrate, 'c-1', (each) => statesOf(each)['one'] === 'running')
  assert.equal(isReached(back, started), false)
  isThere = true
  await untilSeen(substrate, 'c-1', (each) => isReached(each, started))
})

test('one that was stopped stays so when its cluster is put away and comes back', async (t) => {
  const { substrate, it, pid } = await opened(t)
  const stopped = ordered(it, 'stop')
  await ready(substrate, stopped)
  assert.equal(pid('one'), 0)
  const away = next(stopped, { ...stopped.spec, running: false })
  await substrate.apply(away)
  await untilSeen(substrate, 'c-1', (seen) => seenNodes(seen)[0]?.phase === 'stopped')
  const back = next(away, { ...away.spec, running: true })
  await substrate.apply(back)
  const seen = await untilSeen(substrate, 'c-1', (each) => isReached(each, back))
  assert.deepEqual([statesOf(seen)['one'], pid('one')], ['stopped', 0])
})

/**
 * With a daemon `one` that keeps something as long as it does not end; the others say whether nothing of it is lost when it does not run,
 * or no longer answers.
 */
function keepingDaemons(
  isElsewhere: (runs: boolean) => boolean,
  isEnding = () => false,
): Component {
  const echo = echoDaemons('f')
  const roles = echo.roles.map((role) =>
    role.name === 'one'
      ? {
          ...role,
          health: async (directory: string) => {
            const found = await role.health(directory)
            return (
              found && (isEnding() ? { ...found, answering: false } : { ...found, drained: false })
            )
          },
          drained: async (_: string, runs: boolean) => isElsewhere(runs),
        }
      : role,
  )
  return { ...echo, roles }
}

test('a node whose daemon is stopped is drained once the others say that nothing of it is lost', async (t) => {
  let asked = 0
  let isElsewhere = false
  const component = keepingDaemons(() => {
    asked++
    return isElsewhere
  })
  const substrate = localDirectory(t, component).open()
  const daemons = ['one', 'two'].map((name) => ({ service: 'S', name, roles: ['worker'] }))
  const it = wantedOf({ groups: [sampleGroup('g', 2)], daemons }, 'c-1')
  await ready(substrate, it)
  const stopped = ordered(it, 'stop')
  await ready(substrate, stopped)
  assert.equal(asked, 0)
  const less = next(stopped, withoutNodes(stopped.spec, [NODE]))
  await substrate.drain!(less, [NODE])
  await untilSeen(substrate, 'c-1', () => asked > 2)
  await substrate.apply(less)
  const phases = async () => seenNodes(await substrate.observe('c-1')).map(({ phase }) => phase)
  assert.deepEqual(await phases(), ['serving', 'draining'])
  isElsewhere = true
  assert.deepEqual(await phases(), ['serving', 'drained'])
  await ready(substrate, less)
})

test('a node goes while a daemon of it is ending, once the others say that nothing of that is lost', async (t) => {
  let isEnding = false
  const asked = new Set<boolean>()
  const component = keepingDaemons(
    (runs) => {
      asked.add(runs)
      return true
    },
    () => isEnding,
  )
  const substrate = localDirectory(t, component).open()
  const daemons = ['one', 'two'].map((name) => ({ service: 'S', name, roles: ['worker'] }))
  const it = wantedOf({ groups: [sampleGroup('g', 2)], daemons }, 'c-1')
  await ready(substrate, it)
  const less = next(it, withoutNodes(it.spec, [NODE]))
  await substrate.drain!(less, [NODE])
  await substrate.apply(less)
  assert.deepEqual([seenNodes(await substrate.observe('c-1')).length, [...asked]], [2, []])
  isEnding = true
  await substrate.apply(less)
  isEnding = false
  await untilSeen(substrate, 'c-1', (seen) => isReached(seen, less))
  assert.deepEqual([...asked], [true])
})

test('a daemon that ends by itself once nothing is left of it is not started again, unless its node is wanted after all', async (t) => {
  let isElsewhere = false
  const directory = localDirectory(
    t,
    keepingDaemons(() => isElsewhere),
  )
  const substrate = directory.open({ supervision: { lookMs: 20 } })
  const daemons = ['one', 'two'].map((name) => ({ service: 'S', name, roles: ['worker'] }))
  const it = wantedOf({ groups: [sampleGroup('g', 2)], daemons }, 'c-1')
  const files = instanceFolder(directory.root, 'c-1').files(`one/${NODE}`)
  const pid = () => roleProcess(files).pid() ?? 0
  await ready(substrate, it)
  substrate.supervise?.(() => {})
  const first = pid()
  const less = next(it, withoutNodes(it.spec, [NODE]))
  await substrate.drain!(less, [NODE])
  kill(first)
  await untilSeen(substrate, 'c-1', () => ![0, first].includes(pid()))
  isElsewhere = true
  await untilSeen(substrate, 'c-1', (seen) => seenNodes(seen)[0]?.phase === 'draining')
  kill(pid())
  const seen = await untilSeen(substrate, 'c-1', (each) => seenNodes(each)[0]?.phase === 'drained')
  assert.equal(statesOf(seen)['one'], 'stopped')
  assert.equal(seen.groups[0]?.problem, undefined)
  // Many looks of the supervisor.
  await pause(500)
  assert.equal(pid(), 0)
  const back = await ready(substrate, next(less, it.spec))
  assert.deepEqual([statesOf(back)['one'], back.incidents], ['running', undefined])
})
