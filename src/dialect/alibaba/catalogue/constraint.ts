/**
 * What can be ordered, in the words of DescribeResourceConstraints, made from the same data that validation reads: what
 * this answers is accepted, what it leaves out is refused. Facts: reference alibaba-starrocks.md 6.9.
 */

import {
  cuSizes,
  defaultPolicy,
  levelsFor,
  nodeGroupData,
  nodeNumberRange,
  storageRange,
  type CataloguePolicy,
  type Range,
} from './node-group.ts'
import { computeComponentOf } from './instance-shape.ts'
import { zonesFor } from './region.ts'
import type { Component, LocalType, PackageType, Region } from './schema.ts'
import { localTypesFor, specTypesFor } from './spec-type.ts'
import { defaultVersion, versionsOnSale } from './version.ts'

export interface ConstraintRequest {
  /** onEci, onEcs (in any case) or onBareMetal. */
  readonly architecture: string
  readonly packageType: PackageType
  readonly runMode: string
  readonly region: Region
}

export function constraints(
  { architecture, packageType, runMode, region }: ConstraintRequest,
  policy: CataloguePolicy = defaultPolicy,
) {
  const compute = computeComponentOf(runMode)
  const onEcs = architecture.toLowerCase() !== 'oneci'
  const specs = specTypesFor(compute, packageType)
  const sold = (name: string) => onEcs && specs.some((type) => type.name === name)
  const { ha, normal } = nodeGroupData.frontendDefaults
  const { compactionServiceCu } = nodeGroupData
  const zones = zonesFor(region, packageType)
  return {
    AgentCu: policy.agent ? [...cuSizes('AGENT', packageType, 'onEci')] : [],
    BeCu: [...cuSizes(compute, packageType, 'onEci')],
    BeCuOnEcs: [...cuSizes(compute, packageType, 'onEcs')],
    BeNumber: numberOf(compute, packageType, policy),
    BeStorageConstraints: storagesOf(compute, policy),
    BigDataInstanceTypeConstraints: sold('bigData') ? localTypesFor('bigData').map(machine) : [],
    FeCu: [...cuSizes('FE', packageType, 'onEci')],
    FeCuOnEcs: [...cuSizes('FE', packageType, 'onEcs')],
    FeNumber: numberOf('FE', packageType, policy),
    FeSpecType: specTypesFor('FE', packageType).map(named),
    FeStorage: wire(storageRange('FE', 'pl1', policy)),
    HaFeResourceSpec: frontend(ha),
    LocalSSDInstanceTypeConstraints: sold('localSSD') ? localTypesFor('localSSD').map(machine) : [],
    NormalFeResourceSpec: frontend(normal),
    SpecType: specs.filter((type) => onEcs || type.architecture === 'onEci').map(named),
    /** Deprecated by the service and empty ever since. */
    SplitDiskThresholdMap: {},
    VersionConstraint: {
      BetaVersions: [],
      DefaultVersion: defaultVersion,
      Versions: [...versionsOnSale()],
    },
    ZoneSupportedEedTypes: Object.fromEntries(zones.map((zone) => [zone, []])),
    ZoneSupportedSpecTypes: Object.fromEntries(
      region.zones
        .filter((zone) => zones.includes(zone.id))
        .map((zone) => [
          zone.id,
          zone.specTypes.filter((name) => specs.some((type) => type.name === name)),
        ]),
    ),
    compactionServiceCuConstraint: {
      def: compactionServiceCu.default,
      max: compactionServiceCu.max,
      min: compactionServiceCu.min,
      step: compactionServiceCu.step,
    },
    /** No zone sells the compaction service. */
    zoneSupportCompactionService: {},
  }
}

function numberOf(
  component: Exclude<Component, 'AGENT'>,
  packageType: PackageType,
  policy: CataloguePolicy,
) {
  return wire(nodeNumberRange({ component, packageType, defaultGroup: true }, policy))
}

function storagesOf(component: Component, policy: CataloguePolicy) {
  return levelsFor(component).map((level) => {
    const row = nodeGroupData.storage.find(
      (one) => one.component === component && one.level === level,
    )
    return {
      Desc: row?.desc ?? '',
      DiskNumberConstraint: wire(nodeGroupData.diskNumber),
      IsDefault: row?.isDefault ?? false,
      Level: level.toUpperCase(),
      ValueConstraint: wire(storageRange(component, level, policy)),
    }
  })
}

function wire(range: Range | undefined) {
  const { default: preset, max, min, step } = range ?? { default: 0, max: 0, min: 0, step: 1 }
  return { Default: preset, Max: max, Min: min, Step: step }
}

/** Some of these numbers are strings on the wire. */
function machine(type: LocalType) {
  return {
    Cpu: type.cpu,
    DiskNumber: String(type.diskNumber),
    Display: type.display,
    EcsInstanceType: type.ecsInstanceType,
    InstanceType: type.instanceType,
    IsDefault: String(type.isDefault),
    Memory: type.memoryGb,
    StorageSize: String(type.storageSize),
  }
}

function named(type: { readonly name: string; readonly display: string }) {
  return { Display: type.display, Name: type.name }
}

function frontend(spec: {
  readonly cu: number
  readonly nodeNumber: number
  readonly storageSize: number
}) {
  return { Cu: spec.cu, NodeNumber: spec.nodeNumber, StorageSize: spec.storageSize }
}
