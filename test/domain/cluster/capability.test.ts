import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import {
  checkChangeSupported,
  checkSupported,
  type Capabilities,
  type UnmetRequirement,
  type SubstrateOffer,
} from '../../../src/domain/cluster/capability.ts'
import type { ChangeAction } from '../../../src/domain/cluster/change.ts'
import {
  withNodes,
  withRestart,
  withoutNodes,
  withSize,
  type ClusterSpec,
} from '../../../src/domain/cluster/spec.ts'
import { Fault } from '../../../src/domain/fault.ts'
import { changeVerbs } from '../../../src/domain/operation.ts'
import { changeActions } from '../../support/fixture/change.ts'
import { sampleGroup, sampleNode, sampleScript, sampleSpec } from '../../support/fixture/sample.ts'

const all: Capabilities = {
  families: 'any',
  encryption: true,
  publicAddress: true,
  scripts: true,
  chosenNodes: true,
  nodeSizes: true,
  configuration: true,
  daemons: true,
  snapshots: true,
  access: ['gateway', 'exposure', 'network', 'allow-list', 'encryption', 'host-alias'],
  rollout: 'node',
}

const offer = (unmet: Partial<Capabilities> = {}) => ({
  name: 'it',
  capabilities: () => ({ ...all, ...unmet }),
})

const refused = (what: string, detail: RegExp) => (problem: unknown) => {
  const { code, facts } = problem as { code: string; facts: { what: string; detail: string } }
  assert.deepEqual([code, facts.what], ['NotSupported', what])
  assert.match(facts.detail, detail)
  return true
}

const spec = sampleSpec({ groups: [sampleGroup('g', 3), sampleGroup('h', 2)] })
const change = (
  unmet: Partial<Capabilities>,
  action: ChangeAction,
  after: ClusterSpec,
  before = spec,
) => checkChangeSupported(offer(unmet), action, { id: 'c', before, after })

const supported = (it: SubstrateOffer, wanted: ClusterSpec) =>
  checkSupported(it, { id: 'c', spec: wanted })

test('a substrate that can do everything takes every cluster and every change', () => {
  const full = sampleSpec({ encryption: { key: 'k' }, scripts: [sampleScript('s')] })
  supported(offer(), full)
  for (const verb of changeVerbs) change({}, changeActions[verb], spec)
  change({}, changeActions['scale-in'], withoutNodes(spec, ['g-0']))
  change(
    {},
    changeActions['resize-up'],
    withSize(spec, { of: 'nodes', nodes: ['g-0'] }, (it) => it),
  )
})

test('services that cannot be changed alone are refused', () => {
  for (const verb of ['stop-service', 'install'] as const)
    assert.throws(
      () => change({ daemons: false }, changeActions[verb], spec),
      refused('changing single services', /runs them as one/),
    )
})

test('a family that it does not run is refused with those that it does', () => {
  const unmet = { families: ['x', 'y'] }
  assert.throws(() => supported(offer(unmet), spec), refused('f', /it runs x, y; the tag emrys:/))
  supported(offer({ families: ['x', 'f'] }), spec)
})

test('scripts and encryption are refused by a substrate without them, and only where they are wanted', () => {
  const unmet = { scripts: false, encryption: false }
  supported(offer(unmet), sampleSpec({ scripts: [] }))
  assert.throws(
    () => supported(offer(unmet), sampleSpec({ scripts: [sampleScript('s')] })),
    refused('a script', /it runs none/),
  )
  assert.throws(
    () => supported(offer(unmet), sampleSpec({ encryption: { key: 'k' } })),
    refused('encryption', /it does not do it/),
  )
  const wanted = sampleSpec({ encryption: { key: 'k' } })
  assert.throws(
    () => supported(offer({ encryption: { lacks: 'a module is not there' } }), wanted),
    refused('encryption', /^a module is not there$/),
  )
  supported(offer({ encryption: true }), wanted)
})

test('a cluster that comes to buckets is refused where nothing keeps them, by a substrate whose engines would', () => {
  const storing = { id: 'c', spec: sampleSpec({ storage: {} }) }
  const there = offer({ objectStorage: true })
  checkSupported(there, storing, true)
  checkSupported(offer(), storing, false)
  checkSupported(there, { id: 'c', spec }, false)
  assert.throws(
    () => checkSupported(there, storing, false),
    refused('object storage', /`object-storage` in the file of the environment/),
  )
})

test('what a substrate can do is asked for each time', () => {
  let configuration = false
  const it = { name: 'it', capabilities: () => ({ ...all, configuration }) }
  const check = () =>
    checkChangeSupported(it, changeActions.configure, { id: 'c', before: spec, after: spec })
  assert.throws(check, refused('configuration', /no effect on it/))
  configuration = true
  check()
})

test('sizes of single nodes are refused where a group has one, those of whole groups are not', () => {
  const unmet = { nodeSizes: false }
  const larger = (scope: Parameters<typeof withSize>[1]) =>
    withSize(spec, scope, (was) => ({ ...was, cpu: was.cpu * 2 }))
  const action = changeActions['resize-up']
  change(unmet, action, larger({ of: 'group', group: 'g' }))
  change(unmet, action, larger({ of: 'cluster' }))
  change(unmet, action, larger({ of: 'nodes', nodes: ['g-0', 'g-1', 'g-2'] }))
  assert.throws(
    () => change(unmet, action, larger({ of: 'nodes', nodes: ['g-0'] })),
    refused('resizing single nodes', /one size for all nodes/),
  )
})

test('only the highest nodes of a group may go where nodes cannot be chosen', () => {
  const unmet = { chosenNodes: false }
  const without = (...nodes: readonly string[]) => withoutNodes(spec, nodes)
  const action = changeActions['scale-in']
  for (const after of [without('g-2'), without('g-1', 'g-2', 'h-1'), without('g-0', 'g-1', 'g-2')])
    change(unmet, action, after)
  for (const after of [without('g-0'), without('g-0', 'g-2'), without('g-2', 'h-0')])
    assert.throws(
      () => change(unmet, action, after),
      refused('removing chosen nodes', /the highest/),
    )
  change(unmet, changeActions['scale-out'], withNodes(spec, 'g', [sampleNode('g', 3)]))
})

test('single nodes are restarted only where each has a process, whole groups everywhere', () => {
  const unmet = { rollout: 'cluster' } as const
  const restarted = (scope: Parameters<typeof withSize>[1]) => withRestart(spec, scope)
  change(unmet, changeActions.restart, restarted({ of: 'cluster' }))
  change(unmet, changeActions.restart, restarted({ of: 'group', group: 'g' }))
  change({}, changeActions.restart, restarted({ of: 'nodes', nodes: ['g-0'] }))
  assert.throws(
    () => change(unmet, changeActions.restart, restarted({ of: 'nodes', nodes: ['g-0', 'h-0'] })),
    refused('restarting single nodes', /one process for all/),
  )
})

test('what keeps a substrate from carrying a cluster as it would be is refused: by name, or as memory that is short', () => {
  let unmet: UnmetRequirement | undefined
  const seen: unknown[] = []
  const it: SubstrateOffer = {
    ...offer(),
    unmet(prospect) {
      seen.push(prospect)
      return unmet
    },
  }
  const after = withoutNodes(spec, ['g-1'])
  const create = () => supported(it, spec)
  const scale = () =>
    checkChangeSupported(it, changeActions['scale-in'], { id: 'c', before: spec, after })
  create()
  scale()
  assert.deepEqual(seen, [
    { id: 'c', spec, keepsObjects: false },
    { id: 'c', spec: after, before: spec },
  ])
  unmet = { what: 'x-1', detail: 'x does not run here' }
  for (const check of [create, scale]) assert.throws(check, refused('x-1', /does not run here/))
  unmet = { neededMib: 900, leftMib: 500 }
  const facts = { what: 'machine', type: 'MiB of memory', zone: 'z', wanted: 900, available: 500 }
  for (const check of [create, scale])
    assert.throws(check, (fault) => fault instanceof Fault && isDeepStrictEqual(fault.facts, facts))
})
