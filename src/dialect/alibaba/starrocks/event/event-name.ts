/** What events are called. The documents list no names: these are chosen, one for each kind that is recorded. */
import { incidentKinds, type IncidentKind } from '../../../../domain/cluster/incident.ts'

/** Exhaustive: a kind added to the core does not compile until it has its name. */
const names: { readonly [kind in IncidentKind]: string } = {
  'node-ended': 'NodeProcessEnded',
  'node-unresponsive': 'NodeProcessUnresponsive',
  'node-lost': 'NodeLost',
  impaired: 'InstanceImpaired',
  'change-undone': 'ChangeUndone',
  'backup-failed': 'BackupFailed',
  stopped: 'InstanceStopped',
}

export function eventName(kind: IncidentKind): string {
  return names[kind]
}

export const eventNames: readonly string[] = incidentKinds.map(eventName)
