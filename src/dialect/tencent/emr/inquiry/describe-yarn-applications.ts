/**
 * DescribeYarnApplications: the applications of YARN in a time of at most a day. Where none of it runs, the cloud answers with an empty list
 * (reference: api.json, appendix B).
 */
import { decimal, integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkDay, offsetWindow } from './window.ts'

const row = object({
  Id: text(),
  User: text(),
  Name: text(),
  Queue: text(),
  ApplicationType: text(),
  ElapsedTime: text(),
  State: text(),
  FinalStatus: text(),
  Progress: integer(),
  StartedTime: integer(),
  FinishedTime: integer(),
  AllocatedMB: integer(),
  AllocatedVCores: integer(),
  RunningContainers: integer(),
  MemorySeconds: integer(),
  VCoreSeconds: integer(),
  QueueUsagePercentage: decimal(),
  ClusterUsagePercentage: decimal(),
  PreemptedResourceMB: integer(),
  PreemptedResourceVCores: integer(),
  NumNonAMContainerPreempted: integer(),
  NumAMContainerPreempted: integer(),
  MapsTotal: integer(),
  MapsCompleted: integer(),
  ReducesTotal: integer(),
  ReducesCompleted: integer(),
  AvgMapTime: integer(),
  AvgReduceTime: integer(),
  AvgShuffleTime: integer(),
  AvgMergeTime: integer(),
  FailedReduceAttempts: integer(),
  KilledReduceAttempts: integer(),
  SuccessfulReduceAttempts: integer(),
  FailedMapAttempts: integer(),
  KilledMapAttempts: integer(),
  SuccessfulMapAttempts: integer(),
  GcTimeMillis: integer(),
  VCoreMillisMaps: integer(),
  MbMillisMaps: integer(),
  VCoreMillisReduces: integer(),
  MbMillisReduces: integer(),
  TotalLaunchedMaps: integer(),
  TotalLaunchedReduces: integer(),
  MapInputRecords: integer(),
  MapOutputRecords: integer(),
  ReduceInputRecords: integer(),
  ReduceOutputRecords: integer(),
  HDFSBytesWritten: integer(),
  HDFSBytesRead: integer(),
})

export const describeYarnApplications = action({
  name: 'DescribeYarnApplications',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    ...offsetWindow,
  },
  output: { Total: integer(), Results: list(row) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkDay(asked, 'InvalidParameter.ImpalaQueryException')
    await core.clusters.get(call, asked.InstanceId)
    return { Total: 0, Results: [] }
  },
})
