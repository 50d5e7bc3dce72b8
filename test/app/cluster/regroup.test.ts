import assert from 'node:assert/strict'
import { test } from 'node:test'
import { regroupCall } from '../../../src/app/cluster/regroup.ts'
import type { NodeGroup } from '../../../src/domain/cluster/node-group.ts'
import { changingCall } from '../../support/fixture/changing-world.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'

test('its scope are the nodes that come, go, or are in a group that is different', () => {
  const cluster = sampleCluster()
  const [first] = cluster.spec.groups
  const node = (id: string) => ({ id, index: 0, name: id, restarts: 0 })
  const group = (id: string, ...nodes: string[]): NodeGroup => {
    return { ...first!, id, nodes: nodes.map(node) }
  }
  const was = {
    ...cluster,
    spec: {
      ...cluster.spec,
      groups: [group('a', 'a1', 'a2'), group('b', 'b1'), group('c', 'c1'), group('d', 'd1')],
    },
  }
  const groups = [
    group('a', 'a1', 'a3'),
    { ...group('b', 'b1'), description: 'another' },
    group('d', 'd1'),
    group('e', 'e1'),
  ]
  const { propose } = regroupCall(changingCall, was.id, {
    regroup: () => ({ action: { kind: 'configure' }, groups }),
    terms: () => ({ reservations: [] }),
  })
  const { scope, spec } = propose(was)
  assert.deepEqual(scope, { of: 'nodes', nodes: ['a2', 'b1', 'c1', 'a3', 'e1'] })
  assert.deepEqual(spec.groups, groups)
})
