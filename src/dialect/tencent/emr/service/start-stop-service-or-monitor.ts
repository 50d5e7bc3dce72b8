/**
 * StartStopServiceOrMonitor: services, or some of their processes on some nodes, are started, stopped, restarted, or put into
 * maintenance, in which nobody starts them again (reference: tencent-emr.md 4.5, api.json).
 */
import type { ServiceRequest } from '../../../../app/cluster/change-service.ts'
import type { DaemonAct } from '../../../../domain/cluster/daemon.ts'
import {
  choice,
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { missing, unsupported } from '../refusal.ts'
import { daemonsOfCluster } from './placement.ts'
import { chosenDaemons } from './selection.ts'

const NODES_MAX = 99_999
const PAUSE_SECONDS_MAX = 300

const component = object({
  ComponentName: text({ trim: true, min: 1, max: 64 }),
  IpList: optional(list(text({ trim: true, max: 64 }))),
})

const service = object({
  ServiceName: text({ trim: true, min: 1, max: 64 }),
  ComponentInfoList: optional(list(component, { max: 100 })),
})

const strategy = object({
  RollingRestartSwitch: integer({ allowed: [0, 1], default: 0 }),
  BatchSize: integer({ min: 1, max: NODES_MAX, default: 1 }),
  TimeWait: integer({ min: 0, max: PAUSE_SECONDS_MAX, default: 0 }),
  DealOnFail: integer({ allowed: [0, 1], default: 0 }),
  Args: optional(
    list(object({ Key: optional(text()), Values: optional(list(text())) }), { max: 20 }),
  ),
})

const stop = object({
  StopPolicy: choice(['default', 'safe'], { default: 'default' }),
  ThreadCount: optional(integer({ min: 0 })),
  GraceDownTime: optional(integer({ min: 0 })),
})

const input = {
  InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
  OpType: choice(['StartService', 'StopService', 'StartMonitor', 'StopMonitor', 'RestartService']),
  OpScope: object({ ServiceInfoList: optional(list(service, { max: 100 })) }),
  StrategyConfig: optional(strategy),
  StopParams: optional(stop),
  KeepMonitorButNotRecoverProcess: flag({ default: false }),
}

type Input = Static<TObject<typeof input>>

export const startStopServiceOrMonitor = action({
  name: 'StartStopServiceOrMonitor',
  input,
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    const services = asked.OpScope.ServiceInfoList ?? []
    if (services.length === 0) throw missing('OpScope.ServiceInfoList')
    refuseUnsupported(asked)
    const batch = batchOf(asked)
    await core.clusters.changeService(call, asked.InstanceId, {
      act: ACTS[asked.OpType],
      maintenance: asked.KeepMonitorButNotRecoverProcess ? 'watched' : 'unwatched',
      chosen: (was) => chosenDaemons(was, services),
      daemons: daemonsOfCluster,
      ...(batch && { batch }),
    })
    return {}
  },
})

/** The monitor is what starts processes again: to stop it is to enter maintenance. */
const ACTS: { readonly [type in Input['OpType']]: DaemonAct } = {
  StartService: 'start',
  StopService: 'stop',
  RestartService: 'restart',
  StopMonitor: 'enter-maintenance',
  StartMonitor: 'exit-maintenance',
}

function refuseUnsupported({ OpType, StrategyConfig, StopParams }: Input): void {
  if (OpType === 'RestartService' && !StrategyConfig) throw missing('StrategyConfig')
  if (StrategyConfig?.DealOnFail === 1)
    throw unsupported('StrategyConfig.DealOnFail', 'what fails is not skipped')
  if ((StrategyConfig?.Args ?? []).length > 0) throw unsupported('StrategyConfig.Args')
  if (StopParams?.StopPolicy === 'safe')
    throw unsupported('StopParams.StopPolicy', 'processes end as they do when they are asked to')
  if ((StopParams?.ThreadCount ?? 0) > 0) throw unsupported('StopParams.ThreadCount')
  if ((StopParams?.GraceDownTime ?? 0) > 0) throw unsupported('StopParams.GraceDownTime')
}

function batchOf({ StrategyConfig: it }: Input): ServiceRequest['batch'] {
  if (it?.RollingRestartSwitch !== 1) return undefined
  return { nodes: it.BatchSize, pauseMs: it.TimeWait * 1000 }
}
