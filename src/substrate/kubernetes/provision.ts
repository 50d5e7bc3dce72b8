/** What the administrator of the Kubernetes cluster has there for clusters: for levels of disks, zones and subnets. Pure. */
import type { NodeGroup } from '../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import type { Provision } from './starrocks/objects.ts'

const DEFAULT_CLASS = '*'
const ZONE = 'topology.kubernetes.io/zone'

type Classes = Pick<Provision, 'storageClasses' | 'encryptedStorageClasses'>
type Places = Pick<Provision, 'zones' | 'subnets' | 'machines'>

/** Undefined for a level that nothing is provided for; such a cluster is refused. */
export function storageClassOf(
  { storageClasses, encryptedStorageClasses = {} }: Classes,
  level: string,
  { encryption }: Pick<ClusterSpec, 'encryption'>,
): string | undefined {
  const classes = encryption ? encryptedStorageClasses : storageClasses
  return classes[level] ?? classes[DEFAULT_CLASS]
}

/** For disks that stay on their machine (`localSSD`, `bigData`): that of the type of machines, and no default of others. */
export function localClassOf(
  { storageClasses, encryptedStorageClasses = {} }: Classes,
  machine: string,
  { encryption }: Pick<ClusterSpec, 'encryption'>,
): string | undefined {
  return (encryption ? encryptedStorageClasses : storageClasses)[machine]
}

interface Sentence {
  readonly what: string
  readonly detail: string
}

/** Why there is none. */
export function unmetClass(
  { encryptedStorageClasses = {} }: Classes,
  level: string,
  { encryption }: Pick<ClusterSpec, 'encryption'>,
): Sentence {
  if (!encryption)
    return {
      what: `disks of ${level}`,
      detail: `kubernetes.storage-classes names no StorageClass for ${level}`,
    }
  const isAny = Object.keys(encryptedStorageClasses).length > 0
  const detail = `encrypted-storage-classes of the environment name none${isAny ? ` for ${level}` : ''}`
  return { what: isAny ? `encrypted disks of ${level}` : 'encryption', detail }
}

/** Where zones are distinguished, those that are not named are not there. */
export function unmetZone(
  { zones }: Places,
  { zone }: Pick<NodeGroup, 'zone'>,
): Sentence | undefined {
  if (Object.keys(zones).length === 0 || zones[zone] !== undefined) return undefined
  return { what: `the zone ${zone}`, detail: 'kubernetes.zones names no machines of it' }
}

/** Of the machines that pods of a group run on: of its zone, its subnet and its type of machines. Undefined where they run anywhere. */
export function machineLabels(
  { zones, subnets = {}, machines = {} }: Places,
  { zone, subnet, machine }: Pick<NodeGroup, 'zone' | 'subnet' | 'machine'>,
): Readonly<Record<string, string>> | undefined {
  const value = zones[zone]
  const labels = {
    ...(value !== undefined && { [ZONE]: value }),
    ...subnets[subnet],
    ...machines[machine],
  }
  return Object.keys(labels).length === 0 ? undefined : labels
}

/** For whoever asks what there is, by name. */
export function offerOf(provision: Provision): Readonly<Record<string, string>> {
  const { storageClasses, encryptedStorageClasses = {}, zones, images } = provision
  const { subnets = {}, machines = {} } = provision
  return {
    disks: pairText(storageClasses, 'none'),
    'encrypted disks': pairText(encryptedStorageClasses, 'none'),
    zones: pairText(zones, 'not told apart'),
    subnets: Object.keys(subnets).join(', ') || 'not told apart',
    machines: Object.keys(machines).join(', ') || 'not told apart',
    images,
  }
}

function pairText(pairs: Readonly<Record<string, string>>, none: string): string {
  const all = Object.entries(pairs).map(([name, value]) => `${name}=${value}`)
  return all.length === 0 ? none : all.join(', ')
}
