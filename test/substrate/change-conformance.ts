/** A sentence for each kind of change that leaves the nodes of a cluster what they are: restart, size, settings, version, stop. */
import assert from 'node:assert/strict'
import { newAccess } from '../../src/domain/cluster/access.ts'
import type { NodeSize } from '../../src/domain/cluster/node-group.ts'

import {
  nodesIn,
  withAccess,
  withConfiguration,
  withNodes,
  withRestart,
  withSize,
  withVersion,
  type ClusterSpec,
  type ConfigurationFile,
  type Scope,
} from '../../src/domain/cluster/spec.ts'
import type { Seen, Wanted } from '../../src/substrate/port.ts'
import { sampleNode } from '../support/fixture/sample.ts'
import {
  isReached,
  next,
  removed,
  seenNodes,
  start,
  suiteOf,
  until,
  type OpenSubject,
} from './subject.ts'

const larger = (was: NodeSize): NodeSize => ({
  ...was,
  cpu: was.cpu * 2,
  memoryMib: was.memoryMib * 2,
  disks: was.disks.map((disk) => ({ ...disk, sizeGib: disk.sizeGib * 2 })),
})

const settings: readonly ConfigurationFile[] = [
  { service: 's', version: '1', file: 'site.xml', properties: { retries: '3' } },
]

const changes: Readonly<Record<string, (spec: ClusterSpec) => ClusterSpec>> = {
  'a restart': (spec) => withRestart(spec, { of: 'cluster' }),
  'a new size': (spec) => withSize(spec, groupScope(spec), larger),
  'another version': (spec) => withVersion(spec, '2'),
  'more nodes': (spec) => {
    const group = spec.groups.at(-1)!
    return withNodes(spec, group.id, [sampleNode(`${group.id}-new`, group.nodes.length)])
  },
  'a stop': (spec) => ({ ...spec, running: false }),
}

export function changeConformance(
  name: string,
  open: OpenSubject,
  wanted: (id: string) => Wanted,
): void {
  const suite = suiteOf(name, open)

  const scopes: Readonly<Record<string, (spec: ClusterSpec) => Scope>> = {
    node: (spec) => ({ of: 'nodes', nodes: [spec.groups.at(-1)!.nodes[1]!.id] }),
    group: groupScope,
    cluster: () => ({ of: 'cluster' }),
  }
  for (const [what, scopeOf] of Object.entries(scopes)) {
    suite(
      `a restart of a ${what} ends every old process of it, and no other process`,
      async (subject) => {
        const it = wanted('c-1')
        await start(subject, it)
        const before = subject.processes('c-1')
        const scope = scopeOf(it.spec)
        await start(subject, next(it, withRestart(it.spec, scope)))
        assertRestarted(before, subject.processes('c-1'), nodesIn(it.spec, scope))
      },
    )
  }

  suite('a group gets another size, and the others keep theirs', async (subject) => {
    const it = wanted('c-1')
    await start(subject, it)
    const resized = next(it, withSize(it.spec, groupScope(it.spec), larger))
    const seen = await start(subject, resized)
    const [first, last] = [it.spec.groups[0]!, it.spec.groups.at(-1)!]
    const cpus = (group: string) =>
      seen.groups.find(({ id }) => id === group)?.nodes.map(({ runs }) => runs?.cpu)
    assert.deepEqual(
      cpus(last.id),
      last.nodes.map(() => last.cpu * 2),
    )
    assert.deepEqual(
      cpus(first.id),
      first.nodes.map(() => first.cpu),
    )
  })

  suite('one node gets a size of its own, where nodes can have that', async (subject) => {
    if (!subject.substrate.capabilities().nodeSizes) return
    const it = wanted('c-1')
    await start(subject, it)
    const before = subject.processes('c-1')
    const node = it.spec.groups.at(-1)!.nodes[1]!.id
    const resized = next(it, withSize(it.spec, { of: 'nodes', nodes: [node] }, larger))
    const seen = await start(subject, resized)
    const large = seenNodes(seen).filter(({ runs }) => runs?.cpu === it.spec.groups[0]!.cpu * 2)
    assert.deepEqual(
      large.map(({ id }) => id),
      [node],
    )
    for (const [id, process] of before)
      if (id !== node) assert.equal(subject.processes('c-1').get(id), process)
  })

  suite('settings of its own are in force, or the problem persists', async (subject) => {
    const it = wanted('c-1')
    await start(subject, it)
    const changed = next(it, withConfiguration(it.spec, settings))
    await subject.substrate.apply(changed)
    const refused = ({ groups }: Seen) => groups.some(({ problem }) => problem?.persists)
    const seen = await until(subject, 'c-1', (now) => isReached(now, changed) || refused(now))
    assert.equal(refused(seen), !subject.substrate.capabilities().configuration)
    assert.ok(seen.answering, 'what was refused harms nothing that runs')
    await start(subject, next(changed, it.spec))
    assert.equal(refused(await subject.substrate.observe('c-1')), false)
  })

  suite('another way in is in force, and no process is restarted for it', async (subject) => {
    if (!subject.substrate.capabilities().access.includes('gateway')) return
    const it = wanted('c-1')
    await start(subject, it)
    const before = subject.processes('c-1')
    const access = newAccess({ id: 'g-0', name: 'default', balanced: true })
    const second = { id: 'g-1', name: 'second', frontends: [], balanced: true, open: false }
    const more = { ...access, gateways: [access.gateways[0], second] } as const
    const changed = next(it, withAccess(it.spec, more))
    await start(subject, changed)
    await subject.reopen()
    assert.ok(isReached(await subject.substrate.observe('c-1'), changed))
    const writes = subject.writes()
    await subject.substrate.apply(changed)
    assert.equal(subject.writes(), writes)
    await start(subject, next(changed, withAccess(it.spec, access)))
    assert.deepEqual([...subject.processes('c-1')], [...before])
  })

  suite('another version is in force', async (subject) => {
    const it = wanted('c-1')
    await start(subject, it)
    const seen = await start(subject, next(it, withVersion(it.spec, '2')))
    assert.ok(seenNodes(seen).every(({ runs }) => runs?.version === '2'))
  })

  suite('a cluster that is stopped runs nothing, and comes back as it was', async (subject) => {
    const it = wanted('c-1')
    const before = await start(subject, it)
    const stopped = next(it, { ...it.spec, running: false })
    await subject.substrate.apply(stopped)
    const seen = await until(subject, 'c-1', isStopped)
    assert.deepEqual([seen.present, seen.answering, seen.generation], [true, false, 0])
    assert.deepEqual([...subject.processes('c-1')], [])
    await subject.substrate.apply(stopped)
    const writes = subject.writes()
    await subject.substrate.apply(stopped)
    assert.equal(subject.writes(), writes)
    assert.ok(isStopped(await subject.substrate.observe('c-1')))
    const back = next(stopped, it.spec)
    assert.deepEqual(places(await start(subject, back)), places(before))
  })

  suite('a change survives the end of the driver after any of its steps', async (subject) => {
    let it = wanted('c-1')
    await start(subject, it)
    for (const change of Object.values(changes)) {
      it = next(it, change(it.spec))
      await subject.substrate.apply(it)
      await subject.reopen()
      await subject.substrate.observe('c-1')
      await subject.reopen()
      await subject.substrate.apply(it)
      await subject.reopen()
      await subject.substrate.apply(it)
      await until(subject, 'c-1', (seen) =>
        it.spec.running ? isReached(seen, it) : isStopped(seen),
      )
    }
    await subject.reopen()
    await start(subject, next(it, { ...it.spec, running: true }))
  })

  for (const [what, change] of Object.entries(changes)) {
    suite(`a cluster that is removed in the middle of ${what} leaves nothing`, async (subject) => {
      const it = wanted('c-1')
      await start(subject, it)
      await subject.substrate.apply(next(it, change(it.spec)))
      await removed(subject, 'c-1')
      assert.deepEqual([...subject.processes('c-1')], [])
      assert.deepEqual(subject.nodesLeft('c-1'), [])
    })
  }
}

function groupScope({ groups }: ClusterSpec): Scope {
  return { of: 'group', group: groups.at(-1)!.id }
}

function isStopped(seen: Seen): boolean {
  return seenNodes(seen).every(({ phase }) => phase === 'stopped')
}

function places(seen: Seen): readonly string[] {
  return seenNodes(seen)
    .map(({ id, address }) => `${id} ${address}`)
    .sort()
}

/** Nodes may share a process; then it is theirs together. */
function assertRestarted(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  nodes: readonly string[],
): void {
  const ended = new Set(nodes.map((node) => before.get(node)))
  assert.deepEqual([...after.keys()].sort(), [...before.keys()].sort())
  for (const [node, process] of before) {
    if (ended.has(process)) assert.ok(!ended.has(after.get(node)), `${node} kept its process`)
    else assert.equal(after.get(node), process, `${node} lost its process`)
  }
}
