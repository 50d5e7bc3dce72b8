/**
 * A cluster in several zones: nodes of any role in the first two, in a third one what only arbitrates. The first is its own, which all that
 * is said of a cluster as a whole names (reference: tencent-emr.md 2.1 MultiZoneSettings, 2.4 rule 15; api.json ZoneTag).
 */
import type { Product } from '../../catalogue/schema.ts'
import { zoneOf } from '../../catalogue/region.ts'
import type { NodeMarkInput, ResourceSpecInput } from './create-shape.ts'
import {
  readNetwork,
  readPlace,
  requireNetwork,
  type Network,
  type Place,
  type Site,
} from './place.ts'
import type { Prerequisites } from './prerequisites.ts'
import { requireResources, type RolePlan } from '../node/plan.ts'
import { given, invalid, oneOf, unsupportedValue } from '../refusal.ts'

const zoneTags = ['master', 'standby', 'third-party'] as const

/** Where the nodes of a further zone stand. */
export interface ZoneSite {
  readonly site: Site
  readonly place: Place
  readonly network: Network
}

/** The same with its nodes. */
export interface ZonePlan extends ZoneSite {
  readonly roles: readonly RolePlan[]
  /** By role. */
  readonly marks: ReadonlyMap<string, readonly string[]>
}

export interface FirstZone {
  readonly place: Place
  readonly network: Network
  readonly product: Product
  readonly highAvailability: boolean
}

/** Those behind the first. Throws NotSupported, InvalidZone, InvalidVpcId, InvalidParameterValue, … */
export async function readFurther(
  sites: readonly Site[],
  first: FirstZone,
  around: Prerequisites,
): Promise<readonly ZoneSite[]> {
  const [, ...further] = sites
  if (further.length === 0) return []
  checkKind(sites, first)
  const region = first.place.region.name
  const found: ZoneSite[] = []
  for (const site of further) {
    requireResources(site)
    const place = readPlace(site, region)
    await around.place(place, site.prefix)
    const network = readNetwork(site, requireNetwork(site))
    await around.network(network, { zone: place.zone.name, prefix: site.prefix })
    checkPlace(site, { place, network }, [first, ...found])
    found.push({ site, place, network })
  }
  return found
}

/** Several zones are for what has a standby, and each has its part. */
function checkKind(sites: readonly Site[], { product, highAvailability }: FirstZone): void {
  const value = `${sites.length} zones`
  if (product.class !== 'hadoop')
    throw unsupportedValue('MultiZone', { value, why: 'only clusters of Hadoop stand in several' })
  if (!highAvailability) throw unsupportedValue('MultiZone', { value, why: 'it needs SupportHA 1' })
  for (const [at, { prefix, zoneTag, resourceSpec }] of sites.entries()) {
    const own = zoneTags[at] ?? ''
    const tag = given(zoneTag) ?? own
    if (tag !== own)
      throw refused(`${prefix}ZoneTag`, `the zone at this place is ${own}`, {
        value: tag,
        example: own,
      })
    const isArbiter = own === 'third-party'
    const working = WORKING.find((member) => (resourceSpec[member] ?? 0) > 0)
    if (isArbiter && working !== undefined)
      throw refused(`${prefix}ResourceSpec.${working}`, 'a third zone has common nodes only', {
        value: resourceSpec[working],
        example: 0,
      })
  }
}

const WORKING = ['MasterCount', 'CoreCount', 'TaskCount'] as const

function checkPlace(
  { prefix }: Site,
  { place, network }: Pick<ZoneSite, 'place' | 'network'>,
  earlier: readonly Pick<ZoneSite, 'place' | 'network'>[],
): void {
  const { name } = place.zone
  if (earlier.some((each) => each.place.zone.name === name))
    throw refused(`${prefix}Placement.Zone`, 'each zone is given once', { value: name })
  const [first] = earlier
  if (first && first.network.vpc !== network.vpc) {
    const rule = `all zones are in one VPC, ${first.network.vpc}`
    throw refused(`${prefix}VPCSettings.VpcId`, rule, { value: network.vpc })
  }
  if (first && first.place.project !== place.project) {
    const rule = `all zones are of one project, ${first.place.project}`
    throw refused(`${prefix}Placement.ProjectId`, rule, { value: place.project })
  }
}

/** The site whose numbers are those of all zones together, for the rules that a cluster is made by. */
export function together(sites: readonly Site[], first: Site): Site {
  const sum = (member: (typeof COUNTS)[number]) =>
    sites.reduce((all, { resourceSpec }) => all + (resourceSpec[member] ?? 0), 0)
  const counts = Object.fromEntries(COUNTS.map((member) => [member, sum(member)]))
  const resourceSpec: ResourceSpecInput = { ...first.resourceSpec, ...counts }
  return { ...first, resourceSpec }
}

/** Every mark names the zone of its nodes. */
export function requireZones(marks: readonly NodeMarkInput[], stands: readonly ZoneSite[]): void {
  const names = stands.map(({ place }) => place.zone.name)
  for (const [at, { Zone: asked = '' }] of marks.entries()) {
    if (names.includes(zoneOf(asked)?.zone.name ?? '')) continue
    const code = 'InvalidParameterValue'
    throw invalid({ name: `NodeMarks.${at}.Zone`, code, rule: oneOf(names), value: asked })
  }
}

const COUNTS = ['MasterCount', 'CoreCount', 'TaskCount', 'CommonCount'] as const

function refused(
  name: string,
  rule: string,
  it: { readonly value: unknown; readonly example?: unknown },
) {
  return invalid({ name, code: 'InvalidParameterValue', rule, ...it })
}
