/** The resource schedule of YARN, real: queues that are drafted by the cloud's API are the ResourceManager's once they are deployed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addressesOf,
  call,
  daemonsOf,
  emrCloud,
  emrDirectory,
  processesOf,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { skipWithout } from '../support/engine/module.ts'
import { half, share } from '../support/fixture/emr-schedule.ts'
import { ask, sampleCreateRequest } from '../support/http/tencent-client.ts'

const skip = ['hadoop', 'zookeeper', 'openldap'].map(skipWithout).find(Boolean) ?? false

const components = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']

/** Each queue of the root with its share, by the ResourceManager's account. */
async function queuesOf(master: string): Promise<Readonly<Record<string, number>>> {
  const answer = await fetch(`http://${master}:8088/ws/v1/cluster/scheduler`)
  const { scheduler } = (await answer.json()) as {
    readonly scheduler: {
      readonly schedulerInfo: {
        readonly queues: { readonly queue: readonly { queueName: string; capacity: number }[] }
      }
    }
  }
  const { queue } = scheduler.schedulerInfo.queues
  return Object.fromEntries(queue.map(({ queueName, capacity }) => [queueName, capacity]))
}

test(
  'queues that are drafted come to the ResourceManager when they are deployed, and not before',
  { skip, timeout: 1_200_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const cloud = await emrCloud(t, dataDir)
    const { InstanceId } = await call(cloud, 'CreateInstance', {
      ...sampleCreateRequest({ ProductId: 44, Software: components }),
    })
    const id = String(InstanceId)
    const [master = ''] = addressesOf(await untilState(cloud, id, 'running'), 'master')
    assert.deepEqual(await queuesOf(master), { default: 100 })

    const turn = { InstanceId, OldValue: 'fair', NewValue: 'capacity' }
    await call(cloud, 'ModifyResourceScheduler', turn)
    const edits = {
      InstanceId,
      Scheduler: 'capacity',
      ConfigModifyInfoList: [share('q', 50), half],
    }
    await call(cloud, 'ModifyYarnQueueV2', edits)
    assert.deepEqual(await queuesOf(master), { default: 100 })
    const cores = daemonsOf(dataDir).filter(({ name }) => name === 'yarn-nodemanager')
    await call(cloud, 'DeployYarnConf', { InstanceId })
    await untilState(cloud, id, 'running')
    assert.deepEqual(await queuesOf(master), { default: 50, q: 50 })
    // Only the masters start anew.
    const now = daemonsOf(dataDir).filter(({ name }) => name === 'yarn-nodemanager')
    assert.deepEqual(now, cores)
    const { ActiveScheduler } = await call(cloud, 'DescribeGlobalConfig', { InstanceId })
    assert.equal(ActiveScheduler, 'capacity')

    // The other scheduler does not run here.
    await call(cloud, 'ModifyResourceScheduler', {
      ...turn,
      OldValue: 'capacity',
      NewValue: 'fair',
    })
    const refused = await ask({ port: cloud.port }, 'DeployYarnConf', { InstanceId })
    assert.match(refused.message, /scheduler\.class.* always to .*CapacityScheduler/)

    await call(cloud, 'TerminateInstance', { InstanceId })
    await untilState(cloud, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
  },
)
