/**
 * Where the cluster stands: zone, project, network, security group, placement group (reference: tencent-emr.md 2.1, 2.9).
 * A well-formed id that nobody declared is adopted; a declared environment would be asked here.
 */
import { listed } from '../../../../kernel/enumeration.ts'
import { regionOf, zoneOf } from '../../catalogue/region.ts'
import type { Region, Zone } from '../../catalogue/schema.ts'
import type { CreationInput, OrderInput } from './create-shape.ts'
import { example, objectExample } from './example.ts'
import { given, invalid, missing } from '../refusal.ts'

export interface Place {
  readonly region: Region
  readonly zone: Zone
  readonly project: number
}

export interface Network {
  readonly vpc: string
  readonly subnet: string
}

/** The members that say where, from the request itself or from a MultiZoneSettings item. */
export interface Site {
  /** Before the names of its members, in refusals: empty, or `MultiZoneSettings.0.` and so on. */
  readonly prefix: string
  readonly placement: NonNullable<OrderInput['Placement']>
  readonly vpcSettings: OrderInput['VPCSettings']
  readonly resourceSpec: NonNullable<OrderInput['ResourceSpec']>
  /** As it was sent. */
  readonly zoneTag?: string | undefined
}

/** Of every zone, the first one first. Throws MissingParameter for what neither place has. */
export function sitesOf(input: OrderInput): readonly [Site, ...Site[]] {
  if (input.VersionID !== 1) return [siteIn(input, '')]
  const [first = {}, ...others] = input.MultiZoneSettings ?? []
  return [
    siteIn(first, 'MultiZoneSettings.0.'),
    ...others.map((each, at) => siteIn(each, `MultiZoneSettings.${at + 1}.`)),
  ]
}

type ZoneSetting = NonNullable<OrderInput['MultiZoneSettings']>[number]

function siteIn(setting: ZoneSetting, prefix: string): Site {
  if (setting.Placement === undefined) throw missing(`${prefix}Placement`, objectExample.Placement)
  if (setting.ResourceSpec === undefined)
    throw missing(`${prefix}ResourceSpec`, objectExample.ResourceSpec)
  return {
    prefix,
    placement: setting.Placement,
    vpcSettings: setting.VPCSettings,
    resourceSpec: setting.ResourceSpec,
    zoneTag: setting.ZoneTag,
  }
}

/** Throws InvalidZone or InvalidProjectId. The zone may be its name or its number. */
export function readPlace(site: Site, region: string): Place {
  const { Zone: asked, ProjectId: project = 0 } = site.placement
  const found = zoneOf(asked)
  if (found?.region.name !== region) {
    const zones = regionOf(region)?.zones.map((zone) => zone.name) ?? []
    throw invalid({
      name: `${site.prefix}Placement.Zone`,
      code: 'InvalidParameter.InvalidZone',
      rule: `it must be a zone of ${region}: ${listed(zones)}`,
      value: asked,
      example: zones[0],
    })
  }
  if (project < 0) {
    throw invalid({
      name: `${site.prefix}Placement.ProjectId`,
      code: 'InvalidParameter.InvalidProjectId',
      rule: 'it must be 0 (the default project) or the number of a project',
      value: project,
      example: 0,
    })
  }
  return { region: found.region, zone: found.zone, project }
}

export type NetworkSettings = NonNullable<OrderInput['VPCSettings']>

/** Throws MissingParameter. */
export function requireNetwork({ prefix, vpcSettings }: Site): NetworkSettings {
  if (vpcSettings === undefined) throw missing(`${prefix}VPCSettings`, objectExample.VPCSettings)
  return vpcSettings
}

/** Throws InvalidVpcId or InvalidSubnetId. */
export function readNetwork({ prefix }: Site, settings: NetworkSettings): Network {
  const vpc = settings.VpcId.trim()
  const subnet = settings.SubnetId.trim()
  if (!/^vpc-[0-9a-z]{1,32}$/.test(vpc)) {
    throw invalid({
      name: `${prefix}VPCSettings.VpcId`,
      code: 'InvalidParameter.InvalidVpcId',
      rule: 'it must look like vpc-xxxxxxxx',
      value: vpc,
      example: example.VpcId,
    })
  }
  if (!/^subnet-[0-9a-z]{1,32}$/.test(subnet)) {
    throw invalid({
      name: `${prefix}VPCSettings.SubnetId`,
      code: 'InvalidParameter.InvalidSubnetId',
      rule: 'it must look like subnet-xxxxxxxx',
      value: subnet,
      example: example.SubnetId,
    })
  }
  return { vpc, subnet }
}

/** Undefined when a group is to be made. */
export function readSecurityGroup(asked: CreationInput['SgId']): string | undefined {
  const id = given(asked)
  if (id === undefined || /^sg-[0-9a-z]{8}$/.test(id)) return id
  throw invalid({
    name: 'SgId',
    code: 'InvalidParameter.InvalidSercurityGrpupId',
    rule: 'it must be sg- and 8 lower-case letters or digits',
    value: id,
    example: example.SgId,
  })
}

export function readPlacementGroups(ids: CreationInput['DisasterRecoverGroupIds']): string[] {
  const groups = (ids ?? []).map((id) => id.trim())
  if (groups.length > 1) {
    throw invalid({
      name: 'DisasterRecoverGroupIds',
      code: 'InvalidParameter',
      rule: 'only one placement group can be given',
      value: groups,
      example: [example.PlacementGroup],
    })
  }
  for (const id of groups) {
    if (!/^(ps|disa)-[0-9a-z]{8}$/.test(id)) {
      throw invalid({
        name: 'DisasterRecoverGroupIds.0',
        code: 'InvalidParameter',
        rule: 'it must be ps- or disa- and 8 lower-case letters or digits',
        value: id,
        example: example.PlacementGroup,
      })
    }
  }
  return groups
}
