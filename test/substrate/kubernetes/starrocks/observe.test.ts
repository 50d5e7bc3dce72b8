import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '../../../../src/substrate/kubernetes/resource.ts'
import type { Member } from '../../../../src/substrate/kubernetes/starrocks/frontend.ts'
import type { Look } from '../../../../src/substrate/kubernetes/starrocks/look.ts'
import {
  nextNote,
  templateText,
  withNoteNodes,
} from '../../../../src/substrate/kubernetes/starrocks/note.ts'
import { frontendPods, seenOf } from '../../../../src/substrate/kubernetes/starrocks/observe.ts'
import type { Seen } from '../../../../src/substrate/port.ts'
import { instanceSpec, partGroup } from '../../../support/fixture/starrocks-instance.ts'

const NOW_MS = Date.parse('2026-01-01T01:00:00Z')
const spec = instanceSpec([partGroup('fe', 1), partGroup('be', 2)], { generation: 3 })
const note = nextNote(
  { id: 'c-1', name: 'sample', spec, reveal: () => undefined },
  { was: undefined, pods: new Map(), nowMs: 0 },
)

function podOf(part: string, at: number, status: object = {}): KubernetesObject {
  const group = note.groups.find((each) => each.part === part)!
  return {
    metadata: {
      name: `sr-${part}-${at}`,
      uid: `${part}-${at}-uid`,
      annotations: { 'emrys.dev/template': templateText(group) },
    },
    status: {
      podIP: `10.0.0.${at}`,
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
      ...status,
    },
  }
}

function claimTemplate(part: string, storage = '100Gi'): object {
  const metadata = { name: part === 'fe' ? 'fe-meta' : 'be-data' }
  return { metadata, spec: { resources: { requests: { storage } } } }
}

function setOf(part: string, replicas: number, status: object = {}): KubernetesObject {
  const counts = { replicas, readyReplicas: replicas, observedGeneration: 4 }
  return {
    metadata: { name: `sr-${part}`, generation: 4 },
    spec: { replicas, volumeClaimTemplates: [claimTemplate(part)] },
    status: { ...counts, currentRevision: 'r', updateRevision: 'r', ...status },
  }
}

type Change = Partial<Omit<Look, 'pods' | 'sets'>> & {
  readonly pods?: readonly KubernetesObject[]
  readonly sets?: readonly KubernetesObject[]
  readonly login?: boolean
  readonly members?: readonly Member[]
}

/** Everything is as it shall be, but for this. */
function seen({ pods = [], sets = [], login = true, members, ...change }: Change = {}): Seen {
  const named = (all: readonly KubernetesObject[]) =>
    new Map(all.map((each) => [each.metadata.name, each]))
  const look: Look = {
    namespace: { metadata: { name: 'n' } },
    removing: false,
    note,
    noteVersion: '1',
    cluster: {
      metadata: { name: 'sr', annotations: { 'emrys.dev/generation': '3' } },
      status: { phase: 'running' },
    },
    sets: named([setOf('fe', 1), setOf('be', 2), ...sets]),
    pods: named([podOf('fe', 0), podOf('be', 0), podOf('be', 1), ...pods]),
    claims: new Map(),
    services: new Map(),
    leftClaims: [],
    ...change,
  }
  const logins = new Map(frontendPods(look).map(({ name }) => [name, login]))
  return seenOf(look, { logins, ...(members && { members }) }, { nowMs: NOW_MS })
}

test('an instance whose sets have done all that they were to do runs the generation that is wanted', () => {
  const it = seen()
  assert.equal(it.generation, 3)
  assert.ok(it.answering)
  assert.equal(it.changesInMs, undefined)
  assert.deepEqual(
    it.groups.flatMap(({ nodes }) =>
      nodes.map(({ id, address, phase }) => `${id} ${address} ${phase}`),
    ),
    [
      'fe-0 sr-fe-0.sr-fe-search.n.svc serving',
      'be-0 sr-be-0.sr-be-search.n.svc serving',
      'be-1 sr-be-1.sr-be-search.n.svc serving',
    ],
  )
  assert.deepEqual(it.endpoints[0], { name: 'mysql', host: 'sr-fe-service.n.svc', port: 9030 })
})

test("the operator's word alone proves nothing: one thing that is behind, and the generation is not reached", () => {
  const cluster = {
    metadata: { name: 'sr', annotations: { 'emrys.dev/generation': '2' } },
    status: { phase: 'running' },
  }
  const old = podOf('be', 1)
  const behind: Readonly<Record<string, Change>> = {
    'the resource is of an earlier spec': { cluster },
    'there is no resource': { cluster: undefined },
    'the operator is at it': { cluster: { ...cluster, status: { phase: 'reconciling' } } },
    'the set has not seen its spec': { sets: [setOf('be', 2, { observedGeneration: 3 })] },
    'the set has other disks': {
      sets: [
        {
          ...setOf('be', 2),
          spec: { replicas: 2, volumeClaimTemplates: [claimTemplate('be', '50Gi')] },
        },
      ],
    },
    'the set rolls': { sets: [setOf('be', 2, { updateRevision: 's' })] },
    'a pod that was to go is there': { sets: [setOf('be', 2, { replicas: 3 })] },
    'a pod is not ready': { sets: [setOf('be', 2, { readyReplicas: 1 })] },
    'the set is of another size': { sets: [setOf('be', 3)] },
    'a pod is made from something else': {
      pods: [
        { ...old, metadata: { ...old.metadata, annotations: { 'emrys.dev/template': '{}' } } },
      ],
    },
    'a pod of nobody is there': { pods: [podOf('be', 7)] },
    'claims of a node that went are there': { leftClaims: ['be-data-sr-be-2'] },
    'the front end does not take the password': { login: false },
  }
  for (const [what, change] of Object.entries(behind)) {
    const it = seen(change)
    assert.equal(it.generation, 0, what)
    assert.ok(it.changesInMs !== undefined, what)
  }
})

test('a pod that a restart waits for runs what it ran, and the next one what is wanted', () => {
  const leaving = (pod: string) => ({
    note: {
      ...note,
      groups: note.groups.map((group) => ({
        ...group,
        nodes: group.nodes.map((node) => ({ ...node, restarts: 2, leaving: { pod, restarts: 1 } })),
      })),
    },
  })
  const restarts = (it: Seen) => it.groups.map(({ nodes }) => nodes[0]?.runs?.restarts)
  const before = seen(leaving('fe-0-uid'))
  assert.deepEqual(restarts(before), [1, 2])
  assert.equal(before.generation, 0)
  const done = seen(leaving('gone'))
  assert.deepEqual(restarts(done), [2, 2])
  assert.equal(done.generation, 3)
})

test('a cluster is stopped when its pods are gone; what is removed stops, and answers nobody', () => {
  const away = { note: { ...note, running: false }, cluster: undefined }
  const phases = (it: Seen) => [
    ...new Set(it.groups.flatMap(({ nodes }) => nodes.map(({ phase }) => phase))),
  ]
  assert.deepEqual(phases(seen(away)), ['stopping'])
  const removing = seen({ removing: true })
  assert.deepEqual(phases(removing), ['stopping'])
  assert.deepEqual([removing.answering, removing.generation, removing.endpoints], [false, 0, []])
})

test('a pod without a machine, without an image, or that crashes is a problem, which persists after its time', () => {
  const at = (minutes: number) => new Date(NOW_MS - minutes * 60_000).toISOString()
  const notReady = (minutes: number) => ({
    type: 'Ready',
    status: 'False',
    lastTransitionTime: at(minutes),
  })
  const waiting = (reason: string, minutes: number, restartCount = 0) => ({
    conditions: [notReady(minutes)],
    containerStatuses: [{ restartCount, state: { waiting: { reason, message: 'why' } } }],
  })
  const unplaced = (minutes: number) => ({
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: 'no room',
        lastTransitionTime: at(minutes),
      },
    ],
  })
  const cases = [
    [unplaced(1), 'unplaceable', false, 'sr-be-1 finds no machine: no room'],
    [unplaced(16), 'unplaceable', true, 'sr-be-1 finds no machine: no room'],
    [waiting('ImagePullBackOff', 1), 'refused', false, 'sr-be-1: ImagePullBackOff, why'],
    [waiting('ImagePullBackOff', 6), 'refused', true, 'sr-be-1: ImagePullBackOff, why'],
    [waiting('CrashLoopBackOff', 20, 4), 'crash', false, 'sr-be-1: CrashLoopBackOff, why'],
    [waiting('CrashLoopBackOff', 20, 5), 'crash', true, 'sr-be-1: CrashLoopBackOff, why'],
  ] as const
  for (const [status, kind, persists, reason] of cases) {
    const { groups } = seen({ pods: [podOf('be', 1, status)] })
    const problem = groups[1]?.problem
    assert.deepEqual([problem?.kind, problem?.persists, problem?.reason], [kind, persists, reason])
    assert.equal(groups[0]?.problem, undefined)
  }
})

test('what the API server refused is a problem that persists, and the operator failing once is not', () => {
  const refused = seen({ note: { ...note, refused: 'exceeded quota' } })
  assert.deepEqual(refused.groups[0]?.problem, {
    kind: 'refused',
    reason: 'exceeded quota',
    sinceMs: 0,
    persists: true,
  })
  const failed = {
    metadata: { name: 'sr' },
    status: { phase: 'failed', reason: 'object has been modified' },
  }
  const { problem } = seen({ cluster: failed }).groups[0]!
  assert.equal(problem?.persists, false)
  assert.match(problem?.reason ?? '', /object has been modified/)
})

const known = (host: string, members: Partial<Member> = {}): Member => ({
  host: `${host}.sr-be-search.n.svc`,
  port: 9050,
  role: 'be',
  alive: true,
  decommissioned: false,
  tablets: 4,
  ...members,
})

test('a back end serves once front ends say that it is alive', () => {
  const phases = (members: readonly Member[]) =>
    seen({ members }).groups[1]?.nodes.map(({ phase }) => phase)
  const other = known('sr-be-1')
  assert.deepEqual(phases([known('sr-be-0'), other]), ['serving', 'serving'])
  assert.deepEqual(phases([known('sr-be-0', { alive: false }), other]), ['starting', 'serving'])
  assert.deepEqual(phases([other]), ['starting', 'serving'])
})

test('a node that drains continues; it is drained when nothing is left on it, and cannot be when StarRocks says so', () => {
  const drains = withNoteNodes(note, (node) =>
    node.id === 'be-1' ? { ...node, draining: true } : node,
  )
  const first = known('sr-be-0')
  const at = (members: Partial<Member>) =>
    seen({ note: drains, members: [first, known('sr-be-1', members)] })
  const phaseOf = (it: Seen) => it.groups[1]?.nodes[1]?.phase
  const draining = at({ decommissioned: true })
  assert.equal(phaseOf(draining), 'draining')
  assert.ok(draining.groups[1]?.nodes[1]?.runs)
  assert.ok(draining.answering)
  assert.equal(draining.generation, 0)
  assert.equal(phaseOf(at({ decommissioned: true, tablets: 0 })), 'drained')
  const unmet = seen({ note: { ...drains, drainLack: 'too few' }, members: [first] })
  assert.deepEqual(unmet.groups[1]?.problem, {
    kind: 'storage',
    reason: 'too few',
    sinceMs: 0,
    persists: true,
  })
  assert.equal(unmet.groups[0]?.problem, undefined)
})
