/** Legal requests about the resource schedule of YARN; EMR-ID stands for the cluster. */
import { ask, type Caller } from './tencent-client.ts'

const InstanceId = 'EMR-ID'
const queue = { OpType: 0, Name: 'q', ParentId: 'root', MyId: '', BasicParams: { Items: [] } }

export const scheduleRequests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  DeployYarnConf: { InstanceId },
  DescribeGlobalConfig: { InstanceId },
  DescribeResourceSchedule: { InstanceId },
  DescribeResourceScheduleDiffDetail: { InstanceId, Scheduler: 'fair' },
  DescribeYarnQueue: { InstanceId, Scheduler: 'capacity' },
  DescribeYarnScheduleHistory: { InstanceId, Limit: 10, Offset: 0, TaskState: -99 },
  ModifyGlobalConfig: { InstanceId, Items: [{ Key: 'enableResourceSchedule', Value: 'true' }] },
  ModifyResourcePools: { InstanceId, Key: 'capacity' },
  ModifyResourceScheduleConfig: {
    InstanceId,
    Key: 'fair',
    Value: '{"queue":{"name":"root","queues":[{"name":"default"}]}}',
  },
  ModifyResourceScheduler: { InstanceId, OldValue: 'capacity', NewValue: 'fair' },
  ModifyYarnDeploy: { InstanceId, NewScheduler: 'capacity' },
  ModifyYarnQueueV2: { InstanceId, Scheduler: 'fair', ConfigModifyInfoList: [queue] },
  ResetYarnConfig: { InstanceId },
}

const DEPLOYS = ['DeployYarnConf', 'ModifyResourcePools', 'ModifyYarnDeploy']

/** Something waits for a deployment. */
export async function prepareSchedule(caller: Caller, action: string, id: string): Promise<void> {
  if (!DEPLOYS.includes(action)) return
  await ask(caller, 'ModifyYarnQueueV2', {
    ...scheduleRequests['ModifyYarnQueueV2'],
    InstanceId: id,
  })
}
