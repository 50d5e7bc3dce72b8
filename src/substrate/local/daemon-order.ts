/**
 * Daemons of a node that are started, stopped and left alone by themselves: what is wanted of each process as a daemon of the spec, and
 * what that means for the node that it runs on. Pure.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  daemonsOf,
  isSameDaemon,
  type DaemonName,
  type DaemonState,
  type DaemonStatus,
  type WantedDaemon,
} from '../../domain/cluster/daemon.ts'
import type { ClusterSpec, NodeTemplate } from '../../domain/cluster/spec.ts'
import { isDone, isUp, type ProcessCheck } from './check.ts'
import type { Component } from './component.ts'
import type { Condition } from './condition.ts'
import { roleOf } from './driver.ts'
import type { DaemonOrderNote, InstanceNode, InstanceNote, ProcessNote } from './instance-note.ts'

/** By node; empty where the component's processes are no daemons, or the spec names none. */
export type WantedDaemons = ReadonlyMap<string, readonly WantedDaemon[]>

export function wantedDaemons(component: Component, spec: ClusterSpec): WantedDaemons {
  if (component.daemons !== true) return new Map()
  return new Map(
    spec.groups.flatMap((group) =>
      group.nodes.flatMap((node) => {
        const own = daemonsOf(spec, group, node)
        return own ? [[node.id, own] as const] : []
      }),
    ),
  )
}

export function daemonOf(component: Component, { role }: ProcessNote): DaemonName | undefined {
  return roleOf(component, role).daemon
}

/** The process with what is wanted of it alone, and on its way there. What nothing is wanted of is left as it is. */
export function withOrder(
  process: ProcessNote,
  wanted: WantedDaemon | undefined,
  sinceMs: number,
): ProcessNote {
  if (!wanted || process.stop?.next === 'remove') return process
  const { order: was = {}, ...rest } = process
  const { running, restarts, maintenance } = wanted
  const isStopped = !running
  const isStarted = running && (was.stopped === true || restarts > (was.restarts ?? 0))
  const isTurned = isStopped !== (was.stopped === true) || isStarted
  const order: DaemonOrderNote = {
    ...(isStopped ? { stopped: true as const } : {}),
    ...(restarts > 0 ? { restarts } : {}),
    ...(maintenance ? { maintenance: true as const } : {}),
    ...(isTurned || was.alone ? { alone: true as const } : {}),
    ...(running && (isStarted || was.due) ? { due: true as const } : {}),
  }
  const next = isDeepStrictEqual(order, {}) ? rest : { ...rest, order }
  if (!isStarted) return next
  const { restarts: counters } = rest.stop ?? {}
  return { ...next, stop: { next: 'start', sinceMs, ...(counters && { restarts: counters }) } }
}

/** Whether it is left alone when it ends by itself. */
export function isLeftAlone({ order, started, stop }: ProcessNote): boolean {
  return order?.maintenance === true && started === true && !order.due && !stop
}

/** Whether it is on its way up or down alone, as far as it has not failed on it. */
function isTurning({ process: { order, stop } }: ProcessCheck, it: Condition): boolean {
  return order?.alone === true && !it.ends && (stop !== undefined || !it.answered)
}

/** It shall not run, or may fail: nobody waits for it. */
export function isNotAwaited(check: ProcessCheck): boolean {
  const { order } = check.process
  if (isDone(check) || check.deprived) return true
  return order?.stopped === true || (isLeftAlone(check.process) && !isUp(check))
}

/** Whether its node serves without it. */
export function isOptional(check: ProcessCheck, condition: Condition): boolean {
  return isNotAwaited(check) || (isTurning(check, condition) && !isUp(check))
}

/** It is known to have ended since it was asked to. */
export function hasStopped({ process: { stop } }: ProcessCheck): boolean {
  return stop?.next === 'rest' && stop.ended === true
}

/** Whether what is wanted of the daemons of a node is done. */
export function isSettled(own: readonly ProcessCheck[]): boolean {
  return own.every((check) => {
    if (check.process.order?.stopped) return hasStopped(check)
    return isUp(check) || isNotAwaited(check)
  })
}

/** What a node runs of its daemons, once its processes say it of the rest. */
export function ranDaemons(
  { template, before }: InstanceNode,
  own: readonly ProcessCheck[],
): Pick<NodeTemplate, 'daemons'> {
  const digest = (it: Pick<NodeTemplate, 'daemons'> | undefined) =>
    it?.daemons === undefined ? {} : { daemons: it.daemons }
  return digest(before && !isSettled(own) ? before : template)
}

interface Look {
  readonly note: InstanceNote
  readonly component: Component
  readonly own: readonly ProcessCheck[]
  readonly conditionOf: (name: string) => Condition
}

/** Undefined where the spec names none. What does not run here is stopped. */
export function daemonStatuses(
  { daemons }: InstanceNode,
  it: Look,
): readonly DaemonStatus[] | undefined {
  return daemons?.map(({ service, name }): DaemonStatus => {
    const check = it.own.find(({ process }) => {
      const own = daemonOf(it.component, process)
      return own !== undefined && isSameDaemon(own, { service, name })
    })
    if (!check) return { service, name, state: 'stopped' }
    const { sinceMs } = check.process
    const state = stateOf(it.note, check, it.conditionOf(check.process.name))
    return { service, name, state, ...(sinceMs === undefined ? {} : { sinceMs }) }
  })
}

function stateOf(
  { running, endingMs }: InstanceNote,
  check: ProcessCheck,
  condition: Condition,
): DaemonState {
  const { process, pid } = check
  if (process.order?.stopped) return hasStopped(check) ? 'stopped' : 'stopping'
  if (!running || endingMs !== undefined) return pid === undefined ? 'stopped' : 'stopping'
  if (process.stop) return pid === undefined ? 'starting' : 'stopping'
  if (isUp(check)) return 'running'
  if (isDone(check)) return 'stopped'
  if (pid !== undefined) return condition.answered ? 'failed' : 'starting'
  const hasEnded = condition.pid !== undefined || condition.ends !== undefined
  return hasEnded || isLeftAlone(process) ? 'failed' : 'starting'
}
