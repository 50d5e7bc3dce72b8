/**
 * What is applied of an instance, as whole texts under `golden/`: a difference shows there. `EMRYS_GOLDEN=write` writes them
 * again; test/kubernetes/starrocks-object.test.ts holds them to a real API server.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ClusterSpec } from '../../../../src/domain/cluster/spec.ts'
import type { NodeGroup } from '../../../../src/domain/cluster/node-group.ts'
import {
  instanceObjects,
  namespaceObject,
  versionOf,
  type Provision,
  type SetSpec,
} from '../../../../src/substrate/kubernetes/starrocks/objects.ts'
import type { KubernetesObject } from '../../../../src/substrate/kubernetes/resource.ts'
import {
  dataDisk,
  instanceSpec,
  partGroup,
  sampleInstallation,
  sampleProvision,
} from '../../../support/fixture/starrocks-instance.ts'

const SECRET = 'Secret-word-1'

const templates: Readonly<Record<string, string>> = { fe: '{"cpu":8}', be: '{"cpu":16}' }

/** Of the groups that the operator has no place for. */
const SETS: Readonly<Record<string, string>> = { more: 'sr-be-g1' }

function wishOf({ id, role, nodes }: NodeGroup): SetSpec {
  return { set: SETS[id] ?? `sr-${role}`, replicas: nodes.length, template: templates[role] ?? '' }
}

const volume = {
  endpoint: 'https://store.example:9000',
  region: 'r-1',
  location: 's3://data/sr/c-1',
  keyId: 'id',
  key: 'store-key',
}
const isShared = ({ groups }: ClusterSpec) => groups.some(({ role }) => role === 'cn')

function objectsOf(
  spec: ClusterSpec,
  provision: Provision = sampleProvision,
): readonly KubernetesObject[] {
  const it = {
    installation: sampleInstallation,
    provision,
    id: 'c-1',
    namespace: 'emrys-c-1',
    name: 'sample instance',
    spec,
    passwords: { password: SECRET },
    ...(isShared(spec) && { volume }),
    sets: new Map(spec.groups.map((group) => [group.id, wishOf(group)])),
    generation: spec.generation,
  }
  return [namespaceObject(it), ...instanceObjects(it)]
}

const small = instanceSpec([
  partGroup('fe', 1, { disks: [dataDisk({ sizeGib: 50, level: 'pl0' })] }),
  partGroup('be', 3, { cpu: 16, memoryMib: 65_536, disks: [dataDisk({ count: 2 })] }),
])
const large = instanceSpec([
  partGroup('fe', 3),
  partGroup('cn', 2, { zone: 'zone-elsewhere', disks: [] }),
])

const several = instanceSpec([
  partGroup('fe', 1),
  partGroup('be', 1),
  // As the API server writes quantities.
  partGroup('be', 2, { id: 'more', cpu: 4, memoryMib: 16_380 }),
  partGroup('observer', 2, { memoryMib: 16_380 }),
])

const samples = { 'shared-nothing': small, 'shared-data': large, 'several-groups': several }
for (const [name, spec] of Object.entries(samples))
  test(`the objects of an instance, ${name}`, () => {
    const path = join(import.meta.dirname, 'golden', `${name}.json`)
    const objects = objectsOf(spec)
    if (process.env['EMRYS_GOLDEN'] === 'write')
      writeFileSync(path, `${JSON.stringify(objects, null, 2)}\n`)
    // As they are sent: what is undefined is not.
    const sent = JSON.parse(JSON.stringify(objects)) as unknown
    assert.deepEqual(sent, JSON.parse(readFileSync(path, 'utf8')))
  })

test('encrypted disks have classes of their own, and pods of a subnet run on its machines', () => {
  const subnet = small.groups[0]!.subnet
  const objects = objectsOf(
    { ...several, encryption: { key: 'key-1' } },
    {
      ...sampleProvision,
      encryptedStorageClasses: { '*': 'sealed' },
      subnets: { [subnet]: { 'example.com/network': 'blue' } },
    },
  )
  const text = JSON.stringify(objects)
  const classes = [...text.matchAll(/"storageClassName":"([^"]+)"/g)].map(([, name]) => name)
  assert.ok(classes.length >= several.groups.length)
  assert.deepEqual([...new Set(classes)], ['sealed'])
  const places = [...text.matchAll(/"nodeSelector":(\{[^}]*\})/g)].map(([, labels]) => labels)
  assert.equal(places.length, several.groups.length)
  for (const labels of places) assert.match(labels ?? '', /"example\.com\/network":"blue"/)
})

test('disks that stay on their machine have the class of that type of machines', () => {
  const local = { machine: 'localSSD', disks: [dataDisk({ level: '', count: 2 })] }
  const spec = instanceSpec([partGroup('fe', 1), partGroup('be', 1, local)])
  const storageClasses = { '*': 'any', localSSD: 'nvme' }
  const text = JSON.stringify(objectsOf(spec, { ...sampleProvision, storageClasses }))
  const classes = [...text.matchAll(/"storageClassName":"([^"]+)"/g)].map(([, name]) => name)
  assert.deepEqual(classes, ['any', 'nvme', 'nvme'])
})

test('the password stands in one Secret and nowhere else', () => {
  const objects = objectsOf(small)
  const encoded = Buffer.from(SECRET).toString('base64')
  const holding = objects.filter((each) => {
    const text = JSON.stringify(each)
    return text.includes(SECRET) || text.includes(encoded)
  })
  assert.deepEqual(
    holding.map(({ kind }) => kind),
    ['Secret'],
  )
})

test('another configuration is another object, and the same one is the same', () => {
  const named = (spec: ClusterSpec) =>
    objectsOf(spec)
      .filter(({ kind }) => kind === 'ConfigMap')
      .map(({ metadata }) => metadata.name)
  assert.deepEqual(named(small), named({ ...small, generation: 7 }))
  const [fe, be] = [partGroup('fe', 1), partGroup('be', 3)]
  const [first, worker] = named(instanceSpec([fe, be]))
  const [second, same] = named(instanceSpec([{ ...fe, memoryMib: 65_536 }, be]))
  assert.notEqual(first, second)
  assert.equal(worker, same)
})

test('a group has one version: the older one as long as a change holds all of its nodes back', () => {
  const spec = instanceSpec()
  const [fe, be] = spec.groups
  const held = (all: boolean) => ({
    ...be!,
    nodes: be!.nodes.map((node, at) => (all || at > 0 ? { ...node, version: '3.2.11' } : node)),
  })
  assert.equal(versionOf(spec, fe!), '3.3.13-1.87-1.6.4')
  assert.equal(versionOf(spec, held(true)), '3.2.11')
  assert.equal(versionOf(spec, held(false)), '3.3.13-1.87-1.6.4')
})
