/** Brokers of an EMR cluster come and go under a client that writes: nothing acknowledged is lost, and what cannot go is refused. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { kafka } from '../../engines/kafka/service.ts'
import { metadataAt } from '../../engines/kafka/src/protocol.ts'
import { machineIdOf } from '../../src/dialect/tencent/emr/identifier.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { DaemonPlan } from '../../src/substrate/local/service.ts'
import {
  addressesOf,
  call,
  daemonsOf,
  emrCloud,
  emrDirectory,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { kafkaClient } from '../support/engine/kafka-client.ts'
import { skipWithout } from '../support/engine/module.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { keptOf } from '../support/fixture/instance-shape.ts'
import {
  ask,
  machine,
  sampleCreateRequest,
  scaleOutRequest,
} from '../support/http/tencent-client.ts'

const skip = skipWithout('kafka') || skipWithout('zookeeper')

const PORT = 9092

test(
  'brokers come and go under a producer: no record that was acknowledged is lost',
  { skip, timeout: 1_800_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const cloud = await emrCloud(t, dataDir)
    const client = kafkaClient(t)
    const startedMs = performance.now()
    const tell = (what: string) =>
      t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${what}`)
    const { InstanceId } = await call(cloud, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 50,
        Software: ['kafka-2.4.1', 'zookeeper-3.6.3'],
        ResourceSpec: { CoreResourceSpec: machine(4, 8), CoreCount: 3 },
      }),
    })
    const id = String(InstanceId)
    const three = await untilState(cloud, id, 'running')
    const hosts = addressesOf(three, 'core')
    const servers = hosts.slice(0, 2).map((host) => `${host}:${PORT}`)
    const bootstrap = servers.join(',')
    tell('running')
    await client('create', bootstrap, 'wide', '6', '2').finish()
    await client('create', bootstrap, 'single', '3', '1').finish()
    const writers = ['wide', 'single'].map((topic) => client('produce', bootstrap, topic))
    await Promise.all(writers.map((each) => each.reached(100)))
    // A group's progress lies in partitions of a topic of the brokers' own.
    const read = await client('group', bootstrap, 'wide', '100').finish()
    assert.ok(read.length >= 100)
    tell('written and read')

    const going = hosts[2] ?? ''
    const all = await metadataAt({ host: hosts[0] ?? '', port: PORT })
    const before = all.partitions
    await takeAway(cloud, three, [going])
    const two = await untilState(cloud, id, 'running')
    tell('a broker has gone')
    const { operations } = await keptOf(cloud.store, id)
    assert.deepEqual(
      [operations.at(-1)?.status, operations.at(-1)?.detail],
      ['completed', undefined],
    )
    const left = addressesOf(two, 'core')
    assert.deepEqual(left, hosts.slice(0, 2))
    const brokers = new Set((await metadataAt({ host: left[0] ?? '', port: PORT })).brokers)
    assert.equal(brokers.size, 2)
    const [gone = 0] = all.brokers.filter((each) => !brokers.has(each))
    const held = before.filter(({ replicas }) => replicas.includes(gone))
    assert.ok(held.some(({ topic }) => topic === 'wide') && held.length > 1)
    const { partitions: now } = await metadataAt({ host: left[0] ?? '', port: PORT })
    assert.equal(now.length, before.length)
    for (const { topic, replicas } of now) {
      assert.ok(replicas.every((each) => brokers.has(each)))
      assert.equal(replicas.length, topic === 'wide' ? 2 : 1, topic)
    }
    await Promise.all(writers.map((each) => each.reached(each.lines.length + 100)))

    await refusals(cloud, two)

    await call(cloud, 'ScaleOutInstance', { ...scaleOutRequest, InstanceId: id, CoreCount: 1 })
    const again = await untilState(cloud, id, 'running')
    tell('a broker has come')
    await client('create', bootstrap, 'widest', '3', '3').finish()
    const [added = ''] = addressesOf(again, 'core').filter((each) => !left.includes(each))
    const alone = client('produce', `${added}:${PORT}`, 'widest')
    await alone.reached(10)

    for (const [at, topic] of ['wide', 'single'].entries()) {
      const written = await (writers[at] as (typeof writers)[0]).finish()
      const found = new Set(await client('consume', bootstrap, topic).finish())
      assert.deepEqual(
        written.filter((each) => !found.has(each)),
        [],
      )
      tell(`${written.length} records of ${topic} were acknowledged, and are there`)
    }
    await alone.finish()

    const [, , third = ''] = addressesOf(again, 'core')
    const few = await ask({ port: cloud.port }, 'TerminateClusterNodes', terminate(again, [third]))
    assert.match(few.message, /2 brokers cannot keep the 3 copies/)
    assert.match(
      (await drained(dataDir, again)) ?? '',
      /^2 brokers cannot keep all copies of the topic widest$/,
    )

    await call(cloud, 'TerminateInstance', { InstanceId: id })
    await untilState(cloud, id, 'deleted')
    assert.deepEqual(daemonsOf(dataDir), [])
  },
)

/** What the last broker answers that is to go when such a topic has come after the refusal could have been. */
async function drained(dataDir: string, { id, spec }: Cluster): Promise<string | undefined> {
  const node = spec.groups.find(({ role }) => role === 'core')?.nodes.at(-1)?.id ?? ''
  const file = join(dataDir, 'local', id, 'kafka-broker', node, 'plan.json')
  const plan = JSON.parse(readFileSync(file, 'utf8')) as DaemonPlan
  const peers = plan.peers.map((peer) =>
    peer.node === node ? { ...peer, leaving: true as const } : peer,
  )
  const broker = kafka.daemons.find(({ name }) => name === 'kafka-broker')
  return broker?.drain?.({ ...plan, peers })
}

function terminate({ id, status }: Cluster, hosts: readonly string[]): object {
  const nodes = hosts.map(
    (host) => Object.entries(status.nodes).find(([, { address }]) => address === host)?.[0] ?? '',
  )
  return { InstanceId: id, CvmInstanceIds: nodes.map(machineIdOf), NodeFlag: 'CORE' }
}

async function takeAway(cloud: Cloud, cluster: Cluster, hosts: readonly string[]): Promise<void> {
  await call(cloud, 'TerminateClusterNodes', terminate(cluster, hosts))
}

/** Before anything is recorded. */
async function refusals(cloud: Cloud, cluster: Cluster): Promise<void> {
  const [first = '', second = ''] = addressesOf(cluster, 'core')
  const few = await ask({ port: cloud.port }, 'TerminateClusterNodes', terminate(cluster, [second]))
  assert.match(few.message, /1 brokers cannot keep the 2 copies/)
  const kept = await ask({ port: cloud.port }, 'TerminateClusterNodes', terminate(cluster, [first]))
  assert.match(kept.message, /keeps what the cluster knows of itself/)
}
