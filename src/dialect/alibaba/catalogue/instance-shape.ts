/**
 * An instance as a whole: the rules between its members that need nothing but the catalogue. All problems are returned, in
 * the order of the documented members, because the service reports them together. Whether VPCs, roles, keys and stock
 * exist is asked elsewhere. Facts: reference alibaba-starrocks.md 4.1, 4.3 (X1-X14), 10.
 */

import {
  checkNodeGroup,
  cuLadder,
  defaultPolicy,
  labelOf,
  nodeGroupData,
  type CataloguePolicy,
  type GroupPlace,
  type NodeGroup,
} from './node-group.ts'
import { cycles } from './price.ts'
import { notIn, type Problem } from './problem.ts'
import { regionIds, regionOf, zonesFor, zonesWith } from './region.ts'
import type { Architecture, Component, PackageType, Region } from './schema.ts'
import { architectureOf, specTypeOf } from './spec-type.ts'
import { checkVersion } from './version.ts'

export interface InstanceShape {
  readonly regionId: string
  readonly version: string
  readonly runMode: string
  readonly packageType: string
  readonly payType: string
  readonly zoneId: string
  /** The zones of the vSwitches that name one. */
  readonly switchZones: readonly string[]
  readonly frontends: readonly NodeGroup[]
  readonly backends: readonly NodeGroup[]
  readonly observers: readonly NodeGroup[]
  readonly agentCu?: number | undefined
  readonly multiZone?: boolean | undefined
  readonly pricingCycle?: string | undefined
  readonly duration?: number | undefined
  readonly encrypted?: boolean | undefined
  readonly kmsKeyId?: string | undefined
  readonly linkedRamUserName?: string | undefined
  readonly principalType?: string | undefined
  readonly ramUserId?: string | undefined
  readonly dlfCatalogName?: string | undefined
  readonly dlfCatalogType?: string | undefined
}

const packageTypes = ['trial', 'official'] as const
const none: readonly Problem[] = []

export function checkInstanceShape(
  shape: InstanceShape,
  policy: CataloguePolicy = defaultPolicy,
): readonly Problem[] {
  const region = regionOf(shape.regionId)
  const problems = [
    ...notIn('Region id', shape.regionId, regionIds),
    ...checkVersion(shape.version),
    ...notIn('Run mode', shape.runMode, runModes(policy)),
    ...notIn('Package type', shape.packageType, packageTypes),
    ...checkTerm(shape),
  ]
  const packageType = packageTypes.find((one) => one === shape.packageType)
  if (packageType !== undefined && region !== undefined) {
    problems.push(...checkZone(shape, region, packageType))
  }
  if (packageType !== undefined) problems.push(...checkGroups(shape, packageType, policy))
  if (region !== undefined) problems.push(...checkZonesOfGroups(shape, region))
  return [...problems, ...checkBindings(shape)]
}

function runModes(policy: CataloguePolicy = defaultPolicy): readonly string[] {
  return ['shared_nothing', 'shared_data', ...(policy.lakehouse ? ['lakehouse'] : [])]
}

/** X3: the compute groups of a run mode are backends with storage or compute nodes without. */
export function computeComponentOf(runMode: string): 'BE' | 'CN' {
  return runMode === 'shared_nothing' ? 'BE' : 'CN'
}

/** An instance is on ECS when a compute group has local disks, else on ECI. */
export function instanceArchitectureOf(
  backends: readonly Pick<NodeGroup, 'specType'>[],
): Architecture {
  const onEcs = backends.some((group) => architectureOf(group.specType) === 'onEcs')
  return onEcs ? 'onEcs' : 'onEci'
}

/** X1, X2: a subscription has a term; the term of anything else does not matter. */
export function checkTerm(
  shape: Pick<InstanceShape, 'payType' | 'pricingCycle' | 'duration'>,
): readonly Problem[] {
  const problems = notIn('Pay type', shape.payType, ['prePaid', 'postPaid'])
  if (shape.payType !== 'prePaid') return problems
  const when = 'pay type is prePaid'
  const { pricingCycle, duration } = shape
  if (pricingCycle === undefined) return [{ what: 'Pricing cycle', rule: 'required', when }]
  const cycle = cycles.find((one) => one.pricingCycle === pricingCycle)
  if (cycle === undefined) {
    return notIn(
      'Pricing cycle',
      pricingCycle,
      cycles.map((one) => one.pricingCycle),
    )
  }
  if (duration === undefined) return [{ what: 'Duration', rule: 'required', when }]
  return notIn('Duration', duration, cycle.durations)
}

/** The primary zone sells the edition, and one of the vSwitches is in it (X9); all of them are in zones of the region. */
function checkZone(
  { zoneId, switchZones }: InstanceShape,
  region: Region,
  packageType: PackageType,
): readonly Problem[] {
  const sold = notIn('Zone id', zoneId, zonesFor(region, packageType))
  if (sold.length > 0 || switchZones.length === 0) return sold
  const zones = region.zones.map(({ id }) => id)
  const strange = switchZones.find((zone) => !zones.includes(zone))
  if (strange !== undefined) return notIn('Zone id of vSwitch', strange, zones)
  return notIn('Zone id', zoneId, switchZones)
}

function checkGroups(
  shape: InstanceShape,
  packageType: PackageType,
  policy: CataloguePolicy,
): readonly Problem[] {
  const { frontends, backends, observers, runMode } = shape
  const architecture = packageType === 'trial' ? 'onEci' : instanceArchitectureOf(backends)
  const check = (component: GroupPlace['component'], groups: readonly NodeGroup[]) =>
    groups.flatMap((group, at) => {
      const defaultGroup = at === 0 || component !== computeComponentOf(runMode)
      return checkNodeGroup(group, { component, packageType, architecture, defaultGroup }, policy)
    })
  return [
    ...countOf('frontend', frontends, 1, 1),
    ...countOf('backend', backends, 1, nodeGroupData.groups.backendMax),
    ...check('OBSERVER', observers),
    ...check(computeComponentOf(runMode), backends),
    ...sameSpecType(backends),
    ...check('FE', frontends),
    ...checkObservers(shape),
    ...checkAgent(shape, packageType, policy),
  ]
}

function countOf(
  kind: string,
  groups: readonly NodeGroup[],
  min: number,
  max: number,
): readonly Problem[] {
  const good = groups.length >= min && groups.length <= max
  return good ? none : [{ what: `Number of ${kind} node groups`, rule: 'range', min, max }]
}

/** X5: the compute groups of an instance are of one kind. */
function sameSpecType(backends: readonly NodeGroup[]): readonly Problem[] {
  const [first] = backends
  if (first === undefined) return none
  return backends
    .flatMap((group) => notIn('Spec type of be', group.specType, [first.specType]))
    .slice(0, 1)
}

/** X6, X7: observers are for several zones, which only instances with separate storage have, and are built like the FE. */
function checkObservers(shape: InstanceShape): readonly Problem[] {
  const { observers, frontends, runMode, packageType } = shape
  if (observers.length === 0 && shape.multiZone !== true) return none
  const what = observers.length > 0 ? 'Observer node group' : 'Multi-zone disaster recovery'
  if (runMode === 'shared_nothing') {
    return [{ what, rule: 'unsupported', when: `run mode is ${runMode}` }]
  }
  if (packageType === 'trial') {
    return observers.length > 0
      ? none
      : [{ what, rule: 'unsupported', when: 'package type is trial' }]
  }
  const [frontend] = frontends
  if (frontend === undefined) return none
  return [
    ...countOf('observer', observers, 0, nodeGroupData.groups.observerMax),
    ...observers.flatMap((group) => [
      ...notIn('Cu of observer', group.cu, [frontend.cu]),
      ...notIn('Storage size of observer', group.storageSize, [frontend.storageSize]),
    ]),
  ]
}

/** X13, and X12 for the trial edition. */
function checkAgent(
  { agentCu }: InstanceShape,
  packageType: PackageType,
  policy: CataloguePolicy,
): readonly Problem[] {
  if (agentCu === undefined) return none
  const ladder = cuLadder('AGENT', packageType, 'onEci')
  if (!policy.agent || ladder.length === 0) {
    const when = policy.agent ? `package type is ${packageType}` : 'its feature gate is closed'
    return [{ what: 'Agent node group', rule: 'unsupported', when }]
  }
  return notIn('Cu of agent', agentCu, ladder)
}

/** FE and compute groups are in the primary zone, observers each in another one of the region (X7, X8). */
function checkZonesOfGroups(shape: InstanceShape, region: Region): readonly Problem[] {
  const { zoneId, frontends, backends, observers } = shape
  const primary = (component: Component, groups: readonly NodeGroup[]) =>
    groups.flatMap((group) =>
      notIn(`Zone id of ${labelOf(component)}`, group.zoneId ?? zoneId, [zoneId]),
    )
  const machines = backends.flatMap((group) => checkMachines(group, zoneId, region))
  const free = new Set(zonesFor(region, 'official').filter((zone) => zone !== zoneId))
  const elsewhere = observers.flatMap((group) => {
    const problems = notIn('Zone id of observer', group.zoneId ?? '', [...free])
    free.delete(group.zoneId ?? '')
    return problems
  })
  return [...elsewhere, ...primary('BE', backends), ...machines, ...primary('FE', frontends)]
}

/** A zone that sells the edition need not have every kind of machine. */
function checkMachines(
  { specType }: NodeGroup,
  zoneId: string,
  region: Region,
): readonly Problem[] {
  const known = specTypeOf(specType)
  const here = region.zones.some((zone) => zone.id === zoneId)
  if (!here || known === undefined || zonesWith(region, known.name).includes(zoneId)) return none
  const what = 'Spec type of be'
  return [{ what, rule: 'unsupported', when: `it is ${specType} and zone id is ${zoneId}` }]
}

/** X11 and X14: members that only make sense together. */
function checkBindings(shape: InstanceShape): readonly Problem[] {
  const problems: Problem[] = []
  if (shape.encrypted === true && shape.kmsKeyId === undefined) {
    problems.push({ what: 'Kms key id', rule: 'required', when: 'encrypted is true' })
  }
  const principal = {
    'Linked ram user name': shape.linkedRamUserName,
    'Principal type': shape.principalType,
    'Ram user id': shape.ramUserId,
  }
  if (Object.values(principal).some((value) => value !== undefined)) {
    for (const [what, value] of Object.entries(principal)) {
      if (value !== undefined) continue
      problems.push({ what, rule: 'required', when: 'a ram principal is linked' })
    }
  }
  if (shape.principalType !== undefined) {
    problems.push(...notIn('Principal type', shape.principalType, ['RS', 'RR']))
  }
  if (shape.dlfCatalogType !== undefined) {
    problems.push(...notIn('Dlf catalog type', shape.dlfCatalogType, ['paimon', 'iceberg']))
    if (shape.dlfCatalogName === undefined) {
      const when = 'dlf catalog type is set'
      problems.push({ what: 'Dlf catalog name', rule: 'required', when })
    }
  }
  return problems
}
