/** Where the nodes of an instance stand, and how many: in one zone or in three (reference: tencent-emr.md api.json ZoneSettings). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { zoneOf } from '../../catalogue/region.ts'
import { readNetwork } from '../cluster/place.ts'
import { invalid } from '../refusal.ts'
import { renaming } from '../renaming.ts'
import type { ZoneSettingInput } from './shape.ts'

export interface InstanceZone {
  readonly zone: string
  readonly vpc: string
  readonly subnet: string
  readonly count: number
}

const NODES = { least: 3, most: 50 }
const COUNT = 'InvalidParameter.InvalidNodeCount'

/** Throws InvalidNodeCount, InvalidZone, InvalidVpcId, InvalidSubnetId, InvalidParameter. */
export function readZones(
  settings: readonly ZoneSettingInput[],
  region: string,
): readonly InstanceZone[] {
  if (settings.length !== 1 && settings.length !== 3)
    throw refused('ZoneSettings', 'there must be one zone or three', `${settings.length} zones`)
  const zones = settings.map((setting, at) => readZone(setting, { at, region }))
  const seen = new Set<string>()
  for (const [at, { zone, vpc }] of zones.entries()) {
    if (seen.has(zone)) throw refused(`ZoneSettings.${at}.Zone`, 'each zone is given once', zone)
    seen.add(zone)
    if (vpc !== zones[0]?.vpc)
      throw refused(`ZoneSettings.${at}.VPCSettings.VpcId`, 'all zones are in one VPC', vpc)
  }
  checkTotal(
    zones.reduce((sum, { count }) => sum + count, 0),
    'ZoneSettings',
  )
  return zones
}

/** Of all zones together. */
function checkTotal(total: number, name: string): void {
  if (total >= NODES.least && total <= NODES.most) return
  const rule = `all zones together must have ${NODES.least} to ${NODES.most} nodes`
  throw invalid({ name, code: COUNT, rule, value: `${total} nodes` })
}

function readZone(
  { Zone, VPCSettings, NodeNum }: ZoneSettingInput,
  { at, region }: { readonly at: number; readonly region: string },
): InstanceZone {
  const name = `ZoneSettings.${at}`
  const found = zoneOf(Zone)
  if (found?.region.name !== region) {
    const code = 'InvalidParameter.InvalidZone'
    const rule = `it must be a zone of ${region}`
    throw invalid({ name: `${name}.Zone`, code, rule, value: Zone })
  }
  const names = [['VPCSettings', `${name}.VPCSettings`]] as const
  const site = { prefix: '', placement: { Zone }, vpcSettings: VPCSettings, resourceSpec: {} }
  const { vpc, subnet } = renaming({ names }, () => readNetwork(site, VPCSettings))
  return { zone: found.zone.name, vpc, subnet, count: NodeNum }
}

/** Another number of nodes in a zone; how many more, or fewer below zero. Throws InvalidZone, InvalidNodeCount. */
export function resizeOf(
  { spec }: Cluster,
  { zone, count }: { readonly zone: string; readonly count: number },
): number {
  const group = spec.groups.find((each) => each.zone === zone)
  if (!group) {
    const rule = `it must be a zone of the instance: ${spec.groups.map((each) => each.zone).join(', ')}`
    throw invalid({ name: 'Zone', code: 'InvalidParameter.InvalidZone', rule, value: zone })
  }
  const more = count - group.nodes.length
  if (more === 0)
    throw invalid({ name: 'NodeNum', code: COUNT, rule: 'the zone has so many', value: count })
  const total = spec.groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
  checkTotal(total + more, 'NodeNum')
  return more
}

function refused(name: string, rule: string, value: string) {
  return invalid({ name, code: 'InvalidParameter', rule, value })
}
