/**
 * What an order asks of the services around EMR, one function for each place in the documented order of checking at which they
 * are asked (reference: tencent-emr.md 2.7, 2.8, 2.9). Every function may throw DependencyFailed; those that look for
 * something also ResourceMissing, ResourceMismatch and ResourceUnfit.
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import { isProbeFailure } from '../../../../port/metadata-probe.ts'
import type { Tag } from '../../../../domain/cluster/cluster.ts'
import type { DependencyName } from '../../../../domain/dependency.ts'
import {
  tagId,
  type Limit,
  type Reservation,
  type Resource,
  type ResourceReference,
} from '../../../../domain/environment.ts'
import { Fault, located } from '../../../../domain/fault.ts'
import { refusedDatabase, type CustomMetadata, type Metadata } from './metadata.ts'
import { logBucketOf, refusedStorageKey, type StorageSettings } from './option.ts'
import type { Network, Place } from './place.ts'

export interface Prerequisites {
  /** What was found, for the cluster's claims. */
  readonly uses: readonly Resource[]
  account(): Promise<void>
  product(): Promise<void>
  keyPair(id: string | undefined): Promise<void>
  /** `prefix` stands before the names of the members, as in a Site. */
  place(place: Place, prefix: string): Promise<void>
  network(network: Network, at: { readonly zone: string; readonly prefix: string }): Promise<void>
  securityGroup(id: string | undefined): Promise<void>
  placementGroups(ids: readonly string[]): Promise<void>
  /** A container cluster of the network. */
  containerCluster(id: string, network: string): Promise<Resource>
  storageBucket(id: string, parameter: string): Promise<void>
  /** The bucket is there, and what keeps its objects takes the key. Throws ResourceMissing, InvalidParameterValue or Overloaded. */
  storage(settings: StorageSettings | undefined): Promise<void>
  /** Throws ResourceShort, or QuotaExceeded unless only stock is asked for. */
  supply(reservations: readonly Reservation[], rule?: Limit['rule']): Promise<void>
  /** Whether the client's own database answered, or why it was not asked; empty for the other kinds. Throws InvalidMetaType. */
  metadata(metadata: Metadata, network: string): Promise<string>
  tags(tags: readonly Tag[]): Promise<void>
  roles(application: string): Promise<void>
  price(): Promise<void>
  /** The order itself, with everything that is made for it. */
  order(it: Ordering): Promise<void>
  /** A data key for the disks, wrapped by the key that block storage has for every account. */
  dataKey(): Promise<DiskEncryption>
}

export interface DiskEncryption {
  readonly key: string
  readonly wrapped: string
}

export interface Ordering {
  readonly metadataBought: boolean
  readonly securityGroupMade: boolean
  readonly tagged: boolean
  readonly encrypted: boolean
}

/** What the cloud calls the key that it makes for block storage when a client brings none. */
const DISK_KEY = 'KMS-CBS'
const SERVICE_ROLE = 'EMR_QCSRole'
const SERVICE_POLICY = 'QcloudAccessForEMRRole'

export function prerequisitesOf(core: Core, call: Call): Prerequisites {
  const uses: Resource[] = []
  const ask = (name: DependencyName) => core.dependencies.call(call, name)
  const find: Find = async (reference, parameter) => {
    try {
      const found = await core.environments.require(call, reference)
      uses.push(found)
      return found
    } catch (problem) {
      throw parameter === undefined ? problem : located(problem, parameter)
    }
  }
  return {
    uses,
    ...places(ask, find),
    async containerCluster(id, network) {
      await ask('container-service')
      return find({ kind: 'container-cluster', id, network })
    },
    async storageBucket(id, parameter) {
      await find({ kind: 'bucket', id }, parameter)
    },
    async storage(settings) {
      const bucket = settings && logBucketOf(settings)
      if (bucket !== undefined) await find({ kind: 'bucket', id: bucket })
      if (settings) await tryKey(core, call, { settings, bucket })
    },
    account: () => ask('account'),
    product: () => ask('configuration'),
    async supply(reservations, rule) {
      await ask('compute')
      await ask('block-storage')
      await core.environments.checkSupply(call, reservations, rule)
    },
    async metadata({ instance: id, custom }, network) {
      if (custom !== undefined) return probe(core, custom)
      if (id === undefined) return ''
      await ask('metadata-database')
      await find({ kind: 'metadata-database', id, network })
      return ''
    },
    async tags(tags) {
      if (tags.length === 0) return
      await ask('tag')
      for (const { key, value } of tags) await find({ kind: 'tag', id: tagId(key, value) })
    },
    roles: (application) => askRoles(core, call, application),
    price: () => ask('trade'),
    async order({ metadataBought, securityGroupMade, tagged, encrypted }) {
      await ask('trade')
      await ask('compute')
      await ask('block-storage')
      if (metadataBought) await ask('metadata-database')
      if (securityGroupMade) await ask('security-group')
      if (tagged) await ask('tag')
      if (encrypted) await ask('key-management')
    },
    async dataKey() {
      const { wrapped, uses: key } = await core.encryption.dataKey(call, DISK_KEY)
      if (key) uses.push(key)
      return { key: DISK_KEY, wrapped }
    },
  }
}

async function tryKey(
  core: Core,
  { product }: Call,
  it: { readonly settings: StorageSettings; readonly bucket: string | undefined },
): Promise<void> {
  const { settings, bucket } = it
  const key = { keyId: settings.CosSecretId, secret: settings.CosSecretKey }
  const outcome = await core.objectStorage.check(product, { key, bucket })
  if (outcome === 'denied') throw refusedStorageKey()
  if (outcome === 'no-bucket')
    throw new Fault('ResourceMissing', { what: 'bucket', id: bucket ?? '' })
}

async function probe(core: Core, database: CustomMetadata): Promise<string> {
  const outcome = await core.metadataProbe.check(database)
  if (isProbeFailure(outcome)) throw refusedDatabase(outcome)
  return outcome
}

type Ask = (name: DependencyName) => Promise<void>
type Find = (reference: Omit<ResourceReference, 'region'>, parameter?: string) => Promise<Resource>
type Places = Pick<
  Prerequisites,
  'keyPair' | 'place' | 'network' | 'securityGroup' | 'placementGroups'
>

/** Where the cluster will stand. */
function places(ask: Ask, find: Find): Places {
  return {
    async keyPair(id) {
      if (id === undefined) return
      await ask('compute')
      await find({ kind: 'key-pair', id })
    },
    async place({ zone, project }, prefix) {
      await find({ kind: 'zone', id: zone.name }, `${prefix}Placement.Zone`)
      await ask('project')
      await find({ kind: 'project', id: String(project) }, `${prefix}Placement.ProjectId`)
    },
    async network({ vpc, subnet }, { zone, prefix }) {
      await ask('network')
      await find({ kind: 'network', id: vpc }, `${prefix}VPCSettings.VpcId`)
      const where = { network: vpc, zone }
      await find({ kind: 'subnet', id: subnet, ...where }, `${prefix}VPCSettings.SubnetId`)
    },
    async securityGroup(id) {
      if (id === undefined) return
      await ask('security-group')
      await find({ kind: 'security-group', id })
    },
    async placementGroups(ids) {
      for (const id of ids) await find({ kind: 'placement-group', id })
    },
  }
}

/** The service's own role must be granted; another one is looked for where everything must be declared. */
async function askRoles(core: Core, call: Call, application: string): Promise<void> {
  const { account } = call.principal
  await core.dependencies.call(call, 'identity')
  const service = await core.identity.role(account, SERVICE_ROLE)
  const role = { what: 'role', id: SERVICE_ROLE, parameter: '' } as const
  if (!service.exists) throw new Fault('ResourceMissing', role)
  if (!service.policies.includes(SERVICE_POLICY)) {
    const problem = `the policy ${SERVICE_POLICY} is not attached to it`
    throw new Fault('ResourceUnfit', { ...role, problem })
  }
  if (application === '' || core.environments.of(call).mode === 'open') return
  if (!(await core.identity.role(account, application)).exists)
    throw new Fault('ResourceMissing', { what: 'role', id: application })
}
