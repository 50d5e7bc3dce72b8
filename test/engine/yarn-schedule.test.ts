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
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { skipWithout } from '../support/engine/module.ts'
import { basic, half, settings, share } from '../support/fixture/emr-schedule.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'

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

interface FairQueue {
  readonly queueName: string
  readonly schedulingPolicy: string
  readonly maxApps: number
  readonly maxResources: { readonly memory: number; readonly vCores: number }
  readonly childQueues?: { readonly queue: readonly FairQueue[] }
}

async function fairScheduler(master: string) {
  const answer = await fetch(`http://${master}:8088/ws/v1/cluster/scheduler`)
  const { scheduler } = (await answer.json()) as {
    readonly scheduler: {
      readonly schedulerInfo: { readonly type: string; readonly rootQueue: FairQueue }
    }
  }
  return scheduler.schedulerInfo
}

interface YarnApplication {
  readonly id: string
  readonly state: string
  readonly finalStatus: string
  readonly queue: string
}

/** Oldest first. */
async function applicationsOf(master: string): Promise<readonly YarnApplication[]> {
  const answer = await fetch(`http://${master}:8088/ws/v1/cluster/apps`)
  const { apps } = (await answer.json()) as { apps: { app: YarnApplication[] } | null }
  return (apps?.app ?? []).toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

const step = (Name: string, ...args: string[]) => ({
  Name,
  ExecutionStep: { JobType: 'MR', Args: [EXAMPLES, ...args] },
  ActionOnFailure: 'CONTINUE',
})

const EXAMPLES =
  '/usr/local/service/hadoop/share/hadoop/mapreduce/hadoop-mapreduce-examples-2.8.5.jar'

test(
  'queues that are drafted come to the ResourceManager when they are deployed, and not before',
  { skip, timeout: 1_200_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const cloud = await emrCloud(t, dataDir, {
      local: {
        threadsPerCpu: 0.125,
        memoryMibPerCpu: 64,
        advertisedHost: '',
        keepRunning: true,
        clientCode: true,
      },
    })
    const { InstanceId } = await call(cloud, 'CreateInstance', {
      ...sampleCreateRequest({ ProductId: 44, Software: components }),
    })
    const id = String(InstanceId)
    const [master = ''] = addressesOf(await untilState(cloud, id, 'running'), 'master')
    assert.deepEqual(await queuesOf(master), { default: 100 })

    const active = async () => [
      (await call(cloud, 'DescribeGlobalConfig', { InstanceId }))['ActiveScheduler'],
      (await call(cloud, 'DescribeResourceSchedule', { InstanceId }))['Scheduler'],
    ]
    assert.deepEqual(await active(), ['capacity', 'capacity'])
    const edits = {
      InstanceId,
      Scheduler: 'capacity',
      ConfigModifyInfoList: [share('q', 50), half],
    }
    await call(cloud, 'ModifyYarnQueueV2', edits)
    assert.deepEqual(await queuesOf(master), { default: 100 })
    const others = () => daemonsOf(dataDir).filter(({ name }) => name !== 'yarn-resourcemanager')
    const before = others()
    await call(cloud, 'DeployYarnConf', { InstanceId })
    await untilState(cloud, id, 'running')
    assert.deepEqual(await queuesOf(master), { default: 50, q: 50 })
    // Nothing else starts again.
    assert.deepEqual(others(), before)

    const flow = async (...Steps: readonly object[]) => {
      const { JobFlowId } = await call(cloud, 'RunJobFlow', {
        Name: 'flow',
        CreateCluster: false,
        InstanceId,
        InstancePolicy: 'Reserve',
        Steps,
      })
      return JobFlowId
    }
    const outcomesOf = async (JobFlowId: unknown) => {
      await until('the flow is finished', async () => {
        const { State } = await call(cloud, 'DescribeJobFlow', { JobFlowId })
        return State === 'JobFlowFinish'
      })
      const { Details } = await call(cloud, 'DescribeJobFlow', { JobFlowId })
      return (Details as { JobState: string }[]).map(({ JobState }) => JobState)
    }
    const turn = { InstanceId, OldValue: 'capacity', NewValue: 'fair' }
    await call(cloud, 'ModifyResourceScheduler', turn)
    const ConfigModifyInfoList = [
      {
        OpType: 0,
        Name: 'heavy',
        ParentId: 'root',
        ...basic({ schedulingPolicy: 'drf' }),
        ...settings({ weight: '3', maxResources: '{"vcores":2,"memory":1024}' }),
      },
      { OpType: 2, Name: 'below', ParentId: 'root.heavy', ...settings({ maxRunningApps: '1' }) },
    ]
    const fair = { InstanceId, Scheduler: 'fair', ConfigModifyInfoList }
    await call(cloud, 'ModifyYarnQueueV2', fair)
    assert.deepEqual(await active(), ['capacity', 'capacity'])
    // More tasks than there is room for at once: it continues for long after the other scheduler has taken over.
    const long = await flow(step('long', 'pi', '30', '10'))
    await until('the long job runs', async () =>
      (await applicationsOf(master)).some(({ state }) => state === 'RUNNING'),
    )
    const [running] = await applicationsOf(master)
    await call(cloud, 'DeployYarnConf', { InstanceId })
    await untilState(cloud, id, 'running')
    assert.deepEqual(await active(), ['fair', 'fair'])
    const [goingOn] = await applicationsOf(master)
    assert.deepEqual([goingOn?.id, goingOn?.finalStatus], [running?.id, 'UNDEFINED'])
    const { type, rootQueue } = await fairScheduler(master)
    assert.equal(type, 'fairScheduler')
    const queues = rootQueue.childQueues?.queue ?? []
    assert.deepEqual(queues.map(({ queueName }) => queueName).toSorted(), [
      'root.default',
      'root.heavy',
    ])
    const heavy = queues.find(({ queueName }) => queueName === 'root.heavy')
    assert.deepEqual(
      [heavy?.schedulingPolicy, heavy?.maxResources.memory, heavy?.maxResources.vCores],
      ['DRF', 1_024, 2],
    )
    const [below] = heavy?.childQueues?.queue ?? []
    assert.deepEqual([below?.queueName, below?.maxApps], ['root.heavy.below', 1])

    assert.deepEqual(await outcomesOf(long), ['JobFlowStepStatusSucceed'])
    const [over] = await applicationsOf(master)
    assert.deepEqual([over?.id, over?.finalStatus], [running?.id, 'SUCCEEDED'])

    // Jobs go to the queue that they name, or else to the first one.
    const two = await flow(
      step('one', 'pi', '1', '10'),
      step('two', 'pi', '-Dmapreduce.job.queuename=root.heavy.below', '1', '10'),
    )
    const succeeded = 'JobFlowStepStatusSucceed'
    assert.deepEqual(await outcomesOf(two), [succeeded, succeeded])
    const [, ...later] = await applicationsOf(master)
    assert.deepEqual(
      later.map(({ queue }) => queue),
      ['root.default', 'root.heavy.below'],
    )

    // Back again, with the queues that the capacity scheduler had.
    await call(cloud, 'ModifyResourceScheduler', {
      ...turn,
      OldValue: 'fair',
      NewValue: 'capacity',
    })
    await call(cloud, 'DeployYarnConf', { InstanceId })
    await untilState(cloud, id, 'running')
    assert.deepEqual(await queuesOf(master), { default: 50, q: 50 })

    await call(cloud, 'TerminateInstance', { InstanceId })
    await untilState(cloud, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
  },
)
