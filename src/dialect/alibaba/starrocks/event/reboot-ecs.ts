/**
 * RebootECS: new processes for the node of an event, at a time in seconds from 1970; at once without one, or when it has passed.
 * DescribeInstanceDiagnosisResult names events by their ids. Members are optional in the service's definition; the event and its instance
 * are needed all the same. Facts: reference alibaba-starrocks.md 3.2 (Operations / events / diagnosis).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { incidentTraits, type Incident } from '../../../../domain/cluster/incident.ts'
import { nodesOf } from '../../../../domain/cluster/node-group.ts'
import { refuse } from '../../../../domain/fault.ts'
import { limits } from '../../../../limits.ts'
import { flag, integer, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, shortText } from '../shape.ts'
import { eventName } from './event-name.ts'

/** The end of the year 9999. */
const SECONDS_MAX = 253_402_300_799

export const rebootECS = action({
  name: 'RebootECS',
  input: {
    EventId: optional(shortText('Event id', 'e-0123456789abcdef')),
    InstanceId: optional(instanceId),
    RebootTime: optional(integer({ min: 0, max: SECONDS_MAX, label: 'Reboot time' })),
  },
  output: { Data: flag(), Total: integer() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['identity', 'compute'],
  resources: (call, input) => instanceResources(call, [input.InstanceId ?? []].flat()),
  async run(core, call, { EventId, InstanceId, RebootTime }) {
    if (InstanceId === undefined) throw refuse({ name: 'InstanceId', problem: 'missing' })
    if (EventId === undefined) throw refuse({ name: 'EventId', problem: 'missing' })
    const nowMs = core.clock.now()
    const atMs = RebootTime === undefined ? nowMs : RebootTime * 1000
    if (atMs > nowMs + limits.plannedAheadMs) throw refusedTime()
    const incident = (was: Cluster) => openEvent(was, EventId)
    await core.clusters.answerIncident(call, InstanceId, { incident, atMs })
    return { Data: true, Total: 1 }
  },
})

function openEvent({ spec, status: { incidents = [] } }: Cluster, id: string): Incident {
  const found = incidents.find((each) => each.id === id)
  if (!found) throw refusedEvent('event not exists')
  const { kind, node, endedMs } = found
  if (!incidentTraits[kind].restart)
    throw refusedEvent(`event ${eventName(kind)} calls for no reboot`)
  if (endedMs !== undefined) throw refusedEvent('event is handled already')
  if (node !== undefined && !nodesOf(spec.groups).some((each) => each.id === node))
    throw refusedEvent('the node of the event not exists')
  return found
}

const refusedEvent = (message: string) => refuse({ name: 'EventId', problem: 'value', message })

function refusedTime() {
  const days = limits.plannedAheadMs / 86_400_000
  const message = `Reboot time should be at most ${days} days ahead, in seconds`
  return refuse({ name: 'RebootTime', problem: 'value', message })
}
