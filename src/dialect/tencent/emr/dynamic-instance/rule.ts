/** What every action about Ray clusters asks of the cluster that they are in (reference: tencent-emr.md appendix B, api.json). */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { Resource } from '../../../../domain/environment.ts'
import type { Random } from '../../../../kernel/random.ts'
import { sha256Hex } from '../../../../kernel/digest.ts'
import { containerOf, namespaceOf } from '../container/extension.ts'
import { invalid } from '../refusal.ts'
import { componentsOf } from '../service/placement.ts'
import { refused } from './form.ts'
import { rayClusters, type RayCluster, type RaySite } from './ray.ts'
import type { RayForm, StorageInput } from './shape.ts'

const SERVICE = 'TCRAY'
const NAME = 'InstanceId'

/** Throws FailedOperation for a cluster without the service that looks after Ray clusters. */
export function requireRay(cluster: Cluster, service: string = SERVICE): void {
  if (service.toUpperCase() !== SERVICE)
    throw refused('ServiceName', `only ${SERVICE} has such instances`, service)
  if (containerOf(cluster) && componentsOf(cluster).includes('tcray')) return
  throw refused(NAME, `it has no ${SERVICE}`, cluster.id)
}

/** Throws FailedOperation, or the code. */
export function rayIn(
  cluster: Cluster,
  it: { readonly name: string; readonly number: number; readonly code?: string },
): RayCluster {
  const { name, number, code = 'FailedOperation' } = it
  const found = rayClusters(cluster).find((each) => each.number === number)
  if (found) return found
  throw invalid({ name, code, rule: 'there is no such Ray cluster', value: number })
}

export function siteOf(
  cluster: Cluster,
  it: { readonly call: Call; readonly random: Random; readonly nowMs: number },
): RaySite {
  const { call, random, nowMs } = it
  const { zone, subnets } = cluster.spec.network
  return {
    cluster: cluster.id,
    namespace: namespaceOf(cluster, call.principal.tenant),
    zone,
    subnet: subnets[0]?.id ?? '',
    exposed: containerOf(cluster)?.proxy === 'Public',
    random,
    nowMs,
  }
}

/** What its pods need of the environment: their container cluster and buckets. */
export async function usesOf(
  core: Core,
  call: Call,
  cluster: Cluster,
  storages: readonly (StorageInput | undefined)[],
): Promise<readonly Resource[]> {
  const buckets = storages
    .flatMap((each) => each?.COSVolumes ?? [])
    .map(({ Bucket = '' }) => Bucket)
  const id = containerOf(cluster)?.cluster ?? ''
  const wanted = [
    ...(id === '' ? [] : [{ kind: 'container-cluster' as const, id }]),
    ...[...new Set(buckets)].map((bucket) => ({ kind: 'bucket' as const, id: bucket })),
  ]
  const found: Resource[] = []
  for (const reference of wanted) found.push(await core.environments.require(call, reference))
  return found
}

export function storagesOf(form: RayForm | undefined): readonly (StorageInput | undefined)[] {
  return [form, ...(form?.DynamicInstanceGroups ?? [])]
}

/** The same as long as nobody asks for another one; it is not kept, and cannot be guessed. */
export async function tokenOf(
  core: Core,
  call: Call,
  it: {
    readonly cluster: Cluster
    readonly ray: RayCluster
  },
): Promise<string> {
  const { cluster, ray } = it
  const { tokens } = ray.whole
  if (tokens === 0) return ''
  const secret = await core.clusters.token(call, cluster.id)
  const digits = sha256Hex(`${secret}/${ray.id}/${tokens}`)
  return `emr-token-${digits.slice(0, 8)}-${digits.slice(8, 16)}-${digits.slice(16, 24)}`
}
