/**
 * What may stand in the parameters of a cluster: what the catalogue sells in the region, and what lies there. The same catalogue
 * judges a request.
 */
import type { Cluster } from '../../../domain/cluster/cluster.ts'
import type { Offer, OfferQuery, Offers, OfferedValue } from '../../../gateway/dialect.ts'
import { listDeclared, type Resource, type ResourceKind } from '../../../domain/environment.ts'
import { containerProduct, containerProducts, podRoles } from '../catalogue/container.ts'
import { diskTypes } from '../catalogue/disk.ts'
import { checkOffer, instanceTypes } from '../catalogue/instance-type.ts'
import { scenes } from '../catalogue/node-rule.ts'
import { prepaidMonths } from '../catalogue/price.ts'
import {
  checkProduct,
  offeredBy,
  productByVersion,
  productOf,
  products,
} from '../catalogue/product.ts'
import { regionOf } from '../catalogue/region.ts'
import type { PayMode, Product } from '../catalogue/schema.ts'
import { machineIdOf } from './identifier.ts'
import { daemonsOfCluster } from './service/placement.ts'

export function offersOf({ environment, region, parameters, cluster }: OfferQuery): Offers {
  const there = (
    kind: ResourceKind,
    where: Partial<Pick<Resource, 'network' | 'zone'>> = {},
  ): Offer => ({
    values: (environment ? listDeclared(environment, kind, { region, ...where }) : []).map(
      ({ id, name, zone }) => ({ value: id, ...textOf(name ?? zone) }),
    ),
    only: environment?.mode === 'closed',
  })
  const product = productIn(parameters)
  const zones = soldIn(region, there('zone'))
  const network = cluster?.spec.network.vpc ?? textAt(parameters, ['VPCSettings', 'VpcId'])
  const zone = textAt(parameters, ['Placement', 'Zone'])
  const software = product ? [...offeredBy(product).values()].map(nameOf) : []
  const sold = products.filter(
    ({ id }) => !checkProduct(id, 'seed') || !checkProduct(id, 'current'),
  )
  return {
    ProductId: {
      values: sold.map(({ id, version }) => ({ value: id, text: version })),
      only: true,
    },
    ProductVersion: only(sold.map(({ version }) => ({ value: version }))),
    'Software.*': only(software.map((value) => ({ value }))),
    SceneName: only(
      scenes
        .filter((scene) => scene.class === product?.class)
        .map(({ name, en }) => ({ value: name, text: en })),
    ),
    Zone: only(zones.map((value) => ({ value }))),
    VpcId: there('network'),
    SubnetId: there('subnet', {
      ...(network === undefined ? {} : { network }),
      ...(zone === undefined ? {} : { zone }),
    }),
    SgId: there('security-group'),
    'SecurityGroupIds.*': there('security-group'),
    PublicKeyId: there('key-pair'),
    'DisasterRecoverGroupIds.*': there('placement-group'),
    UnifyMetaInstanceId: there('metadata-database'),
    EksClusterId: there('container-cluster'),
    InstanceType: only(machinesIn(zones, parameters)),
    DiskType: only(
      diskTypes
        .filter(({ kind }) => kind === 'cloud')
        .map(({ diskType, en }) => ({ value: diskType, text: en })),
    ),
    CosBucket: there('bucket'),
    ...terms(parameters),
    ...(parameters['ClusterClass'] === 'EMR-TKE' ? offersOfContainers(region, parameters) : {}),
    ...(cluster ? offersOfCluster(cluster) : {}),
  }
}

/** What pods are made of has a catalogue of its own. */
function offersOfContainers(region: string, { ProductId }: OfferQuery['parameters']): Offers {
  const sold = containerProducts.flatMap((id) => containerProduct(id) ?? [])
  const product = sold.find(({ id }) => id === ProductId) ?? sold[0]
  const components = [...(product?.components ?? [])]
  const roles = podRoles.filter(({ component }) => product?.components.has(component))
  return {
    ProductId: only(sold.map(({ id, version }) => ({ value: id, text: version }))),
    'Software.*': only(components.map(([name, version]) => ({ value: `${name}-${version}` }))),
    ZoneId: only(
      (regionOf(region)?.zones ?? []).map(({ id, name }) => ({ value: id, text: name })),
    ),
    ComponentName: only(roles.map(({ name, service }) => ({ value: name, text: service }))),
    Service: only(roles.map(({ service }) => ({ value: service }))),
  }
}

const ROLES: Readonly<Record<string, string>> = { MASTER: 'master', CORE: 'core', TASK: 'task' }

function offersOfCluster(cluster: Cluster): Offers {
  const { groups, network } = cluster.spec
  const zone = regionOf(cluster.region)?.zones.find(({ name }) => name === network.zone)
  const machines = groups.flatMap(({ role, nodes }) =>
    nodes.map(({ id, name }) => ({ value: machineIdOf(id), text: `${role} ${name}` })),
  )
  const services = new Set(daemonsOfCluster(cluster).map(({ service }) => service))
  return {
    'CvmInstanceIds.*': only(machines),
    NodeFlag: only(
      Object.entries(ROLES)
        .filter(([, role]) => groups.some((group) => group.role === role))
        .map(([value]) => ({ value })),
    ),
    ServiceName: only([...services].map((value) => ({ value }))),
    ZoneId: only(zone ? [{ value: zone.id, text: zone.name }] : []),
  }
}

/** How it is paid, in the numbers of the older schema. */
function terms(parameters: OfferQuery['parameters']): Offers {
  const prepaid = parameters['PayMode'] === 1
  return {
    PayMode: only([
      { value: 0, text: 'POSTPAID_BY_HOUR' },
      { value: 1, text: 'PREPAID' },
    ]),
    TimeUnit: only([{ value: prepaid ? 'm' : 's' }]),
    TimeSpan: only((prepaid ? prepaidMonths : [3600]).map((value) => ({ value }))),
    SupportHA: only([{ value: 0 }, { value: 1 }]),
  }
}

function productIn(parameters: OfferQuery['parameters']): Product | undefined {
  const { ProductId: id, ProductVersion: version } = parameters
  if (typeof id === 'number') return productOf(id)
  return typeof version === 'string' ? productByVersion(version) : undefined
}

function nameOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}-${version}`
}

function soldIn(region: string, declared: Offer): readonly string[] {
  const names = (regionOf(region)?.zones ?? []).map(({ name }) => name)
  return names.filter((zone) => declared.values.some(({ value }) => value === zone))
}

/** Those of the chosen zone; of any zone of the region while none is chosen. */
function machinesIn(
  zones: readonly string[],
  parameters: OfferQuery['parameters'],
): readonly OfferedValue[] {
  const chosen = textAt(parameters, ['Placement', 'Zone'])
  const payMode: PayMode = parameters['PayMode'] === 1 ? 'prepaid' : 'postpaid'
  const wanted = chosen === undefined ? zones : [chosen]
  return instanceTypes
    .filter((type) => wanted.some((zone) => !checkOffer(type, { zone, payMode })))
    .map(({ name, cpu, memoryMb }) => ({ value: name, text: `${cpu} / ${memoryMb / 1024} GiB` }))
}

function textAt(parameters: unknown, path: readonly string[]): string | undefined {
  let value = parameters
  for (const name of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

function only(values: readonly OfferedValue[]): Offer {
  return { values, only: true }
}

function textOf(text: string | undefined) {
  return text === undefined ? {} : { text }
}
