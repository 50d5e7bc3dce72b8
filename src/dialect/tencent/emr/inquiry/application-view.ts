/** An application of YARN as its clients read it (reference: api.json, YarnApplication; examples.json). */
import type { Application, JobFigures } from '../../../../domain/inquiry.ts'
import { decimal, integer, object, text, type Static } from '../../../../shape/shape.ts'

export const applicationView = object({
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

type View = Static<typeof applicationView>

/** What runs still; of the time at which it ends nobody knows. */
const NOT_FINISHED = -1

export function viewApplication(it: Application, job: JobFigures | undefined): View {
  const { preempted } = it
  return {
    Id: it.id,
    User: it.user,
    Name: it.name,
    Queue: it.queue,
    ApplicationType: it.type,
    ElapsedTime: elapsedText(it.elapsedMs),
    State: it.state,
    FinalStatus: it.finalState,
    Progress: Math.round(it.progressPercent),
    StartedTime: it.startedMs,
    FinishedTime: it.finishedMs ?? NOT_FINISHED,
    AllocatedMB: it.memoryMib,
    AllocatedVCores: it.cores,
    RunningContainers: it.containers,
    MemorySeconds: it.memoryMibSeconds,
    VCoreSeconds: it.coreSeconds,
    QueueUsagePercentage: it.queuePercent,
    ClusterUsagePercentage: it.clusterPercent,
    PreemptedResourceMB: preempted.memoryMib,
    PreemptedResourceVCores: preempted.cores,
    NumNonAMContainerPreempted: preempted.containers,
    NumAMContainerPreempted: preempted.masterContainers,
    ...viewJob(job ?? NO_JOB),
  }
}

const NO_TASKS = {
  total: 0,
  completed: 0,
  launched: 0,
  averageMs: 0,
  attempts: { failed: 0, killed: 0, successful: 0 },
  inputRecords: 0,
  outputRecords: 0,
  coreMs: 0,
  memoryMibMs: 0,
}

/** By example, what is no job of maps and reduces has 0 for all that such a job has. */
const NO_JOB: JobFigures = {
  maps: NO_TASKS,
  reduces: NO_TASKS,
  averageShuffleMs: 0,
  averageMergeMs: 0,
  collectionMs: 0,
  readBytes: 0,
  writtenBytes: 0,
}

function viewJob({ maps, reduces, ...it }: JobFigures) {
  return {
    MapsTotal: maps.total,
    MapsCompleted: maps.completed,
    ReducesTotal: reduces.total,
    ReducesCompleted: reduces.completed,
    AvgMapTime: maps.averageMs,
    AvgReduceTime: reduces.averageMs,
    AvgShuffleTime: it.averageShuffleMs,
    AvgMergeTime: it.averageMergeMs,
    FailedReduceAttempts: reduces.attempts.failed,
    KilledReduceAttempts: reduces.attempts.killed,
    SuccessfulReduceAttempts: reduces.attempts.successful,
    FailedMapAttempts: maps.attempts.failed,
    KilledMapAttempts: maps.attempts.killed,
    SuccessfulMapAttempts: maps.attempts.successful,
    GcTimeMillis: it.collectionMs,
    VCoreMillisMaps: maps.coreMs,
    MbMillisMaps: maps.memoryMibMs,
    VCoreMillisReduces: reduces.coreMs,
    MbMillisReduces: reduces.memoryMibMs,
    TotalLaunchedMaps: maps.launched,
    TotalLaunchedReduces: reduces.launched,
    MapInputRecords: maps.inputRecords,
    MapOutputRecords: maps.outputRecords,
    ReduceInputRecords: reduces.inputRecords,
    ReduceOutputRecords: reduces.outputRecords,
    HDFSBytesWritten: it.writtenBytes,
    HDFSBytesRead: it.readBytes,
  }
}

/** `12min14s` */
function elapsedText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor(seconds / 60) % 60
  const long = hours > 0 ? `${hours}h` : ''
  return `${long}${hours + minutes > 0 ? `${minutes}min` : ''}${seconds % 60}s`
}
