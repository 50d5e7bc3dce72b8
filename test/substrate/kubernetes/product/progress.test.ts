/** What operators' status means: by Strimzi's conditions and by the tasks of Altinity's operator, neither of which is believed about another generation. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clickhouse } from '../../../../src/substrate/kubernetes/product/clickhouse.ts'
import { doris } from '../../../../src/substrate/kubernetes/product/doris.ts'
import { zookeeper } from '../../../../src/substrate/kubernetes/product/zookeeper.ts'
import { kafka } from '../../../../src/substrate/kubernetes/product/kafka.ts'
import { nextNote } from '../../../../src/substrate/kubernetes/product/note.ts'
import { seenOf, type ClusterLook } from '../../../../src/substrate/kubernetes/product/observe.ts'
import type { KubernetesObject } from '../../../../src/substrate/kubernetes/resource.ts'
import { productSamples } from '../../../support/fixture/product-cluster.ts'

function resource(kind: string, status: object): KubernetesObject {
  const annotations = { 'emrys.dev/generation': '3' }
  return { kind, metadata: { name: 'emr', generation: 7, annotations }, status }
}

const ready = { type: 'Ready', status: 'True' }

test('a Kafka is done when it is ready in the generation that it has', () => {
  const of = (status: object) => kafka.progress(resource('Kafka', status), 3)
  assert.equal(of({ observedGeneration: 7, conditions: [ready] }), 'settled')
  assert.equal(of({ observedGeneration: 6, conditions: [ready] }), 'under-way')
  assert.equal(of({ observedGeneration: 7, conditions: [] }), 'under-way')
  assert.equal(of({}), 'under-way')
  const failed = (reason: string) => ({
    observedGeneration: 7,
    conditions: [{ type: 'NotReady', status: 'True', reason, message: 'no such version' }],
  })
  assert.equal(of(failed('Creating')), 'under-way')
  assert.deepEqual(of(failed('UnsupportedKafkaVersionException')), { refused: 'no such version' })
  const moving = { observedGeneration: 7, conditions: [ready] }
  assert.equal(of({ ...moving, autoRebalance: { state: 'RebalanceOnScaleDown' } }), 'under-way')
  const reason = 'ScaleDownPreventionCheck'
  const kept = { type: 'Warning', status: 'True', reason, message: 'they have partitions' }
  assert.deepEqual(of({ ...moving, conditions: [kept, ready] }), {
    refused: 'they have partitions',
  })
  const pool = (status: object) =>
    kafka.progress({ ...resource('KafkaNodePool', status), spec: { replicas: 2 } }, 3)
  assert.equal(pool({ observedGeneration: 7, replicas: 2 }), 'settled')
  assert.equal(pool({ observedGeneration: 7, replicas: 3 }), 'under-way')
  assert.equal(pool({ observedGeneration: 6, replicas: 2 }), 'under-way')
})

test('ClickHouse is done when the task of this generation is among those that are completed', () => {
  const of = (status: object) => clickhouse.progress(resource('ClickHouseInstallation', status), 3)
  assert.equal(of({ status: 'Completed', taskIDsCompleted: ['emrys-3'] }), 'settled')
  assert.equal(of({ status: 'Completed', taskIDsCompleted: ['emrys-2'] }), 'under-way')
  assert.equal(of({ status: 'InProgress', taskIDsCompleted: ['emrys-3'] }), 'under-way')
  assert.deepEqual(of({ status: 'Aborted', error: 'a set did not come up' }), {
    refused: 'a set did not come up',
  })
})

test('Doris is done when every part of it is available, and says which pod failed', () => {
  const of = (fe: object, be: object) =>
    doris.progress(
      resource('DorisCluster', {
        feStatus: { componentCondition: fe },
        beStatus: { componentCondition: be },
      }),
      3,
    )
  const available = { phase: 'available' }
  assert.equal(of(available, available), 'settled')
  assert.equal(of(available, { phase: 'reconciling' }), 'under-way')
  assert.equal(doris.progress(resource('DorisCluster', {}), 3), 'under-way')
  const failed = { phase: 'haveMemberFailed', message: 'emr-be-0 failed' }
  assert.deepEqual(of(available, failed), { refused: 'emr-be-0 failed' })
})

test("Stackable's clusters are done when they are available and nothing moves", () => {
  const of = (...conditions: readonly object[]) =>
    zookeeper.progress(resource('ZookeeperCluster', { conditions }), 3)
  const condition = (type: string, status: string) => ({ type, status, message: 'why' })
  const available = condition('Available', 'True')
  assert.equal(of(available), 'settled')
  assert.equal(of(available, condition('Progressing', 'True')), 'under-way')
  assert.equal(of(condition('Available', 'False')), 'under-way')
  assert.equal(of(), 'under-way')
  assert.deepEqual(of(available, condition('Degraded', 'True')), { refused: 'why' })
})

test('pods that are ready are not enough: what the operator says of the generation, the pods that are too many and their templates count', () => {
  const spec = productSamples['kafka-small']!
  const note = nextNote({
    id: 'c',
    spec,
    product: kafka,
    remark: undefined,
    was: undefined,
    nowMs: 5,
  })
  const [group] = note.groups
  const podOf = (name: string, template = group!.template): KubernetesObject => ({
    metadata: {
      name,
      annotations: { 'emrys.dev/template': template, 'emrys.dev/restarts': '0' },
    },
    status: { conditions: [ready] },
  })
  const names = group!.nodes.map(({ pod }) => pod)
  const settled = { observedGeneration: 7, conditions: [ready] }
  const look = (status: object, pods: readonly KubernetesObject[]): ClusterLook => ({
    namespace: { metadata: { name: 'emrys-c' } },
    removing: false,
    note,
    resources: [resource('Kafka', status)],
    pods: new Map(pods.map((pod) => [pod.metadata.name, pod])),
    claims: new Map(),
    sealed: true,
    service: undefined,
  })
  const generation = (status: object, pods: readonly KubernetesObject[]) =>
    seenOf(kafka, look(status, pods), { nowMs: 10 }).generation
  const all = names.map((name) => podOf(name))
  assert.equal(generation(settled, all), 3)
  assert.equal(generation({ observedGeneration: 6 }, all), 0)
  assert.equal(generation(settled, [...all, podOf('emr-core-9')]), 0)
  assert.equal(generation(settled, all.slice(1)), 0)
  assert.equal(
    generation(settled, [podOf(names[0]!, group!.template.replace('"cpu":4', '"cpu":1')), all[1]!]),
    0,
  )
  const stuck = {
    observedGeneration: 7,
    conditions: [{ type: 'NotReady', status: 'True', reason: 'x', message: 'why' }],
  }
  const [seen] = seenOf(kafka, look(stuck, all), { nowMs: 10 }).groups
  assert.deepEqual(seen?.problem, {
    kind: 'refused',
    reason: 'Strimzi: why',
    sinceMs: 5,
    persists: false,
  })
})
