import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  withNodes,
  withVersion,
  withRestart,
  withSize,
  withoutNodes,
} from '../../../src/domain/cluster/spec.ts'
import type { RoleWanted } from '../../../src/substrate/local/component.ts'
import type { Wanted } from '../../../src/substrate/port.ts'
import { echoComponent, echoPort } from '../../support/engine/echo-component.ts'
import { localDirectory, ready, untilSeen } from '../../support/engine/local-substrate.ts'
import { sampleGroup, sampleNode } from '../../support/fixture/sample.ts'
import { isReached, next, nodeIds, seenNodes, wantedOf } from '../subject.ts'

const groups = [{ ...sampleGroup('h', 1), role: 'head' }, sampleGroup('w', 2)]
const wanted = (id = 'c-1'): Wanted => wantedOf({ groups }, id)

test('each node has a process of its own, in a directory and on an address of its own, at the standard port', async (t) => {
  const { open, pid, files, note } = localDirectory(t, echoComponent('f'))
  const it = wanted()
  const seen = await ready(open(), it)
  assert.equal(new Set(nodeIds(it).map((node) => pid('c-1', node))).size, 3)
  assert.equal(new Set(nodeIds(it).map((node) => files('c-1', node).directory)).size, 3)
  const addresses = seenNodes(seen).map(({ address }) => address)
  assert.equal(new Set(addresses).size, 3)
  assert.equal(addresses[0], note('c-1').host)
  for (const host of addresses) {
    const socket = connect({ host, port: echoPort })
    await once(socket, 'connect')
    socket.destroy()
  }
})

test('processes know where the others are', async (t) => {
  const { open, files } = localDirectory(t, echoComponent('f'))
  const it = wanted()
  const seen = await ready(open(), it)
  const text = readFileSync(join(files('c-1', 'c-1-w-0').directory, 'prepared.json'), 'utf8')
  const { peers } = JSON.parse(text) as { peers: readonly { node: string; host: string }[] }
  assert.deepEqual(
    peers.map(({ node, host }) => [node, host]),
    seenNodes(seen).map(({ id, address }) => [id, address]),
  )
})

test('a role is started once the roles before it answer', async (t) => {
  const { open, files } = localDirectory(t, echoComponent('f'))
  const it = wanted()
  await ready(open(), it)
  const at = (node: string, file: string) =>
    Number(readFileSync(join(files('c-1', node).directory, file), 'utf8'))
  for (const worker of ['c-1-w-0', 'c-1-w-1'])
    assert.ok(at(worker, 'begun') >= at('c-1-h-0', 'ready'))
})

test('a restart of one node gives it another process and no other node', async (t) => {
  const { open, pid } = localDirectory(t, echoComponent('f'))
  const substrate = open()
  const it = wanted()
  await ready(substrate, it)
  const pids = () => nodeIds(it).map((node) => pid('c-1', node))
  const [head, first, second] = pids()
  await ready(substrate, next(it, withRestart(it.spec, { of: 'nodes', nodes: ['c-1-w-1'] })))
  const [sameHead, sameFirst, other] = pids()
  assert.deepEqual([sameHead, sameFirst], [head, first])
  assert.notEqual(other, second)
})

test('a node that goes takes its process and its directory with it, after it was drained', async (t) => {
  const { root, open, pid, files } = localDirectory(t, echoComponent('f'))
  const substrate = open()
  const it = wanted()
  await ready(substrate, it)
  const { directory } = files('c-1', 'c-1-w-0')
  const gone = pid('c-1', 'c-1-w-0')
  const less = next(it, withoutNodes(it.spec, ['c-1-w-0']))
  await substrate.apply(less)
  assert.equal(existsSync(directory), true)
  await substrate.drain!(less, ['c-1-w-0'])
  await ready(substrate, less)
  await untilSeen(substrate, 'c-1', () => !existsSync(directory))
  assert.throws(() => process.kill(gone, 0))
  assert.deepEqual(readdirSync(join(root, 'c-1', 'worker')).sort(), [
    'c-1-w-1',
    'c-1-w-1.process.json',
    'c-1-w-1.start.log',
  ])
})

test('nodes stay while the others cannot hold their data, and go once they can', async (t) => {
  const { open, files } = localDirectory(t, echoComponent('f'))
  const substrate = open()
  const disk = { use: 'data', type: 'd', sizeGib: 1, count: 1 } as const
  const it = wantedOf({ groups: [groups[0]!, { ...groups[1]!, disks: [disk] }] }, 'c-1')
  await ready(substrate, it)
  const used = join(files('c-1', 'c-1-w-0').directory, 'used')
  writeFileSync(used, String(1.5 * 1024 ** 3))
  const less = next(it, withoutNodes(it.spec, ['c-1-w-1']))
  await substrate.drain!(less, ['c-1-w-1'])
  const full = await substrate.observe('c-1')
  const group = full.groups.find(({ id }) => id === 'c-1-w')
  assert.deepEqual(
    group?.nodes.map(({ phase }) => phase),
    ['serving', 'draining'],
  )
  assert.equal(group?.problem?.kind, 'storage')
  assert.equal(
    group?.problem?.reason,
    '1610612736 bytes are used, and the nodes that stay hold 1073741824',
  )
  assert.equal(group?.problem?.persists, false)
  assert.deepEqual(await substrate.observe('c-1'), full)
  await substrate.apply(less)
  assert.equal(seenNodes(await substrate.observe('c-1')).length, 3)
  writeFileSync(used, '1000')
  await untilSeen(substrate, 'c-1', (seen) =>
    seenNodes(seen).some(({ phase }) => phase === 'drained'),
  )
  await ready(substrate, less)
})

test('where processes say for themselves whether they may go, a node goes once its own does, and the others learn of it', async (t) => {
  const echo = echoComponent('f')
  let isDrained = false
  const roles = echo.roles.map((role) => ({
    ...role,
    files: (it: RoleWanted) => ({
      ...role.files(it),
      leaving: it.leaving.map(({ role: of, node }) => `${of} ${node}`).join(),
    }),
    health: async (directory: string) => {
      const found = await role.health(directory)
      return found && role.name === 'worker' ? { ...found, drained: isDrained } : found
    },
  }))
  const { open, files, pid } = localDirectory(t, { ...echo, roles })
  const substrate = open()
  const it = wantedOf({ groups }, 'c-1')
  await ready(substrate, it)
  const heads = () => [pid('c-1', 'c-1-h-0'), pid('c-1', 'c-1-w-0')]
  const before = heads()
  const leaving = () => readFileSync(join(files('c-1', 'c-1-h-0').directory, 'leaving'), 'utf8')
  assert.equal(leaving(), '')
  const less = next(it, withoutNodes(it.spec, ['c-1-w-1']))
  await substrate.drain!(less, ['c-1-w-1'])
  assert.equal(leaving(), 'worker c-1-w-1')
  await untilSeen(substrate, 'c-1', (seen) =>
    seenNodes(seen).some(({ phase }) => phase === 'draining'),
  )
  await substrate.apply(less)
  assert.equal(seenNodes(await substrate.observe('c-1')).length, 3)
  isDrained = true
  await untilSeen(substrate, 'c-1', (seen) =>
    seenNodes(seen).some(({ phase }) => phase === 'drained'),
  )
  await ready(substrate, less)
  assert.deepEqual(heads(), before)
})

test('a server that is killed before the others know that a node goes leaves it to the next one to say so', async (t) => {
  const echo = echoComponent('f')
  const roles = echo.roles.map((role) => ({
    ...role,
    files: (it: RoleWanted) => ({
      ...role.files(it),
      leaving: it.leaving.map(({ node }) => node).join(),
    }),
  }))
  const { root, open, files, note } = localDirectory(t, { ...echo, roles })
  const substrate = open()
  const it = wantedOf({ groups }, 'c-1')
  await ready(substrate, it)
  const less = next(it, withoutNodes(it.spec, ['c-1-w-1']))
  const { groups: placed, ...rest } = note('c-1')
  const marked = placed.map((group) => ({
    ...group,
    nodes: group.nodes.map((node) => (node.id === 'c-1-w-1' ? { ...node, drainingMs: 1 } : node)),
  }))
  writeFileSync(join(root, 'c-1', 'instance.json'), JSON.stringify({ ...rest, groups: marked }))
  const phases = async () => seenNodes(await substrate.observe('c-1')).map(({ phase }) => phase)
  assert.deepEqual(await phases(), ['serving', 'serving', 'serving'])
  await substrate.apply(less)
  assert.equal(seenNodes(await substrate.observe('c-1')).length, 3, 'it is not drained')
  await substrate.drain!(less, ['c-1-w-1'])
  const written = readFileSync(join(files('c-1', 'c-1-h-0').directory, 'leaving'), 'utf8')
  assert.equal(written, 'c-1-w-1')
  await ready(substrate, less)
})

test('a process that moves what it keeps is asked again until it has, or says that it never will', async (t) => {
  const echo = echoComponent('f')
  const said: { drained: boolean; unmet?: string } = { drained: false }
  let asked = 0
  const roles = echo.roles.map((role) => ({
    ...role,
    health: async (directory: string) => {
      const found = await role.health(directory)
      const { drained } = said
      return found && role.name === 'worker' ? { ...found, drained, copies: 2 } : found
    },
    ...(role.name === 'worker'
      ? {
          drain: async () => {
            asked++
            return said.unmet
          },
        }
      : {}),
  }))
  const lacks: (number | undefined)[] = []
  const unmet = (_: unknown, copies?: (role: string) => number | undefined) => {
    lacks.push(copies?.('worker'), copies?.('head'))
    return undefined
  }
  const { open } = localDirectory(t, { ...echo, roles, unmet })
  const substrate = open({ supervision: { lookMs: 20 } })
  const it = wantedOf({ groups }, 'c-1')
  await ready(substrate, it)
  substrate.unmet?.({ id: 'c-1', spec: it.spec, before: it.spec })
  assert.deepEqual(lacks, [2, undefined])
  substrate.supervise!(() => {})
  const less = next(it, withoutNodes(it.spec, ['c-1-w-1']))
  await substrate.drain!(less, ['c-1-w-1'])
  await untilSeen(substrate, 'c-1', () => asked >= 3)
  said.unmet = 'nobody has room'
  const seen = await untilSeen(substrate, 'c-1', ({ groups: now }) =>
    now.some(({ problem }) => problem?.persists),
  )
  const problems = seen.groups.flatMap(({ problem }) => problem ?? [])
  assert.deepEqual(
    problems.map(({ kind, reason }) => [kind, reason]),
    [['storage', 'nobody has room']],
  )
  delete said.unmet
  said.drained = true
  await ready(substrate, less)
})

test('a process that cannot read its files while it runs is started again with them', async (t) => {
  const { open, pid } = localDirectory(t, echoComponent('f', { single: true, reloads: false }))
  const substrate = open()
  const it = wantedOf({ groups: [sampleGroup('w', 2)] }, 'c-1')
  await ready(substrate, it)
  const first = pid('c-1')
  const larger = withSize(it.spec, { of: 'cluster' }, (was) => ({ ...was, cpu: 16 }))
  const seen = await ready(substrate, next(it, larger))
  assert.notEqual(pid('c-1'), first)
  assert.ok(seenNodes(seen).every(({ runs }) => runs?.cpu === 16))
})

test('files that a process refuses are undone, and reported until something else is wanted', async (t) => {
  const { open, files, pid } = localDirectory(t, echoComponent('f', { single: true }))
  const substrate = open()
  const it = wantedOf({ groups: [sampleGroup('w', 2)] }, 'c-1')
  const before = await ready(substrate, it)
  const { directory } = files('c-1')
  const prepared = readFileSync(join(directory, 'prepared.json'), 'utf8')
  writeFileSync(join(directory, 'refuse'), 'it is too large')
  const larger = next(
    it,
    withSize(it.spec, { of: 'cluster' }, (was) => ({ ...was, cpu: 16 })),
  )
  const first = pid('c-1')
  await substrate.apply(larger)
  const seen = await substrate.observe('c-1')
  const { sinceMs = 0, ...problem } = seen.groups[0]?.problem ?? {}
  assert.deepEqual(problem, { kind: 'refused', reason: 'it is too large', persists: true })
  assert.ok(sinceMs > 0)
  assert.deepEqual(seenNodes(seen), seenNodes(before), 'what runs is what ran')
  assert.deepEqual([seen.generation, seen.answering], [1, true])
  assert.equal(readFileSync(join(directory, 'prepared.json'), 'utf8'), prepared)
  await substrate.apply(larger)
  assert.deepEqual(await substrate.observe('c-1'), seen)
  await substrate.close()
  assert.deepEqual(await open().observe('c-1'), seen)
  const back = await ready(open(), next(larger, it.spec))
  assert.equal(back.groups[0]?.problem, undefined)
  assert.equal(pid('c-1'), first)
})

test('a quota below what is used is refused before the process reads it', async (t) => {
  const { open, files } = localDirectory(t, echoComponent('f', { single: true }))
  const substrate = open()
  const disks = (sizeGib: number) => [{ use: 'data', type: 'd', sizeGib, count: 1 } as const]
  const it = wantedOf({ groups: [{ ...sampleGroup('w', 2), disks: disks(4) }] }, 'c-1')
  await ready(substrate, it)
  const used = join(files('c-1').directory, 'used')
  writeFileSync(used, String(3 * 1024 ** 3))
  const smaller = (sizeGib: number) =>
    withSize(it.spec, { of: 'cluster' }, (was) => ({ ...was, disks: disks(sizeGib) }))
  const tooSmall = next(it, smaller(1))
  await substrate.apply(tooSmall)
  const seen = await substrate.observe('c-1')
  assert.equal(seen.groups[0]?.problem?.kind, 'storage')
  assert.equal(
    seen.groups[0]?.problem?.reason,
    '3221225472 bytes are used, and the new size holds 2147483648',
  )
  assert.equal(seen.groups[0]?.problem?.persists, true)
  const enough = next(tooSmall, smaller(2))
  await ready(substrate, enough)
  writeFileSync(used, String(5 * 1024 ** 3))
  await ready(substrate, next(enough, withVersion(enough.spec, '2')))
})

test('a size that the process does not confirm is not what a node runs', async (t) => {
  const { open, files } = localDirectory(t, echoComponent('f', { single: true }))
  const substrate = open()
  const it = wantedOf({ groups: [sampleGroup('w', 2)] }, 'c-1')
  await ready(substrate, it)
  const path = join(files('c-1').directory, 'claims')
  writeFileSync(path, JSON.stringify({ threads: 99 }))
  const seen = await substrate.observe('c-1')
  assert.deepEqual(
    seenNodes(seen).map(({ phase, runs }) => [phase, runs]),
    [
      ['serving', undefined],
      ['serving', undefined],
    ],
  )
  writeFileSync(path, JSON.stringify({ revision: 99 }))
  assert.equal((await substrate.observe('c-1')).generation, 0)
})

test('until a process has read its new files, its nodes run what they ran', async (t) => {
  let release = () => {}
  t.after(() => release())
  const echo = echoComponent('f', { single: true })
  const roles = echo.roles.map((role) => ({
    ...role,
    update: async (directory: string) => {
      await new Promise<void>((resolve) => (release = resolve))
      return role.update(directory)
    },
  }))
  const { open } = localDirectory(t, { ...echo, roles })
  const substrate = open()
  const it = wantedOf({ groups: [sampleGroup('w', 2)] }, 'c-1')
  const before = await ready(substrate, it)
  const larger = next(
    it,
    withSize(it.spec, { of: 'cluster' }, (was) => ({ ...was, cpu: 16 })),
  )
  const applied = substrate.apply(larger)
  const seen = await untilSeen(substrate, 'c-1', ({ generation }) => generation === 0)
  assert.deepEqual(seenNodes(seen), seenNodes(before))
  release()
  await applied
  assert.ok(isReached(await substrate.observe('c-1'), larger))
})

test('figures of several processes differ by their labels', async (t) => {
  const { open } = localDirectory(t, echoComponent('f'))
  const substrate = open()
  const it = wanted()
  await ready(substrate, it)
  const text = (await substrate.metrics!()).get('c-1')
  const named = text?.split('\n').map((line) => line.replace(/ [\d.]+$/, ''))
  const labels = [
    'role="head",node="c-1-h-0"',
    'role="worker",node="c-1-w-0"',
    'role="worker",node="c-1-w-1"',
  ]
  const names = ['echo_up', 'process_cpu_seconds_total', 'process_resident_memory_bytes']
  assert.deepEqual(
    named?.filter((line) => line !== '' && !line.startsWith('#')),
    labels.flatMap((each) => names.map((name) => `${name}{${each}}`)),
  )
})

test('a node that comes while its cluster is stopped starts with it', async (t) => {
  const { open } = localDirectory(t, echoComponent('f'))
  const substrate = open()
  const it = wanted()
  await ready(substrate, it)
  const more = withNodes(it.spec, 'c-1-w', [sampleNode('c-1-w', 2)])
  const stopped = next(it, { ...more, running: false })
  await substrate.apply(stopped)
  const seen = await untilSeen(substrate, 'c-1', (now) =>
    seenNodes(now).every(({ phase }) => phase === 'stopped'),
  )
  assert.equal(seenNodes(seen).length, 4)
  const back = next(stopped, more)
  assert.ok(isReached(await ready(substrate, back), back))
})
