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
  DeleteNodeResourceConfig: spec,
  DescribeNodeResourceConfigFast: { InstanceId, ResourceType: 'ALL', PayMode: 0 },
  SetNodeResourceConfigDefault: spec,
}

/** Members that name what the cluster really has. */
export async function prepareScaling(
  caller: Caller,
  action: string,
  id: string,
): Promise<Record<string, unknown>> {
  if (action !== 'DeleteNodeResourceConfig' && action !== 'SetNodeResourceConfigDefault') return {}
  const request = { InstanceId: id, ResourceType: 'CORE', PayMode: 0 }
  const { response } = await ask(caller, 'DescribeNodeResourceConfigFast', request)
  const [role] = response['Data'] as { ResourceData: { ResourceConfigId: number }[] }[]
  return { ResourceConfigId: role?.ResourceData[0]?.ResourceConfigId }
}
