/**
 * DescribeResourceConstraints: what can be ordered, from the data by which orders are judged. Without a region it tells of the zones of
 * all. Facts: reference alibaba-starrocks.md 3.1 (envelope), 3.2 (the only GET), 6.9.
 */
import {
  choice,
  decimal,
  flag,
  integer,
  list,
  map,
  object,
  optional,
  text,
} from '../../../../shape/shape.ts'
import { constraints } from '../../catalogue/constraint.ts'
import { regionOf, regions } from '../../catalogue/region.ts'
import { action } from '../action.ts'
import { instanceResources, regionId } from '../shape.ts'

const range = object({ Default: integer(), Max: integer(), Min: integer(), Step: integer() })
const specification = object({ Cu: integer(), NodeNumber: integer(), StorageSize: integer() })
const kinds = list(object({ Display: text(), Name: text() }))
const machines = list(
  object({
    Cpu: integer(),
    DiskNumber: text(),
    Display: text(),
    EcsInstanceType: text(),
    InstanceType: text(),
    IsDefault: text(),
    Memory: decimal(),
    StorageSize: text(),
  }),
)

const view = object({
  AgentCu: list(integer()),
  BeCu: list(integer()),
  BeCuOnEcs: list(integer()),
  BeNumber: range,
  BeStorageConstraints: list(
    object({
      Desc: text(),
      DiskNumberConstraint: range,
      IsDefault: flag(),
      Level: text(),
      ValueConstraint: range,
    }),
  ),
  BigDataInstanceTypeConstraints: machines,
  FeCu: list(integer()),
  FeCuOnEcs: list(integer()),
  FeNumber: range,
  FeSpecType: kinds,
  FeStorage: range,
  HaFeResourceSpec: specification,
  LocalSSDInstanceTypeConstraints: machines,
  NormalFeResourceSpec: specification,
  SpecType: kinds,
  SplitDiskThresholdMap: map(map(text())),
  VersionConstraint: object({
    BetaVersions: list(text()),
    DefaultVersion: text(),
    Versions: list(text()),
  }),
  ZoneSupportedEedTypes: map(list(text())),
  ZoneSupportedSpecTypes: map(list(text())),
  compactionServiceCuConstraint: object({
    def: integer(),
    max: integer(),
    min: integer(),
    step: integer(),
  }),
  zoneSupportCompactionService: map(
    list(object({ zoneId: text(), resourceLevel: text(), recommended: flag() })),
  ),
})

export const describeResourceConstraints = action({
  name: 'DescribeResourceConstraints',
  input: {
    Architecture: choice(['onEci', 'onEcs', 'onBareMetal'], {
      label: 'Architecture',
      ignoreCase: true,
      default: 'onEci',
    }),
    PackageType: choice(['trial', 'official'], { label: 'Package type', default: 'official' }),
    RegionId: optional(regionId),
    RunMode: choice(['shared_nothing', 'shared_data', 'lakehouse'], {
      label: 'Run mode',
      default: 'shared_data',
    }),
  },
  output: { Data: view },
  faults: [],
  resources: (call) => instanceResources(call, []),
  async run(_core, call, { Architecture, PackageType, RunMode }) {
    const region = regionOf(call.region) ?? everywhere
    const asked = { architecture: Architecture, packageType: PackageType, runMode: RunMode }
    return { Data: constraints({ ...asked, region }) }
  },
})

const everywhere = {
  ...regions[0]!,
  zones: regions.flatMap(({ zones }) => zones),
}
