/** Legal requests about jobs; EMR-ID stands for the cluster. */
import { ask, type Caller } from './tencent-client.ts'

export const jobRequests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  DescribeJobFlow: { JobFlowId: 1 },
  RunJobFlow: {
    Name: 'job-name',
    CreateCluster: false,
    Steps: [
      {
        Name: 'step1',
        ExecutionStep: { JobType: 'MR', Args: ['app.jar'] },
        ActionOnFailure: 'CONTINUE',
        User: 'hadoop',
      },
    ],
    InstancePolicy: 'Reserve',
    InstanceId: 'EMR-ID',
  },
}

/** The number of a flow that is there. */
export async function prepareJob(
  caller: Caller,
  action: string,
  id: string,
): Promise<Record<string, unknown>> {
  if (action !== 'DescribeJobFlow') return {}
  const request = { ...jobRequests['RunJobFlow'], InstanceId: id }
  const { response } = await ask(caller, 'RunJobFlow', request)
  return { JobFlowId: response['JobFlowId'] }
}
