import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '../../../../src/substrate/kubernetes/resource.ts'
import type { Member } from '../../../../src/substrate/kubernetes/starrocks/frontend.ts'
import {
  isSafe,
  leavesMajority,
  memberOf,
} from '../../../../src/substrate/kubernetes/starrocks/member.ts'
import {
  nextNote,
  notedNodes,
  type NotedNode,
} from '../../../../src/substrate/kubernetes/starrocks/note.ts'
import { instanceSpec } from '../../../support/fixture/starrocks-instance.ts'

const note = nextNote(
  { id: 'c-1', name: 'sample', spec: instanceSpec(), reveal: () => undefined },
  { was: undefined, pods: new Map(), nowMs: 0 },
)
const [frontend, backend] = notedNodes(note) as [NotedNode, NotedNode]

function member(host: string, members: Partial<Member> = {}): Member {
  const usual = { port: 9050, role: 'be', alive: true, decommissioned: false, tablets: 1 } as const
  return { host, ...usual, ...members }
}

function podAt(podIP: string): KubernetesObject {
  return { metadata: { name: 'sr-be-0' }, status: { podIP } }
}

test('a pod is known by its own name or its address, in its part', () => {
  const named = member('sr-be-0.sr-be-search.n.svc.cluster.local')
  assert.equal(memberOf([named], backend, undefined), named)
  const addressed = member('10.0.0.7')
  assert.equal(memberOf([addressed], backend, podAt('10.0.0.7')), addressed)
  assert.equal(memberOf([addressed], backend, podAt('10.0.0.8')), undefined)
  assert.equal(memberOf([{ ...named, role: 'cn' }], backend, undefined), undefined)
  const other = member('sr-be-01.sr-be-search.n.svc')
  assert.equal(memberOf([other], backend, undefined), undefined)
})

test('a back end is safe to lose when it keeps nothing, and not while nobody says so', () => {
  const at = 'sr-be-0.x'
  assert.equal(isSafe(undefined, backend, undefined), false)
  assert.equal(isSafe([member(at)], backend, undefined), false)
  assert.equal(isSafe([member(at, { tablets: 0 })], backend, undefined), false)
  assert.equal(isSafe([member(at, { decommissioned: true })], backend, undefined), false)
  const empty = member(at, { decommissioned: true, tablets: 0 })
  assert.equal(isSafe([empty], backend, undefined), true)
  assert.equal(isSafe([], backend, undefined), true)
  assert.equal(isSafe([], frontend, undefined), true)
  assert.equal(isSafe(undefined, frontend, undefined), false)
})

test('a front end may go as long as most of the others answer', () => {
  const of = (name: string, alive = true) =>
    member(name, { role: name === 'a' ? 'leader' : 'follower', alive })
  const going = of('c')
  assert.ok(leavesMajority([of('a'), of('b'), going], going))
  assert.ok(!leavesMajority([of('a'), of('b', false), going], going))
  assert.ok(leavesMajority([of('a'), of('b'), of('d'), of('e', false), going], going))
  const observer = member('o', { role: 'observer' })
  assert.ok(!leavesMajority([of('a'), of('b', false), observer, going], going))
})
