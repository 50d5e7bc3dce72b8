/** Kafka of an EMR cluster, real: records that its clients produce are there after every broker was killed, and brokers can be added. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import {
  call,
  daemonsOf,
  documentOf,
  emrCloud,
  emrDirectory,
  javaOf,
  kill,
  listenersOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { cachedSet, skipWithout } from '../support/engine/module.ts'
import { machine, sampleCreateRequest, scaleOutRequest } from '../support/http/tencent-client.ts'

const skip = skipWithout('kafka') || skipWithout('zookeeper')

/** Kafka's own commands. */
async function tool(main: string, args: readonly string[], input = ''): Promise<string> {
  const java = ['-Xmx128m', '-cp', `${cachedSet('kafka')}/*`, main, ...args]
  const running = promisify(execFile)(javaOf(), java, { timeout: 180_000 })
  running.child.stdin?.end(input)
  return (await running).stdout
}

test(
  'a Kafka cluster keeps records through the death of its brokers, and takes another broker in',
  { skip, timeout: 1_200_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const cloud = await emrCloud(t, dataDir)
    const { InstanceId } = await call(cloud, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 50,
        Software: ['kafka-2.4.1', 'zookeeper-3.6.3'],
        ResourceSpec: { CoreResourceSpec: machine(4, 8), CoreCount: 1 },
      }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(cloud, id, 'running')
    assert.match(cluster.status.reason, /^kafka-2\.4\.1 runs as 4\.1\.1;/)
    const found = cluster.status.endpoints?.find(({ name }) => name === 'kafka')
    const [host, port] = [found?.host ?? '', found?.port ?? 0]
    const server = ['--bootstrap-server', `${host}:${port}`]
    const daemons = daemonsOf(dataDir)
    assert.deepEqual(daemons.map(({ name }) => name).toSorted(), ['kafka-broker', 'zookeeper'])
    assert.deepEqual([...new Set(listenersOf(daemons))], [host])

    const topic = ['--create', '--topic', 'kept', '--partitions', '2']
    await tool('org.apache.kafka.tools.TopicCommand', [...server, ...topic])
    const producer = 'org.apache.kafka.tools.ConsoleProducer'
    await tool(producer, [...server, '--topic', 'kept'], 'one\ntwo\nthree\n')
    const consumed = async () => {
      const more = ['--topic', 'kept', '--from-beginning', '--max-messages', '3']
      const read = ['--timeout-ms', '60000']
      const text = await tool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
        ...server,
        ...more,
        ...read,
      ])
      return text.trim().split('\n').toSorted()
    }
    assert.deepEqual(await consumed(), ['one', 'three', 'two'])

    for (const { pid } of daemons) kill(pid)
    await until('it is back', async () => {
      const { status } = await documentOf(cloud, id)
      return status.state === 'running' && (status.incidents ?? []).length >= 2
    })
    assert.deepEqual(await consumed(), ['one', 'three', 'two'])

    const before = daemonsOf(dataDir)
    await call(cloud, 'ScaleOutInstance', { ...scaleOutRequest, InstanceId: id, CoreCount: 1 })
    await untilState(cloud, id, 'running')
    const now = daemonsOf(dataDir)
    assert.deepEqual(
      [now.length, before.every(({ pid }) => now.some((each) => each.pid === pid))],
      [3, true],
    )
    const spread = ['--create', '--topic', 'spread', '--replication-factor', '2']
    await tool('org.apache.kafka.tools.TopicCommand', [...server, ...spread])

    await call(cloud, 'TerminateInstance', { InstanceId: id })
    await untilState(cloud, id, 'deleted')
    assert.deepEqual(daemonsOf(dataDir), [])
    assert.equal(existsSync(join(dataDir, 'local', id)), false)
  },
)
