import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Disk } from '../../../../src/domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../../src/domain/cluster/spec.ts'
import { unmetRequirement } from '../../../../src/substrate/kubernetes/product/requirement.ts'
import { products } from '../../../../src/substrate/kubernetes/product/products.ts'
import {
  productProvision,
  productSamples,
  productSpec,
  roleGroup,
} from '../../../support/fixture/product-cluster.ts'

function lackIn(spec: ClusterSpec, before?: ClusterSpec, provision = productProvision) {
  const product = products.find(({ family }) => family === spec.software.family)!
  const unmet = unmetRequirement(product, { id: 'c-1', spec, ...(before && { before }) }, provision)
  return unmet && 'what' in unmet ? `${unmet.what}: ${unmet.detail}` : undefined
}

for (const [name, spec] of Object.entries(productSamples))
  test(`nothing of ${name} is refused`, () => {
    assert.equal(lackIn(spec), undefined)
  })

const kafkaSpec = productSpec('kafka', [roleGroup('core', 2)])
const software = { ...kafkaSpec.software, components: ['kafka-2.4.1', 'kafkamanager-2.0.0'] }

function withSettings(properties: Readonly<Record<string, string>>): ClusterSpec {
  const file = { service: 'KAFKA', version: '', file: 'server.properties', properties }
  return { ...kafkaSpec, configuration: [file] }
}

const refused: readonly (readonly [ClusterSpec, RegExp])[] = [
  [{ ...kafkaSpec, software }, /^kafkamanager: no operator runs it on kubernetes$/],
  [productSpec('kafka', [roleGroup('common', 3)]), /^Kafka without core nodes/],
  [
    productSpec('kafka', [roleGroup('core', 1), roleGroup('master', 1)]),
    /^a group of master nodes/,
  ],
  [productSpec('kafka', [roleGroup('core', 0)]), /^a group without nodes/],
  [productSpec('kafka', [roleGroup('core', 1, { disks: [] })]), /^nodes without data disks/],
  [
    { ...kafkaSpec, configuration: [{ service: 'a', version: '', file: 'b', properties: {} }] },
    /^settings of a\/b: on kubernetes those of KAFKA\/server.properties have an effect$/,
  ],
  [
    withSettings({ 'advertised.listeners': 'a' }),
    /^the setting advertised.listeners: Strimzi sets it/,
  ],
  [withSettings({ 'a.password': 'a' }), /^the setting a.password: secrets/],
  [withSettings({ 'a b': 'a' }), /^the setting a b: it is no line/],
  [withSettings({ a: 'b\nc' }), /^the setting a: it is no line/],
  [productSpec('clickhouse', [roleGroup('core', 3), roleGroup('common', 3)]), /^3 core nodes/],
  [
    productSpec('clickhouse', [
      roleGroup('core', 2),
      { ...roleGroup('core', 2), id: 'g-other', name: 'other' },
    ]),
    /^several groups of core or common nodes/,
  ],
  [
    productSpec('clickhouse', [
      roleGroup('core', 1, {
        disks: [{ use: 'data', type: 'CLOUD_SSD', sizeGib: 100, count: 2 }],
      }),
    ]),
    /^several data disks/,
  ],
]

for (const [spec, reason] of refused)
  test(`refused by name: ${reason.source}`, () => {
    assert.match(lackIn(spec) ?? '', reason)
  })

test('a product of which no version is named, and disks of which no class is, are refused', () => {
  const { storageClasses, zones } = productProvision
  assert.match(
    lackIn(kafkaSpec, undefined, { storageClasses, zones }) ?? '',
    /^kafka: kubernetes.versions names no version/,
  )
  const provision = { ...productProvision, storageClasses: { other: 'any' } }
  assert.match(lackIn(kafkaSpec, undefined, provision) ?? '', /^disks of CLOUD_SSD/)
})

test('settings of an own kind have an effect', () => {
  assert.equal(lackIn(withSettings({ 'log.retention.hours': '1' })), undefined)
  assert.equal(
    lackIn(withSettings({ 'log.dirs.of.nobody': '1' })),
    `the setting log.dirs.of.nobody: Strimzi sets it`,
  )
})

test('Doris keeps the front ends that elect, and loses no back ends', () => {
  const of = (master: number, core: number) =>
    productSpec('doris', [roleGroup('master', master), roleGroup('core', core)])
  assert.equal(lackIn(of(5, 3), of(3, 3)), undefined)
  assert.match(lackIn(of(3, 3), of(1, 3)) ?? '', /^more front ends/)
  assert.match(lackIn(of(3, 3), of(3, 4)) ?? '', /^fewer nodes: Doris' operator/)
  const [master] = of(1, 3).groups
  assert.match(lackIn(productSpec('doris', [master!])) ?? '', /^several groups of master or core/)
})

test('brokers may go as long as as many are left as a topic has replicas', () => {
  const of = (core: number, common: number) =>
    productSpec('kafka', [roleGroup('core', core), roleGroup('common', common)])
  assert.equal(lackIn(of(3, 3), of(4, 3)), undefined)
  assert.match(lackIn(of(2, 3), of(3, 3)) ?? '', /^fewer than 3 brokers/)
  assert.match(lackIn(of(3, 3), of(3, 5)) ?? '', /^fewer controllers/)
  assert.match(lackIn(of(3, 5), of(3, 3)) ?? '', /^more controllers/)
  const shards = (core: number) => productSpec('clickhouse', [roleGroup('core', core)])
  assert.match(lackIn(shards(1), shards(2)) ?? '', /^fewer nodes: Altinity/)
})

test('of changes, more nodes and other sizes are not refused, what would lose data is', () => {
  const [core] = kafkaSpec.groups
  const changed = (more: Partial<typeof core>) => productSpec('kafka', [{ ...core!, ...more }])
  assert.equal(lackIn(productSpec('kafka', [roleGroup('core', 3)]), kafkaSpec), undefined)
  assert.equal(lackIn(changed({ cpu: 8 }), kafkaSpec), undefined)
  assert.match(
    lackIn(productSpec('kafka', [roleGroup('core', 1)]), kafkaSpec) ?? '',
    /^fewer than 3 brokers/,
  )
  assert.match(lackIn(changed({ zone: 'z' }), kafkaSpec) ?? '', /^another zone/)
  const disk = core!.disks[0]!
  const withDisks = (...disks: readonly Disk[]) => lackIn(changed({ disks }), kafkaSpec) ?? 'none'
  assert.equal(withDisks({ ...disk, sizeGib: 200 }), 'none')
  assert.equal(withDisks(disk, disk), 'none')
  assert.match(withDisks({ ...disk, sizeGib: 50 }), /^smaller disks/)
  assert.match(withDisks({ ...disk, type: 'CLOUD_BSSD' }), /^other disks/)
  const two = productSpec('kafka', [{ ...core!, disks: [disk, disk] }])
  assert.match(lackIn(kafkaSpec, two) ?? '', /^fewer disks/)
  const controlled = productSpec('kafka', [roleGroup('core', 2), roleGroup('common', 3)])
  assert.match(lackIn(kafkaSpec, controlled) ?? '', /^removing a group/)
})
