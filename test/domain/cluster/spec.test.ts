import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  nodesOf,
  sizeOf,
  type Node,
  type NodeSize,
} from '../../../src/domain/cluster/node-group.ts'
import {
  configurationDigest,
  highestNodes,
  nodesIn,
  templateOf,
  withConfiguration,
  withDescription,
  withGroup,
  withNodes,
  withoutGroup,
  withoutNodes,
  withRestart,
  withSize,
  withVersion,
  type ClusterSpec,
  type Scope,
} from '../../../src/domain/cluster/spec.ts'
import { sampleGroup, sampleNode, sampleSpec } from '../../support/fixture/sample.ts'

/** Groups of up to five nodes, of which some have been restarted and some have sizes of their own. */
const anySpec: fc.Arbitrary<ClusterSpec> = fc
  .array(
    fc.array(fc.record({ restarts: fc.nat(3), cpu: fc.option(fc.integer({ min: 1, max: 8 })) }), {
      minLength: 1,
      maxLength: 5,
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((groups) =>
    sampleSpec({
      groups: groups.map((nodes, at) => {
        const group = sampleGroup(`g-${at}`, 0)
        return {
          ...group,
          nodes: nodes.map(({ restarts, cpu }, index): Node => {
            const node = { ...sampleNode(group.id, index), restarts }
            return cpu === null ? node : { ...node, size: { ...sizeOf(group, node), cpu } }
          }),
        }
      }),
    }),
  )

/** Numbers that name a scope in any spec. */
type ScopeNumbers =
  | { readonly of: 'cluster' }
  | { readonly of: 'group'; readonly group: number }
  | { readonly of: 'nodes'; readonly nodes: readonly number[] }

const anyScope: fc.Arbitrary<ScopeNumbers> = fc.oneof(
  fc.constant({ of: 'cluster' } as const),
  fc.record({ of: fc.constant('group' as const), group: fc.nat(3) }),
  fc.record({
    of: fc.constant('nodes' as const),
    nodes: fc.array(fc.nat(19), { minLength: 1, maxLength: 6 }),
  }),
)

function scopeIn({ groups }: ClusterSpec, it: ScopeNumbers): Scope {
  const ids = nodesOf(groups).map(({ id }) => id)
  if (it.of === 'cluster') return it
  if (it.of === 'group') return { of: 'group', group: groups[it.group % groups.length]!.id }
  return { of: 'nodes', nodes: [...new Set(it.nodes.map((at) => ids[at % ids.length]!))] }
}

test('a scope covers the whole cluster, a group or the named nodes, and nothing that is not there', () => {
  const spec = sampleSpec({ groups: [sampleGroup('a', 1), sampleGroup('b', 2)] })
  assert.deepEqual(nodesIn(spec, { of: 'cluster' }), ['a-0', 'b-0', 'b-1'])
  assert.deepEqual(nodesIn(spec, { of: 'group', group: 'b' }), ['b-0', 'b-1'])
  assert.deepEqual(nodesIn(spec, { of: 'nodes', nodes: ['b-1'] }), ['b-1'])
  assert.throws(() => nodesIn(spec, { of: 'group', group: 'c' }), {
    code: 'NodeGroupNotFound',
    facts: { id: 'c' },
  })
  assert.throws(() => nodesIn(spec, { of: 'nodes', nodes: ['a-0', 'c-0'] }), {
    code: 'NodeNotFound',
    facts: { id: 'c-0' },
  })
})

test('a restart raises the count of every node of its scope by one, and changes nothing else', () => {
  fc.assert(
    fc.property(anySpec, anyScope, (spec, wide) => {
      const scope = scopeIn(spec, wide)
      const chosen = new Set(nodesIn(spec, scope))
      const restarted = withRestart(spec, scope)
      const expected = spec.groups.map((group) => ({
        ...group,
        nodes: group.nodes.map((node) =>
          chosen.has(node.id) ? { ...node, restarts: node.restarts + 1 } : node,
        ),
      }))
      assert.deepEqual(restarted, { ...spec, groups: expected })
    }),
  )
})

test('nodes that are added stand behind their group, and removing them leads back', () => {
  fc.assert(
    fc.property(anySpec, fc.nat(3), fc.integer({ min: 1, max: 4 }), (spec, at, count) => {
      const { id, nodes } = spec.groups[at % spec.groups.length]!
      const added = Array.from({ length: count }, (_, n) => sampleNode(id, nodes.length + n))
      const larger = withNodes(spec, id, added)
      assert.deepEqual(larger.groups.find((group) => group.id === id)?.nodes, [...nodes, ...added])
      assert.equal(nodesOf(larger.groups).length, nodesOf(spec.groups).length + count)
      const back = withoutNodes(
        larger,
        added.map((node) => node.id),
      )
      assert.deepEqual(back, spec)
    }),
  )
  assert.throws(() => withNodes(sampleSpec(), 'none', []), { code: 'NodeGroupNotFound' })
})

test('removed nodes are gone from whatever groups they were in, and no other node is', () => {
  fc.assert(
    fc.property(anySpec, anyScope, (spec, wide) => {
      const gone = nodesIn(spec, scopeIn(spec, wide))
      const left = withoutNodes(spec, gone)
      assert.deepEqual(
        nodesOf(left.groups),
        nodesOf(spec.groups).filter(({ id }) => !gone.includes(id)),
      )
      assert.deepEqual(
        left.groups.map(({ id }) => id),
        spec.groups.map(({ id }) => id),
      )
    }),
  )
  assert.throws(() => withoutNodes(sampleSpec(), ['none']), { code: 'NodeNotFound' })
})

test('a group loses its highest nodes first, wherever they stand', () => {
  const group = sampleGroup('g', 4)
  const shuffled = { ...group, nodes: [2, 0, 3, 1].map((at) => group.nodes[at]!) }
  assert.deepEqual(highestNodes(shuffled, 2), ['g-3', 'g-2'])
  assert.deepEqual(highestNodes(shuffled, 0), [])
  assert.deepEqual(highestNodes(shuffled, 9), ['g-3', 'g-2', 'g-1', 'g-0'])
  assert.deepEqual(
    shuffled.nodes.map(({ index }) => index),
    [2, 0, 3, 1],
  )
})

const doubled = (was: NodeSize): NodeSize => ({ ...was, cpu: was.cpu * 2 })

test('after a resize every node of the scope has the new size of its own old one, and no other node differs', () => {
  fc.assert(
    fc.property(anySpec, anyScope, (spec, wide) => {
      const scope = scopeIn(spec, wide)
      const chosen = new Set(nodesIn(spec, scope))
      const resized = withSize(spec, scope, doubled)
      for (const [at, group] of spec.groups.entries()) {
        const next = resized.groups[at]!
        for (const [index, node] of group.nodes.entries()) {
          const was = sizeOf(group, node)
          const expected = chosen.has(node.id) ? doubled(was) : was
          assert.deepEqual(sizeOf(next, next.nodes[index]!), expected, node.id)
        }
      }
    }),
  )
})

test('a whole group takes its size for itself, single nodes keep theirs beside it', () => {
  const spec = sampleSpec({ groups: [sampleGroup('a', 2), sampleGroup('b', 2)] })
  const whole = withSize(spec, { of: 'group', group: 'a' }, doubled)
  assert.equal(whole.groups[0]?.cpu, 8)
  assert.ok(nodesOf(whole.groups).every(({ size }) => size === undefined))
  assert.equal(whole.groups[1], spec.groups[1])
  const single = withSize(spec, { of: 'nodes', nodes: ['a-1'] }, doubled)
  assert.equal(single.groups[0]?.cpu, 4)
  assert.deepEqual(
    single.groups[0]?.nodes.map(({ size }) => size?.cpu),
    [undefined, 8],
  )
})

test('what a node shall run has its own size, the version, the settings and its restarts', () => {
  const files = [{ service: 's', version: '1', file: 'f', properties: { a: '1', b: '2' } }]
  const spec = withSize(
    withVersion(withConfiguration(sampleSpec(), files), '2'),
    { of: 'nodes', nodes: ['g-1-1'] },
    doubled,
  )
  const [group] = spec.groups
  const [one, other] = group!.nodes.map((node) => templateOf(spec, group!, node))
  const configuration = configurationDigest(files)
  assert.match(configuration, /^[0-9a-f]{16}$/)
  const common = {
    memoryMib: 8192,
    machine: '',
    disks: [],
    version: '2',
    configuration,
    restarts: 0,
  }
  assert.deepEqual(one, { cpu: 4, ...common })
  assert.deepEqual(other, { cpu: 8, ...common })
})

test('settings differ by what they say, not by the order of their properties', () => {
  const digest = (properties: Readonly<Record<string, string>>) =>
    configurationDigest([{ service: 's', version: '1', file: 'f', properties }])
  assert.equal(digest({ a: '1', b: '2' }), digest({ b: '2', a: '1' }))
  assert.notEqual(digest({ a: '1' }), digest({ a: '2' }))
  assert.equal(configurationDigest(sampleSpec().configuration), '')
})

test('settings of one group are no part of what the nodes of others run', () => {
  const file = { service: 's', version: '1', file: 'f', properties: { a: '1' } }
  const bare = sampleSpec({ groups: [sampleGroup('a', 1), sampleGroup('b', 1)] })
  const spec = withConfiguration(bare, [{ ...file, group: 'b' }])
  const [a, b] = spec.groups.map((group) => templateOf(spec, group, group.nodes[0]!))
  assert.equal(a?.configuration, '')
  assert.equal(b?.configuration, configurationDigest([{ ...file, group: 'b' }]))
})

test('a node that has a version of its own runs that one', () => {
  const spec = withVersion(sampleSpec(), '2')
  const [group] = spec.groups
  assert.equal(templateOf(spec, group!, { ...group!.nodes[0]!, version: '1' }).version, '1')
})

test('a group that is described again runs what it did, and no other group differs', () => {
  const spec = sampleSpec({ groups: [sampleGroup('a', 1), sampleGroup('b', 1)] })
  const described = withDescription(spec, 'b', 'new')
  const [a, b] = spec.groups
  assert.deepEqual(described, { ...spec, groups: [a, { ...b, description: 'new' }] })
  const templates = (it: ClusterSpec) =>
    it.groups.map((group) => group.nodes.map((node) => templateOf(it, group, node)))
  assert.deepEqual(templates(described), templates(spec))
  assert.throws(() => withDescription(spec, 'c', 'x'), { code: 'NodeGroupNotFound' })
})

test('a group that is removed takes its nodes with it, and leads back to where it came from', () => {
  const spec = sampleSpec({ groups: [sampleGroup('a', 1), sampleGroup('b', 1)] })
  const more = withGroup(spec, { ...sampleGroup('c', 2), subnet: 's-9' })
  assert.deepEqual(withoutGroup(more, 'c').groups, spec.groups)
  // Its subnet stays known: addresses of it may still be held.
  assert.ok(withoutGroup(more, 'c').network.subnets.some(({ id }) => id === 's-9'))
  assert.throws(() => withoutGroup(spec, 'c'), { code: 'NodeGroupNotFound' })
})
