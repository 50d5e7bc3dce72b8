/**
 * The parts of a StarRocks instance. StarRocks' operator knows one of front ends, and one of back ends or of compute nodes; further ones of
 * workers, and observers, have StatefulSets of our own (own-set.ts). What they are called follows from the operator (its StatefulSets,
 * services and claims are named after the custom resource and the part) and from StarRocks' images (their folders and ports).
 */
import type { Disk, NodeGroup } from '../../../domain/cluster/node-group.ts'

/** The custom resource, in the instance's own namespace: short, as other names are made of it. */
export const RESOURCE = 'sr'

export type PartName = 'fe' | 'be' | 'cn' | 'observer'

export interface Part {
  readonly name: PartName
  /** Its member of the custom resource, and the one for variables of its environment; absent for what the operator does not know. */
  readonly operated?: {
    readonly member: 'starRocksFeSpec' | 'starRocksBeSpec' | 'starRocksCnSpec'
    readonly environment: 'feEnvVars' | 'beEnvVars' | 'cnEnvVars'
  }
  readonly image: string
  readonly configuration: string
  /** Where its data lie in the container, and what its volumes are called. */
  readonly directory: string
  readonly volume: string
  /** That clients connect to. */
  readonly ports: readonly number[]
}

export const parts: Readonly<Record<PartName, Part>> = {
  fe: {
    name: 'fe',
    operated: { member: 'starRocksFeSpec', environment: 'feEnvVars' },
    image: 'fe-ubuntu',
    configuration: 'fe.conf',
    directory: '/opt/starrocks/fe/meta',
    volume: 'fe-meta',
    ports: [8030, 9030],
  },
  be: {
    name: 'be',
    operated: { member: 'starRocksBeSpec', environment: 'beEnvVars' },
    image: 'be-ubuntu',
    configuration: 'be.conf',
    directory: '/opt/starrocks/be/storage',
    volume: 'be-data',
    ports: [8040],
  },
  cn: {
    name: 'cn',
    operated: { member: 'starRocksCnSpec', environment: 'cnEnvVars' },
    image: 'cn-ubuntu',
    configuration: 'cn.conf',
    directory: '/opt/starrocks/cn/storage',
    volume: 'cn-data',
    ports: [8040],
  },
  observer: {
    name: 'observer',
    image: 'fe-ubuntu',
    configuration: 'fe.conf',
    directory: '/opt/starrocks/fe/meta',
    volume: 'fe-meta',
    ports: [8030, 9030],
  },
}

export const QUERY_PORT = 9030

export function isFrontend({ name }: Pick<Part, 'name'>): boolean {
  return name === 'fe' || name === 'observer'
}

/** Undefined for a role that nothing here is a part for. */
export function partOf({ role }: Pick<NodeGroup, 'role'>): Part | undefined {
  return Object.values(parts).find(({ name }) => name === role)
}

/** Whether it is no set of the operator's. */
export function isOwnSet(set: string): boolean {
  return !Object.values(parts).some((part) => part.operated && set === setName(part))
}

/** The operator's set of a part; further groups of the part have sets with a number. */
export function setName({ name }: Pick<Part, 'name'>, number = 0): string {
  return number === 0 ? `${RESOURCE}-${name}` : `${RESOURCE}-${name}-g${number}`
}

/** By its place in its set, which is filled from 0. */
export function podName(set: string, index: number): string {
  return `${set}-${index}`
}

/** The service that gives the pods of a set their names. */
export function searchName(set: string): string {
  return `${set}-search`
}

/** The name of a pod that stays the same while pods come and go. */
export function podHost(set: string, index: number, namespace: string): string {
  return `${podName(set, index)}.${searchName(set)}.${namespace}.svc`
}

export function serviceHost(set: string, namespace: string): string {
  return `${set}-service.${namespace}.svc`
}

export interface Volume {
  readonly name: string
  readonly path: string
  readonly sizeGib: number
  readonly level: string
}

/** One for each data disk: the first has the plain name and folder, the others a number behind it. */
export function volumesOf(part: Part, disks: readonly Disk[]): readonly Volume[] {
  const data = disks.filter(({ use }) => use === 'data')
  return data
    .flatMap((disk) => Array.from({ length: disk.count }, () => disk))
    .map(({ sizeGib, level = '' }, at) => ({
      name: at === 0 ? part.volume : `${part.volume}-${at}`,
      path: at === 0 ? part.directory : `${part.directory}${at}`,
      sizeGib,
      level,
    }))
}

/** Of a claim that a set made for a pod: whose volume it is, and which pod's. Undefined for any other. */
export function claimPlace(
  claim: string,
): { readonly set: string; readonly ordinal: number } | undefined {
  const [, set, ordinal] = CLAIM.exec(claim) ?? []
  return set === undefined ? undefined : { set, ordinal: Number(ordinal) }
}

/** The volume, the set, and the place in it. */
const CLAIM = /^[a-z0-9-]+?-(sr-(?:fe|be|cn|observer)(?:-g\d+)?)-(\d+)$/
