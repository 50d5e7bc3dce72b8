import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Core } from '../../src/app/core.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { Fault } from '../../src/domain/fault.ts'
import { compilePolicy, type Decision, type PolicyStatement } from '../../src/domain/policy.ts'
import { authorise, type AuthorisationQuery } from '../../src/gateway/authorise.ts'
import type { Dialect, RequestedResource } from '../../src/gateway/dialect.ts'
import { sampleCall, sampleCluster } from '../support/fixture/sample.ts'

interface Stage {
  readonly clusters?: readonly Cluster[]
  readonly names: readonly string[]
  readonly region?: string
  readonly listing?: boolean
  readonly kind?: 'root' | 'user'
  readonly statements?: readonly PolicyStatement[]
  readonly decide?: (resources: readonly RequestedResource[]) => Decision
}

const allow: Decision = { effect: 'allow' }
const implicit: Decision = { effect: 'deny', kind: 'implicit', resource: 'r/2' }

function stage(it: Stage) {
  const looked: (readonly string[])[] = []
  const heard: (readonly RequestedResource[])[] = []
  const core = {
    clusters: {
      peek: async (_call: unknown, ids: readonly string[]) => {
        looked.push(ids)
        const found = (it.clusters ?? []).filter(({ id }) => ids.includes(id))
        return new Map(found.map((each) => [each.id, each]))
      },
    },
  } as unknown as Core
  const dialect = {
    clusterIn: (name: string) => (name.startsWith('r/') ? name.slice(2) : undefined),
    resourceOf: ({ id, region }: Cluster) => `${region}/${id}`,
    authorise({ resources }: { resources: readonly RequestedResource[] }) {
      heard.push(resources)
      return it.decide?.(resources) ?? allow
    },
  } as unknown as Dialect
  const policies = [compilePolicy('p', { statements: it.statements ?? [] })]
  const principal = {
    account: 'a',
    tenant: 'a',
    kind: it.kind ?? 'user',
    id: '7',
    name: 'u',
    policies,
  }
  const call = sampleCall({ principal, region: it.region ?? 'r' })
  const asking = {
    dialect,
    call,
    action: { permission: { action: 's:Do' }, listing: it.listing, resources: () => it.names },
    input: {},
    request: {},
    nowMs: 5,
  } as unknown as AuthorisationQuery
  return { looked, heard, call, run: () => authorise(core, asking) }
}

const statement = (effect: 'allow' | 'deny', id = '*'): PolicyStatement => ({
  effect,
  actions: { negated: false, patterns: ['*'] },
  resources: [[id]],
  conditions: [],
})

test('the root is not evaluated, and nothing is looked up', async () => {
  const { run, looked, heard, call } = stage({ names: ['r/1'], kind: 'root' })
  assert.equal(await run(), call)
  assert.deepEqual([looked, heard], [[], []])
})

test('named clusters are looked up once, together, and their tags and resource group are passed on', async () => {
  const tags = [{ key: 'k', value: 'v' }]
  const clusters = [sampleCluster({ id: '1', tags, resourceGroup: 'g' })]
  const { run, looked, heard } = stage({ clusters, names: ['r/1', 'r/2', 'r/1', '*'] })
  await run()
  assert.deepEqual(looked, [['1', '2']])
  assert.deepEqual(
    heard[0]!.map(({ name, tags: shown, resourceGroup }) => ({ name, tags: shown, resourceGroup })),
    [
      { name: 'r/1', tags: { k: 'v' }, resourceGroup: 'g' },
      { name: 'r/2', tags: undefined, resourceGroup: undefined },
      { name: 'r/1', tags: { k: 'v' }, resourceGroup: 'g' },
      { name: '*', tags: undefined, resourceGroup: undefined },
    ],
  )
})

test('without a region a cluster is called by its own', async () => {
  const clusters = [sampleCluster({ id: '1', region: 'far' })]
  const { run, heard } = stage({ clusters, names: ['r/1'], region: '' })
  await run()
  assert.equal(heard[0]![0]!.name, 'far/1')
})

test('a denial names the principal, the resource and the reason', async () => {
  const { run } = stage({ names: ['r/1', 'r/2'], decide: () => implicit })
  await assert.rejects(run(), (problem) => {
    assert.ok(problem instanceof Fault)
    assert.deepEqual(problem.facts, {
      action: 's:Do',
      resource: 'r/2',
      resources: ['r/1', 'r/2'],
      explicit: false,
      account: 'a',
      principal: 'u',
      principalId: '7',
      principalKind: 'user',
      decision: implicit,
      atMs: 5,
    })
    return true
  })
})

const one = statement('allow', 'one')
const certain: Decision = {
  effect: 'deny',
  kind: 'explicit',
  policy: 'p',
  statement: 0,
  resource: '*',
}
const unsure: Decision = { ...certain, reason: 'the key is absent' }

const sights: readonly [string, Partial<Stage>, 'all' | 'some' | 'denied'][] = [
  ['allowed everywhere', { statements: [statement('allow')] }, 'all'],
  ['allowed somewhere', { statements: [one], decide: () => implicit }, 'some'],
  [
    'allowed in general but denied somewhere',
    { statements: [statement('allow'), statement('deny', 'x')] },
    'some',
  ],
  ['allowed nowhere', { statements: [], decide: () => implicit }, 'denied'],
  [
    'denied somewhere and allowed nowhere',
    { statements: [statement('deny', 'x')], decide: () => implicit },
    'denied',
  ],
  [
    'denied for certain, though allowed somewhere',
    { statements: [one], decide: () => certain },
    'denied',
  ],
  [
    'denied because nothing is known of a resource',
    { statements: [one], decide: () => unsure },
    'some',
  ],
  ['no listing', { statements: [one], decide: () => implicit, listing: false }, 'denied'],
  ['a named cluster', { statements: [one], decide: () => implicit, names: ['r/1'] }, 'denied'],
]

for (const [title, given, outcome] of sights) {
  test(`a listing that is ${title} shows ${outcome}`, async () => {
    const { run, call } = stage({ names: ['*'], listing: true, ...given })
    if (outcome === 'denied') return void (await assert.rejects(run(), Fault))
    const granted = await run()
    if (outcome === 'all') assert.equal(granted, call)
    else assert.equal(typeof granted.visible, 'function')
  })
}

test('what a caller sees is what the dialect allows of each cluster', async () => {
  const decide = ([first]: readonly RequestedResource[]) =>
    first?.name === 'far/2' && first.tags?.['k'] === 'v' ? allow : implicit
  const { run } = stage({ names: ['*'], listing: true, statements: [one], decide })
  const { visible } = await run()
  const tags = [{ key: 'k', value: 'v' }]
  assert.equal(visible?.(sampleCluster({ id: '2', region: 'far', tags })), true)
  assert.equal(visible?.(sampleCluster({ id: '2', region: 'far' })), false)
  assert.equal(visible?.(sampleCluster({ id: '3', region: 'far', tags })), false)
})
