/**
 * What may stand in the parameters of an instance: what the catalogue sells in the region, and what lies there. The same catalogue
 * judges a request.
 */
import type { Cluster } from '../../../domain/cluster/cluster.ts'
import type { Offer, OfferQuery, Offers } from '../../../gateway/dialect.ts'
import { listDeclared, type Resource, type ResourceKind } from '../../../domain/environment.ts'
import { computeComponentOf, instanceArchitectureOf } from '../catalogue/instance-shape.ts'
import { cuSizes, levelsFor } from '../catalogue/node-group.ts'
import { cycles } from '../catalogue/price.ts'
import { regionOf, zonesFor } from '../catalogue/region.ts'
import type { Component, PackageType } from '../catalogue/schema.ts'
import { specTypesFor } from '../catalogue/spec-type.ts'
import { versionsOnSale } from '../catalogue/version.ts'

export function offersOf({ environment, region, parameters, cluster }: OfferQuery): Offers {
  const there = (kind: ResourceKind, where: Partial<Pick<Resource, 'network'>> = {}): Offer => ({
    values: (environment ? listDeclared(environment, kind, { region, ...where }) : []).map(
      ({ id, name, zone }) => ({ value: id, ...textOf(name ?? zone) }),
    ),
    only: environment?.mode === 'closed',
  })
  const packageType = wordIn(parameters, 'PackageType') === 'trial' ? 'trial' : 'official'
  const runMode = wordIn(parameters, 'RunMode') ?? ''
  const network = wordIn(parameters, 'VpcId')
  const zones = only(soldIn(region, packageType, there('zone')))
  const groups = { packageType, specType: specTypeIn(parameters) } as const
  return {
    ZoneId: zones,
    zoneId: zones,
    TargetZoneId: zones,
    Version: only(versionsOnSale()),
    VpcId: there('network'),
    VswId: there('subnet', network === undefined ? {} : { network }),
    KmsKeyId: there('encryption-key'),
    DlfCatalogName: there('catalog'),
    PricingCycle: only(cycles.map(({ pricingCycle }) => pricingCycle)),
    ...groupOffers('FrontendNodeGroups.*.', { ...groups, component: 'FE' }),
    ...groupOffers('BackendNodeGroups.*.', { ...groups, component: computeComponentOf(runMode) }),
    ...groupOffers('ObserverNodeGroups.*.', { ...groups, component: 'OBSERVER' }),
    ...groupOffers('', { ...groups, component: 'CN' }),
    TargetSpecType: only(specTypesFor('CN', packageType).map(({ name }) => name)),
    ...(cluster ? offersOfCluster(cluster) : {}),
  }
}

function offersOfCluster({ spec, tags }: Cluster): Offers {
  const groups = spec.groups.map(({ id, name }) => ({ value: id, text: name }))
  const keys = tags.map(({ key }) => ({ value: key }))
  return {
    NodeGroupId: { values: groups, only: true },
    nodeGroupId: { values: groups, only: false },
    'TagKey.*': { values: keys, only: false },
  }
}

interface Sold {
  readonly component: Exclude<Component, 'AGENT'>
  readonly packageType: PackageType
  /** Of the first compute group, as all are of one kind. */
  readonly specType: string
}

function groupOffers(prefix: string, { component, packageType, specType }: Sold): Offers {
  const architecture = instanceArchitectureOf([{ specType }])
  return {
    [`${prefix}cu`]: only(cuSizes(component, packageType, architecture)),
    [`${prefix}specType`]: only(specTypesFor(component, packageType).map(({ name }) => name)),
    [`${prefix}storagePerformanceLevel`]: only(levelsFor(component)),
  }
}

function soldIn(region: string, packageType: PackageType, declared: Offer): readonly string[] {
  const known = regionOf(region)
  const sold = known ? zonesFor(known, packageType) : []
  return sold.filter((zone) => declared.values.some(({ value }) => value === zone))
}

function only(values: readonly (string | number)[]): Offer {
  return { values: values.map((value) => ({ value })), only: true }
}

function textOf(text: string | undefined) {
  return text === undefined ? {} : { text }
}

function wordIn(parameters: OfferQuery['parameters'], name: string): string | undefined {
  const value = parameters[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function specTypeIn({ BackendNodeGroups: groups }: OfferQuery['parameters']): string {
  const first: unknown = Array.isArray(groups) ? groups[0] : undefined
  const { specType } = (first ?? {}) as { readonly specType?: unknown }
  return typeof specType === 'string' ? specType : 'standard'
}
