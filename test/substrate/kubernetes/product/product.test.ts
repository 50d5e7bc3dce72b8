/**
 * What is applied of clusters that operators run, as whole texts under `golden/`: a difference shows there. `EMRYS_GOLDEN=write` writes them
 * again; test/kubernetes/product.test.ts holds them to a real API server.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ClusterSpec } from '../../../../src/domain/cluster/spec.ts'
import { clusterObjects } from '../../../../src/substrate/kubernetes/product/driver.ts'
import { doris } from '../../../../src/substrate/kubernetes/product/doris.ts'
import { seenOf } from '../../../../src/substrate/kubernetes/product/observe.ts'
import { kafka } from '../../../../src/substrate/kubernetes/product/kafka.ts'
import { products } from '../../../../src/substrate/kubernetes/product/products.ts'
import { nextNote } from '../../../../src/substrate/kubernetes/product/note.ts'
import { productProvision, productSamples } from '../../../support/fixture/product-cluster.ts'
import { sampleInstallation } from '../../../support/fixture/starrocks-instance.ts'

const SECRET = 'Secret-word-1'

function objectsOf(name: string, password = SECRET) {
  const spec = productSamples[name]!
  const product = products.find(({ family }) => family === spec.software.family)!
  const note = nextNote({ id: 'c-1', spec, product, remark: undefined, was: undefined, nowMs: 0 })
  const wanted = { id: 'c-1', name: 'sample', spec, reveal: () => password }
  const driver = { installation: sampleInstallation, provision: productProvision }
  return clusterObjects(driver, product, { wanted, namespace: 'emrys-c-1', note })
}

for (const name of Object.keys(productSamples))
  test(`the objects of ${name}`, () => {
    const path = join(import.meta.dirname, 'golden', `${name}.json`)
    const objects = objectsOf(name)
    if (process.env['EMRYS_GOLDEN'] === 'write')
      writeFileSync(path, `${JSON.stringify(objects, null, 2)}\n`)
    // As they are sent: what is undefined is not.
    const sent = JSON.parse(JSON.stringify(objects)) as unknown
    assert.deepEqual(sent, JSON.parse(readFileSync(path, 'utf8')))
    assert.ok(!JSON.stringify(objects).includes(SECRET), 'a password is in none of them')
  })

test("front ends of Doris are configured with the digest that MySQL has of root's password", () => {
  const secret = objectsOf('doris', '123456').find(({ kind }) => kind === 'Secret')
  assert.ok(secret)
  const { digest } = secret['data'] as { readonly digest: string }
  assert.equal(
    Buffer.from(digest, 'base64').toString(),
    '*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9',
  )
})

test('a cluster that has settings to be applied does not answer before', () => {
  const spec = productSamples['doris']!
  const note = nextNote({
    id: 'c',
    spec,
    product: doris,
    remark: undefined,
    was: undefined,
    nowMs: 0,
  })
  const pods = note.groups.flatMap(({ template, nodes }) =>
    nodes.map(({ pod }) => ({
      metadata: {
        name: pod,
        annotations: { 'emrys.dev/template': template, 'emrys.dev/restarts': '0' },
      },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    })),
  )
  const available = { componentCondition: { phase: 'available' } }
  const resource = {
    kind: 'DorisCluster',
    metadata: { name: 'emr', annotations: { 'emrys.dev/generation': '3' } },
    status: { feStatus: available, beStatus: available },
  }
  const seen = (sealed: boolean) =>
    seenOf(
      doris,
      {
        namespace: { metadata: { name: 'emrys-c' } },
        removing: false,
        note,
        sealed,
        service: undefined,
        resources: [resource],
        pods: new Map(pods.map((pod) => [pod.metadata.name, pod])),
        claims: new Map(),
      },
      { nowMs: 1 },
    )
  assert.deepEqual([seen(true).answering, seen(true).generation], [true, 3])
  assert.deepEqual([seen(false).answering, seen(false).generation], [false, 0])
})

test('pods are replaced for other settings, and not for larger disks', () => {
  const spec = productSamples['kafka-controlled']!
  const templates = (of: ClusterSpec) =>
    nextNote({
      id: 'c-1',
      spec: of,
      product: kafka,
      remark: undefined,
      was: undefined,
      nowMs: 0,
    }).groups.map(({ template }) => template)
  const groups = spec.groups.map((group) => ({
    ...group,
    disks: group.disks.map((disk) => ({ ...disk, sizeGib: 500 })),
  }))
  assert.deepEqual(templates({ ...spec, groups }), templates(spec))
  for (const [at, template] of templates({ ...spec, configuration: [] }).entries())
    assert.notEqual(template, templates(spec)[at])
})

test('a cluster that grows names the pods of its other nodes as before', () => {
  const spec = productSamples['kafka-controlled']!
  const [core, ...others] = spec.groups
  const more = { ...core!, nodes: [...core!.nodes, { ...core!.nodes[0]!, id: 'new', index: 9 }] }
  const grown = { ...spec, groups: [more, ...others] }
  for (const group of others) assert.deepEqual(kafka.pods(grown, group), kafka.pods(spec, group))
  assert.deepEqual(kafka.pods(grown, more).slice(0, 3), kafka.pods(spec, core!))
})
