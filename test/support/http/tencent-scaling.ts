/** Legal requests about specifications and autoscaling; EMR-ID stands for the cluster. */
import { ask, type Caller } from './tencent-client.ts'

const InstanceId = 'EMR-ID'
const spec = { InstanceId, ResourceConfigId: 1, ResourceType: 'CORE' }

export const scalingRequests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  AddNodeResourceConfig: {
    InstanceId,
    ResourceType: 'CORE',
    ResourceConfig: { InstanceType: 'S5.2XLARGE32' },
    PayMode: 0,
    IsDefault: 'BACKUP',
  },
  AddMetricScaleStrategy: {
    InstanceId,
    StrategyType: 2,
    TimeAutoScaleStrategy: strategyOf('add'),
  },
  DeleteAutoScaleStrategy: { InstanceId, StrategyType: 2, StrategyId: 1 },
  DescribeAutoScaleGroupGlobalConf: { InstanceId },
  DescribeAutoScaleRecords: { InstanceId, Limit: 10, Offset: 0 },
  DescribeAutoScaleStrategies: { InstanceId, GroupId: 0 },
  ModifyAutoScaleStrategy: {
    InstanceId,
    StrategyType: 2,
    TimeAutoScaleStrategies: [{ ...strategyOf('add'), StrategyId: 1 }],
  },
  DeleteNodeResourceConfig: spec,
  DescribeNodeResourceConfigFast: { InstanceId, ResourceType: 'ALL', PayMode: 0 },
  SetNodeResourceConfigDefault: spec,
}

/** Whose time is the last that the clock of a client could come to. */
function strategyOf(StrategyName: string) {
  return {
    StrategyName,
    IntervalTime: 300,
    ScaleAction: 2,
    ScaleNum: 1,
    StrategyStatus: 1,
    Priority: 1,
    RetryValidTime: 60,
    RepeatStrategy: {
      RepeatType: 'NONE',
      NotRepeat: { ExecuteAt: '2999-11-05 14:43:00' },
      Expire: '2999-11-05 23:59:59',
    },
  }
}

/** A strategy that is there. */
async function prepareStrategy(caller: Caller, id: string): Promise<number> {
  const add = { ...scalingRequests['AddMetricScaleStrategy'], InstanceId: id }
  await ask(caller, 'AddMetricScaleStrategy', add)
  const { response } = await ask(caller, 'DescribeAutoScaleStrategies', { InstanceId: id })
  const [first] = response['TimeBasedAutoScaleStrategies'] as { StrategyId: number }[]
  return first?.StrategyId ?? 0
}

/** Members that name what the cluster really has. */
export async function prepareScaling(
  caller: Caller,
  action: string,
  id: string,
): Promise<Record<string, unknown>> {
  if (action === 'DeleteAutoScaleStrategy') return { StrategyId: await prepareStrategy(caller, id) }
  if (action === 'ModifyAutoScaleStrategy') {
    const StrategyId = await prepareStrategy(caller, id)
    return { TimeAutoScaleStrategies: [{ ...strategyOf('add'), StrategyId }] }
  }
  if (action !== 'DeleteNodeResourceConfig' && action !== 'SetNodeResourceConfigDefault') return {}
  const request = { InstanceId: id, ResourceType: 'CORE', PayMode: 0 }
  const { response } = await ask(caller, 'DescribeNodeResourceConfigFast', request)
  const [role] = response['Data'] as { ResourceData: { ResourceConfigId: number }[] }[]
  return { ResourceConfigId: role?.ResourceData[0]?.ResourceConfigId }
}
