/**
 * What clusters of containers (EMR on TKE) are made of: their products, and the roles of their pods. No component table is published: names
 * and versions are those of the API's own examples, product 65's engine that of the image in them; how many pods a role may have is
 * chosen. Numbers are those of the same services elsewhere (reference: tencent-emr.md 3.1, 3.6; examples.json).
 */
import { productOf } from './product.ts'
import type { CountRange } from './schema.ts'

export interface PodRole {
  /** Canonical, as `Software` names it. */
  readonly component: string
  readonly service: string
  /** Absent where no document has a number. */
  readonly serviceNumber?: number
  readonly name: string
  readonly number?: number
  readonly pods: CountRange
  /** What a wrong number of pods is refused with. */
  readonly countCode: string
  readonly needs?: string
}

export interface ContainerProduct {
  readonly id: number
  readonly version: string
  /** Versions by component. */
  readonly components: ReadonlyMap<string, string>
}

const WORKERS = { pods: { min: 1, max: 100 }, countCode: 'InvalidParameter.InvalidCoreCount' }

export const podRoles: readonly PodRole[] = [
  {
    component: 'zookeeper',
    service: 'ZOOKEEPER',
    serviceNumber: 0,
    name: 'QuorumPeerMain',
    number: 0,
    pods: { min: 1, max: 9, parity: 'odd' },
    countCode: 'InvalidParameter.IncorrectCommonCount',
  },
  {
    component: 'openldap',
    service: 'OPENLDAP',
    serviceNumber: 39,
    name: 'Slapd',
    number: 51,
    pods: { min: 1, max: 2 },
    countCode: 'InvalidParameter.IncorrectMasterCount',
  },
  {
    component: 'metastore',
    service: 'METASTORE',
    serviceNumber: 48,
    name: 'HiveMetaStoreNode',
    number: 30,
    ...WORKERS,
  },
  {
    component: 'hiveserver2',
    service: 'HIVESERVER2',
    serviceNumber: 47,
    name: 'HiveServer2Node',
    number: 31,
    ...WORKERS,
    needs: 'metastore',
  },
  {
    component: 'spark',
    service: 'SPARK',
    serviceNumber: 6,
    name: 'SparkJobHistoryServer',
    number: 17,
    ...WORKERS,
  },
  // It looks after Ray clusters, which are made later.
  {
    component: 'tcray',
    service: 'TCRAY',
    name: 'KubeRayOperator',
    pods: { min: 1, max: 1 },
    countCode: 'InvalidParameter.InvalidCoreCount',
  },
]

const COMPONENTS: readonly (readonly [string, string])[] = [
  ['zookeeper', '3.6.3'],
  ['openldap', '2.4.44'],
  ['metastore', '3.1.3'],
  ['hiveserver2', '3.1.3'],
  ['spark', '3.3.2'],
]

const contents: ReadonlyMap<number, readonly (readonly [string, string])[]> = new Map([
  [60, COMPONENTS],
  [65, [...COMPONENTS, ['tcray', '2.52.0']] as const],
])

/** Those whose components are known. */
export const containerProducts = [...contents.keys()]

export function containerProduct(id: number): ContainerProduct | undefined {
  const own = contents.get(id)
  const version = productOf(id)?.version
  return own && version !== undefined ? { id, version, components: new Map(own) } : undefined
}

export function podRoleOf(name: string): PodRole | undefined {
  return podRoles.find((role) => role.name === name)
}
