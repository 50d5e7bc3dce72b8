/**
 * What the history of operations calls each operation. The service records what takes its time; renaming, describing, tagging and
 * moving are done with their answer and have no word. A verb and what of the instance it is about (`Operation.subject`) make a type, and a
 * type leads back to both. Facts: reference alibaba-starrocks.md 5.3 (OperationType), 14 (10).
 */
import type { ResizeAspect } from '../../domain/cluster/change.ts'
import type { Verb } from '../../domain/operation.ts'

/** Types by subject; `ANY` where the subject makes no difference. */
type TypesBySubject = Readonly<Record<string, string>>

const ANY = ''

/** The roles of which the service names changes; observers and agents follow the frontends or have none. */
const roles = ['fe', 'be', 'cn'] as const

/** Exhaustive: a verb added to the core does not compile until it has its types here, or none. */
const typesOfVerb: { readonly [verb in Verb]: TypesBySubject } = {
  create: { [ANY]: 'create_cluster' },
  delete: { [ANY]: 'delete_cluster' },
  isolate: { [ANY]: 'disable_cluster' },
  restore: { [ANY]: 'enable_cluster' },
  renew: { [ANY]: 'renew_cluster' },
  subscribe: { [ANY]: 'modify_charge_type' },
  // Nothing of this cloud's asks for these.
  unsubscribe: {},
  'set-renewal': {},
  'set-scripts': {},
  'restore-backup': { [ANY]: 'restore' },
  backup: { [ANY]: 'backup' },
  'delete-backup': { [ANY]: 'delete_backup' },
  rename: {},
  move: {},
  tag: {},
  untag: {},
  'set-description': {},
  'set-maintenance': {},
  'change-directory': {},
  'change-node-specs': {},
  'change-strategies': {},
  'draft-schedule': {},
  'run-job-flow': {},
  'sync-pods': {},
  'set-inspection': {},
  // The restart itself is recorded when it begins.
  'plan-restart': {},
  restart: { cluster: 'restart_cluster', group: 'restart_node_group', nodes: 'restart_node' },
  // Observers come with the second zone and are not counted by themselves.
  'scale-out': {
    ...byRole((role) => [[role, `scale_out_${role}`]]),
    observer: 'enable_ha_cluster',
  },
  'scale-in': byRole((role) => [[role, `scale_in_${role}`]]),
  'elastic-scale-out': { [ANY]: 'elastic_scale_out_cn' },
  'elastic-scale-in': { [ANY]: 'elastic_scale_in_cn' },
  'add-group': { [ANY]: 'create_node_group' },
  'add-agent': { [ANY]: 'create_agent' },
  'remove-group': { [ANY]: 'delete_node_group' },
  'resize-up': byRole((role) => resizes(role, { change: 'upgrade', amount: 'increase' })),
  'resize-down': byRole((role) => resizes(role, { change: 'downgrade', amount: 'decrease' })),
  configure: { [ANY]: 'update_configuration' },
  'set-password': {},
  'switch-zone': { [ANY]: 'switch_az' },
  upgrade: { [ANY]: 'upgrade_version' },
  downgrade: { [ANY]: 'rollback_upgrade_version' },
  // Of gateways, lists and certificates no type is published: these are the nearest (docs/compatibility.md).
  'change-gateway': { [ANY]: 'resource_change' },
  'change-exposure': { [ANY]: 'update_public_network_status' },
  'open-network': { [ANY]: 'update_public_network_status' },
  'close-network': { [ANY]: 'update_public_network_status' },
  'change-access': { [ANY]: 'update_configuration' },
  // Its engine is one service, which is restarted as a whole.
  'start-service': {},
  'stop-service': {},
  'restart-service': {},
  'enter-maintenance': {},
  'exit-maintenance': {},
  install: {},
}

/** Types of operations that nothing here leads to; a filter may name them and finds nothing. */
const otherTypes: readonly string[] = `
  trial_to_official migrate_cluster UPGRADE DOWNGRADE disable_node_group enable_node_group sre_operation
  disable_postpaid_resource enable_postpaid_resource cancel_backup_task modify_timezone upgrade_agent_cu
  `
  .trim()
  .split(/\s+/)

const verbs = Object.keys(typesOfVerb) as readonly Verb[]

/** Every type that the service has; a filter may name any of them. */
export const operationTypes: readonly string[] = [
  ...new Set(verbs.flatMap((verb) => Object.values(typesOfVerb[verb]))),
  ...otherTypes,
]

/** The verbs that the history shows. */
export const recordedVerbs: readonly Verb[] = verbs.filter(
  (verb) => Object.keys(typesOfVerb[verb]).length > 0,
)

/** Empty for what has no word. */
export function operationType(verb: Verb, subject = ANY): string {
  const types = typesOfVerb[verb]
  return types[subject] ?? types[ANY] ?? ''
}

/** What of the history has this type: nothing for types of operations that are not built. */
export function operationsOf(type: string): {
  readonly verbs: readonly Verb[]
  readonly subject?: string
} {
  const anySubject = verbs.filter((verb) => typesOfVerb[verb][ANY] === type)
  if (anySubject.length > 0) return { verbs: anySubject }
  for (const verb of verbs) {
    const found = Object.entries(typesOfVerb[verb]).find(([, word]) => word === type)
    if (found) return { verbs: [verb], subject: found[0] }
  }
  return { verbs: [] }
}

function byRole(
  typesOf: (role: (typeof roles)[number]) => readonly (readonly [string, string])[],
): TypesBySubject {
  return Object.fromEntries(roles.flatMap(typesOf))
}

function resizes(
  role: (typeof roles)[number],
  { change, amount }: { readonly change: string; readonly amount: string },
): readonly (readonly [string, string])[] {
  // Compute nodes leave the `_level` out.
  const level = role === 'cn' ? 'disk_performance' : 'disk_performance_level'
  const types: { readonly [aspect in ResizeAspect]: string } = {
    compute: `${change}_${role}_cu`,
    'disk-size': `${amount}_${role}_disk_size`,
    'disk-count': `${amount}_${role}_disk_number`,
    'disk-level': `${change}_${role}_${level}`,
    machine: `${change}_${role}_spec_type`,
  }
  // Frontends are of one kind only.
  return Object.entries(types)
    .filter(([aspect]) => role !== 'fe' || aspect !== 'machine')
    .map(([aspect, type]) => [`${role}.${aspect}`, type])
}
