/**
 * An instance as a whole: the rules between its members that need nothing but the catalogue. All problems are returned, in
 * the order of the documented members, because the service reports them together. Whether VPCs, roles, keys and stock
 * exist is asked elsewhere. Facts: reference alibaba-starrocks.md 4.1, 4.3 (X1-X14), 10.
 */

import {
  checkNodeGroup,
  cuSizes,
  defaultPolicy,
  labelOf,
  nodeGroupData,
  type CataloguePolicy,
  type GroupPlace,
  type NodeGroup,
} from './node-group.ts'
import { cycles } from './price.ts'
import { notIn, within, type Problem } from './problem.ts'
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
  /** Of each vSwitch, where it names one. */
  readonly switchZones: readonly (string | undefined)[]
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
    ...within('RegionId', notIn('Region id', shape.regionId, regionIds)),
    ...within('Version', checkVersion(shape.version)),
    ...within('RunMode', notIn('Run mode', shape.runMode, runModes(policy))),
    ...within('PackageType', notIn('Package type', shape.packageType, packageTypes)),
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
  const problems = within('PayType', notIn('Pay type', shape.payType, ['prePaid', 'postPaid']))
  if (shape.payType !== 'prePaid') return problems
  const when = 'pay type is prePaid'
  const { pricingCycle, duration } = shape
  if (pricingCycle === undefined)
    return [required('Pricing cycle', when, { path: 'PricingCycle', example: 'Month' })]
  const cycle = cycles.find((one) => one.pricingCycle === pricingCycle)
  if (cycle === undefined) {
    const allowed = cycles.map((one) => one.pricingCycle)
    return within('PricingCycle', notIn('Pricing cycle', pricingCycle, allowed))
  }
  if (duration === undefined)
    return [required('Duration', when, { path: 'Duration', example: cycle.durations[0] })]
  return within('Duration', notIn('Duration', duration, cycle.durations))
}

/** The primary zone sells the edition, and one of the vSwitches is in it (X9); all of them are in zones of the region. */
function checkZone(
  { zoneId, switchZones }: InstanceShape,
  region: Region,
  packageType: PackageType,
): readonly Problem[] {
  const named = switchZones.filter((zone) => zone !== undefined)
  const open = zonesFor(region, packageType)
  const example = named.find((zone) => open.includes(zone)) ?? open[0]
  const sold = notIn('Zone id', zoneId, open).map((problem) => ({ ...problem, example }))
  if (sold.length > 0 || named.length === 0) return within('ZoneId', sold)
  const zones = region.zones.map(({ id }) => id)
  const at = switchZones.findIndex((zone) => zone !== undefined && !zones.includes(zone))
  const wrong = notIn('Zone id of vSwitch', switchZones[at] ?? '', zones)
  if (at >= 0) return within(`VSwitches.${at}.ZoneId`, wrong)
  return within('ZoneId', notIn('Zone id', zoneId, named))
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
      const place = { component, packageType, architecture, defaultGroup }
      return within(`${listOf(component)}.${at}`, checkNodeGroup(group, place, policy))
    })
  return [
    ...countOf('frontend', frontends, { min: 1, max: 1 }),
    ...countOf('backend', backends, { min: 1, max: nodeGroupData.groups.backendMax }),
    ...check('OBSERVER', observers),
    ...check(computeComponentOf(runMode), backends),
    ...sameSpecType(backends),
    ...check('FE', frontends),
    ...checkObservers(shape),
    ...checkAgent(shape, packageType, policy),
  ]
}

function countOf(
  kind: 'frontend' | 'backend' | 'observer',
  groups: readonly NodeGroup[],
  { min, max }: { readonly min: number; readonly max: number },
): readonly Problem[] {
  if (groups.length >= min && groups.length <= max) return none
  const path = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}NodeGroups`
  const value = `${groups.length} groups`
  const example = [{ cu: 8, storageSize: 200, residentNodeNumber: 1 }]
  return [{ what: `Number of ${kind} node groups`, rule: 'range', min, max, path, value, example }]
}

/** The list of a request that groups of a component stand in. */
function listOf(component: Component): string {
  if (component === 'FE') return 'FrontendNodeGroups'
  return component === 'OBSERVER' ? 'ObserverNodeGroups' : 'BackendNodeGroups'
}

function required(
  what: string,
  when: string,
  place: { readonly path: string; readonly example: unknown },
): Problem {
  return { what, rule: 'required', when, value: null, ...place }
}

/** X5: the compute groups of an instance are of one kind. */
function sameSpecType(backends: readonly NodeGroup[]): readonly Problem[] {
  const [first] = backends
  if (first === undefined) return none
  return backends
    .flatMap((group, at) =>
      within(
        `BackendNodeGroups.${at}.specType`,
        notIn('Spec type of be', group.specType, [first.specType]),
      ),
    )
    .slice(0, 1)
}

/** X6, X7: observers are for several zones, which only instances with separate storage have, and are built like the FE. */
function checkObservers(shape: InstanceShape): readonly Problem[] {
  const { observers, frontends, runMode, packageType } = shape
  if (observers.length === 0 && shape.multiZone !== true) return none
  const what = observers.length > 0 ? 'Observer node group' : 'Multi-zone disaster recovery'
  const place =
    observers.length > 0
      ? { path: 'ObserverNodeGroups', value: `${observers.length} groups`, example: [] }
      : { path: 'EnableMultiAz', value: true, example: false }
  if (runMode === 'shared_nothing') {
    return [{ what, rule: 'unsupported', when: `run mode is ${runMode}`, ...place }]
  }
  if (packageType === 'trial') {
    return observers.length > 0
      ? none
      : [{ what, rule: 'unsupported', when: 'package type is trial', ...place }]
  }
  const [frontend] = frontends
  if (frontend === undefined) return none
  return [
    ...countOf('observer', observers, { min: 0, max: nodeGroupData.groups.observerMax }),
    ...observers.flatMap((group, at) =>
      within(`ObserverNodeGroups.${at}`, [
        ...within('cu', notIn('Cu of observer', group.cu, [frontend.cu])),
        ...within(
          'storageSize',
          notIn('Storage size of observer', group.storageSize, [frontend.storageSize]),
        ),
      ]),
    ),
  ]
}

/** X13, and X12 for the trial edition. */
export function checkAgent(
  { agentCu }: Pick<InstanceShape, 'agentCu'>,
  packageType: PackageType,
  policy: CataloguePolicy = defaultPolicy,
): readonly Problem[] {
  if (agentCu === undefined) return none
  const sizes = cuSizes('AGENT', packageType, 'onEci')
  if (!policy.agent || sizes.length === 0) {
    const when = policy.agent ? `package type is ${packageType}` : 'its feature gate is closed'
    const place = { path: 'AgentNodeGroup', value: { cu: agentCu }, example: null }
    return [{ what: 'Agent node group', rule: 'unsupported', when, ...place }]
  }
  return within('AgentNodeGroup.cu', notIn('Cu of agent', agentCu, sizes))
}

/** FE and compute groups are in the primary zone, observers each in another one of the region (X7, X8). */
function checkZonesOfGroups(shape: InstanceShape, region: Region): readonly Problem[] {
  const { zoneId, frontends, backends, observers } = shape
  const primary = (component: Component, groups: readonly NodeGroup[]) =>
    groups.flatMap((group, at) =>
      within(
        `${listOf(component)}.${at}.zoneId`,
        notIn(`Zone id of ${labelOf(component)}`, group.zoneId ?? zoneId, [zoneId]),
      ),
    )
  const machines = backends.flatMap((group, at) =>
    within(`BackendNodeGroups.${at}.specType`, checkMachines(group, zoneId, region)),
  )
  const free = new Set(zonesFor(region, 'official').filter((zone) => zone !== zoneId))
  const elsewhere = observers.flatMap((group, at) => {
    const problems = notIn('Zone id of observer', group.zoneId ?? '', [...free])
    free.delete(group.zoneId ?? '')
    return within(`ObserverNodeGroups.${at}.zoneId`, problems)
  })
  return [...elsewhere, ...primary('BE', backends), ...machines, ...primary('FE', frontends)]
}

/** A zone that sells the edition need not have every kind of machine. */
export function checkMachines(
  { specType }: NodeGroup,
  zoneId: string,
  region: Region,
): readonly Problem[] {
  const known = specTypeOf(specType)
  const here = region.zones.some((zone) => zone.id === zoneId)
  if (!here || known === undefined || zonesWith(region, known.name).includes(zoneId)) return none
  const what = 'Spec type of be'
  const when = `it is ${specType} and zone id is ${zoneId}`
  return [{ what, rule: 'unsupported', when, value: specType, example: 'standard' }]
}

/** X11 and X14: members that only make sense together. */
function checkBindings(shape: InstanceShape): readonly Problem[] {
  const problems: Problem[] = []
  if (shape.encrypted === true && shape.kmsKeyId === undefined) {
    const place = { path: 'KmsKeyId', example: '05754286-3ba2-4fa6-8d41-4323aca6' }
    problems.push(required('Kms key id', 'encrypted is true', place))
  }
  const principal = [
    ['Linked ram user name', 'LinkedRamUserName', shape.linkedRamUserName, 'analyst'],
    ['Principal type', 'PrincipalType', shape.principalType, 'RS'],
    ['Ram user id', 'RamUserId', shape.ramUserId, '123456'],
  ] as const
  if (principal.some(([, , value]) => value !== undefined)) {
    for (const [what, path, value, example] of principal) {
      if (value !== undefined) continue
      problems.push(required(what, 'a ram principal is linked', { path, example }))
    }
  }
  if (shape.principalType !== undefined) {
    const wrong = notIn('Principal type', shape.principalType, ['RS', 'RR'])
    problems.push(...within('PrincipalType', wrong))
  }
  if (shape.dlfCatalogType !== undefined) {
    const wrong = notIn('Dlf catalog type', shape.dlfCatalogType, ['paimon', 'iceberg'])
    problems.push(...within('DlfCatalogType', wrong))
    if (shape.dlfCatalogName === undefined) {
      const place = { path: 'DlfCatalogName', example: 'lake' }
      problems.push(required('Dlf catalog name', 'dlf catalog type is set', place))
    }
  }
  return problems
}
