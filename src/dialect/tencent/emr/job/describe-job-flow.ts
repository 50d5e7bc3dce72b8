/** DescribeJobFlow: how far a flow of jobs has come (reference: tencent-emr.md 4.4, 5.8). */
import type { JobFlow, JobStep } from '../../../../domain/job-flow.ts'
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { invalid } from '../refusal.ts'

const result = object({
  Name: text(),
  ActionOnFailure: text(),
  JobState: text(),
  ApplicationId: text(),
})

const stateOf: { readonly [state in JobFlow['state']]: string } = {
  waiting: 'JobFlowInit',
  applied: 'JobFlowResourceApplied',
  ready: 'JobFlowResourceReady',
  running: 'JobFlowStepsRunning',
  complete: 'JobFlowStepsComplete',
  terminating: 'JobFlowTerminating',
  finished: 'JobFlowFinish',
}

const stepStateOf: { readonly [state in JobStep['state']]: string } = {
  waiting: 'JobFlowStepStatusInit',
  running: 'JobFlowStepStatusRunning',
  succeeded: 'JobFlowStepStatusSucceed',
  failed: 'JobFlowStepStatusFailed',
}

export const describeJobFlow = action({
  name: 'DescribeJobFlow',
  input: { JobFlowId: integer({ min: 0, code: 'InvalidParameter.InvalidJobFlow' }) },
  output: { State: text(), Details: list(result) },
  faults: [],
  listing: true,
  async run(core, call, { JobFlowId: number }) {
    const flow = await core.jobFlows.find(call, number)
    if (!flow) {
      const rule = 'there is no such job flow'
      const code = 'InvalidParameter.InvalidJobFlow'
      throw invalid({ name: 'JobFlowId', code, rule, value: number })
    }
    return {
      State: stateOf[flow.state],
      Details: flow.steps.map(({ name, endsCluster, state, application = '' }) => ({
        Name: name,
        ActionOnFailure: endsCluster ? 'TERMINATE_CLUSTER' : 'CONTINUE',
        JobState: stepStateOf[state],
        // Where nothing runs really, it is no application of YARN.
        ApplicationId: application,
      })),
    }
  },
})
