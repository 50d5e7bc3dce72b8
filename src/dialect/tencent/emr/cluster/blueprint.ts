/**
 * A request to create a cluster, judged and understood. The order of the lines is the order in which a client learns of what
 * is wrong (reference: tencent-emr.md 2.8): the first broken rule is the one that is reported. What is around the cluster is asked
 * for in between, each thing in its place.
 */
import { priceOf, type Price, type Term } from '../../catalogue/price.ts'
import type { Product, Scene } from '../../catalogue/schema.ts'
import type { Chosen } from '../../catalogue/software.ts'
import { readBootstrap } from './bootstrap.ts'
import { readComponents } from './component-choice.ts'
import type { ConfigurationFile } from '../../../../domain/cluster/spec.ts'
import { readConfiguration } from './configuration.ts'
import type { CreationInput, InquiryInput } from './create-shape.ts'
import { checkCurrency } from './currency.ts'
import { readLogin, readName, type Login } from './login.ts'
import { readMetadata, type Metadata } from './metadata.ts'
import { readMarks } from '../node/node-mark.ts'
import {
  checkNodeCounts,
  checkOffers,
  readRoles,
  requireResources,
  resourceName,
  type RolePlan,
} from '../node/plan.ts'
import {
  checkRole,
  checkStorage,
  checkToken,
  readOptions,
  refuseLate,
  refuseLateOrder,
  type Options,
} from './option.ts'
import {
  readNetwork,
  readPlace,
  readPlacementGroups,
  readSecurityGroup,
  requireNetwork,
  sitesOf,
  type Network,
  type Place,
  type Site,
} from './place.ts'
import {
  readAutoRenew,
  readHighAvailability,
  readProduct,
  readScene,
  readTerm,
} from './purchase.ts'
import { zoneOf } from '../../catalogue/region.ts'
import { missing, unsupportedValue } from '../refusal.ts'
import { reservationsOf } from './supply.ts'
import type { DiskEncryption, Prerequisites } from './prerequisites.ts'
import { readFurther, requireZones, together, type ZonePlan, type ZoneSite } from './zone-plan.ts'
import { readTags } from '../tag/rule.ts'
import type { Tag } from '../../../../domain/cluster/cluster.ts'
import type { Reservation, Resource } from '../../../../domain/environment.ts'
import type { Script } from '../../../../domain/script.ts'

export interface Blueprint {
  readonly product: Product
  readonly scene: Scene | undefined
  readonly term: Term
  readonly autoRenew: boolean
  readonly name: string
  readonly login: Login
  readonly highAvailability: boolean
  readonly security: boolean
  readonly place: Place
  readonly network: Network
  readonly securityGroup: string | undefined
  readonly placementGroups: readonly string[]
  readonly options: Options
  readonly components: readonly Chosen[]
  readonly roles: readonly RolePlan[]
  /** By role. */
  readonly marks: ReadonlyMap<string, readonly string[]>
  /** Behind the first. */
  readonly further: readonly ZonePlan[]
  readonly reservations: readonly Reservation[]
  readonly uses: readonly Resource[]
  readonly metadata: Metadata
  readonly metadataProbe: string
  readonly configuration: readonly ConfigurationFile[]
  readonly bootstrap: readonly Script[]
  readonly encryption: DiskEncryption | undefined
  readonly tags: readonly Tag[]
  readonly applicationRole: string
  readonly token: string | undefined
  readonly price: Price
}

export async function readBlueprint(
  input: CreationInput,
  region: string,
  around: Prerequisites,
): Promise<Blueprint> {
  refuseLate(input)
  const sites = sitesOf(input)
  const [site] = sites
  const settings = requireNetwork(site)
  requireResources(site)
  const purchase = await readPurchase(input, around)
  const login = readLogin(input.LoginSettings)
  await around.keyPair(login.publicKeyId)
  const highAvailability = readHighAvailability(input.SupportHA)
  const place = readPlace(site, region)
  await around.place(place, site.prefix)
  const network = readNetwork(site, settings)
  await around.network(network, { zone: place.zone.name, prefix: site.prefix })
  const { product } = purchase
  const zones = await readFurther(sites, { place, network, product, highAvailability }, around)
  const securityGroup = readSecurityGroup(input.SgId)
  await around.securityGroup(securityGroup)
  const placementGroups = readPlacementGroups(input.DisasterRecoverGroupIds)
  await around.placementGroups(placementGroups)
  const options = readOptions(input)
  checkStorage(input.COSSettings)
  await around.storage(input.COSSettings)
  const stand = {
    site,
    zones,
    place,
    network,
    securityGroup,
    placementGroups,
    options,
    highAvailability,
  }
  const contents = await readContents(input, { ...purchase, ...stand }, around)
  return { ...purchase, ...stand, ...contents, login, uses: around.uses }
}

type Purchase = Pick<Blueprint, 'product' | 'scene' | 'term' | 'autoRenew' | 'name'>

async function readPurchase(input: CreationInput, around: Prerequisites): Promise<Purchase> {
  await around.account()
  await around.product()
  const product = readProduct(input.ProductId)
  const scene = readScene(input.SceneName, product)
  const term = readTerm(input)
  const autoRenew = readAutoRenew(input.AutoRenew)
  return { product, scene, term, autoRenew, name: readName(input.InstanceName) }
}

type Stand = Purchase &
  Pick<
    Blueprint,
    'place' | 'network' | 'securityGroup' | 'placementGroups' | 'options' | 'highAvailability'
  > & { readonly site: Site; readonly zones: readonly ZoneSite[] }

type Contents = Pick<
  Blueprint,
  | 'security'
  | 'components'
  | 'roles'
  | 'marks'
  | 'further'
  | 'reservations'
  | 'metadata'
  | 'metadataProbe'
  | 'configuration'
  | 'bootstrap'
  | 'encryption'
  | 'tags'
  | 'applicationRole'
  | 'token'
  | 'price'
>

/** What the cluster is made of; from the software on. */
async function readContents(
  input: CreationInput,
  stand: Stand,
  around: Prerequisites,
): Promise<Contents> {
  const { site, product, scene, term, place, network, placementGroups, highAvailability } = stand
  const security = (input.CheckSecurity ?? 0) !== 0
  const { chosen, variant } = readComponents({ list: input.Software, product, scene, security })
  const { zones } = stand
  const whole = together([site, ...zones.map((each) => each.site)], site)
  checkNodeCounts({ site: whole, product, variant, highAvailability })
  const charge = term.payMode
  const [{ roles, marks }, ...further] = readNodes(
    input,
    [{ site, place, network }, ...zones],
    charge,
  )
  const zone = place.zone.name
  const reservations = [
    ...reservationsOf({ roles, zone, charge, placementGroups }),
    ...further.flatMap((each) => {
      const at = { zone: each.place.zone.name, charge, placementGroups }
      return nodeReservations(reservationsOf({ roles: each.roles, ...at }))
    }),
  ]
  await around.supply(reservations)
  const metadata = readMetadata(input, chosen)
  const metadataProbe = await around.metadata(metadata, network.vpc)
  const configuration = readConfiguration(input.ExtendFsField, chosen)
  const bootstrap = readBootstrap(input.PreExecutedFileSettings)
  const tags = readTags('Tags', input.Tags)
  const ofRoles = [{ site, roles }, ...further].flatMap((each) =>
    each.roles.flatMap(({ role, tags: own }) =>
      readTags(`${resourceName(each.site, role)}.Tags`, own),
    ),
  )
  await around.tags([...tags, ...ofRoles])
  const applicationRole = checkRole(input.ApplicationRole)
  await around.roles(applicationRole)
  const token = checkToken(input.ClientToken)
  await around.order({
    metadataBought: metadata.bought,
    securityGroupMade: stand.securityGroup === undefined,
    tagged: tags.length + ofRoles.length > 0,
    encrypted: stand.options.encrypted,
  })
  const encryption = stand.options.encrypted ? await around.dataKey() : undefined
  const ordered = [...roles, ...further.flatMap((each) => each.roles)]
  const price = priceOf({ term, roles: ordered, metaDb: metadata.bought })
  return {
    security,
    components: chosen,
    roles,
    marks,
    further,
    reservations,
    metadata,
    metadataProbe,
    configuration,
    bootstrap,
    encryption,
    tags,
    applicationRole,
    token,
    price,
  }
}

/** The nodes of each zone. With several of them, every mark names its own. */
function readNodes(
  { NodeMarks: marks = [] }: CreationInput,
  stands: readonly [ZoneSite, ...ZoneSite[]],
  payMode: Term['payMode'],
): readonly [ZonePlan, ...ZonePlan[]] {
  const several = stands.length > 1
  const plan = (stand: ZoneSite): ZonePlan => {
    const zone = stand.place.zone.name
    const offer = { zone, payMode }
    const roles = readRoles(stand.site, offer)
    checkOffers(roles, stand.site, offer)
    const own = several
      ? marks.filter((mark) => zoneOf(mark.Zone ?? '')?.zone.name === zone)
      : marks
    return { ...stand, roles, marks: readMarks(own, { zone, nodes: roles }) }
  }
  if (several) requireZones(marks, stands)
  const [first, ...others] = stands
  return [plan(first), ...others.map(plan)]
}

/** The cluster itself is counted with its first zone. */
function nodeReservations(all: readonly Reservation[]): readonly Reservation[] {
  return all.filter(({ measure }) => measure !== 'cluster')
}

export interface Quotation {
  readonly price: Price
  readonly term: Term
  readonly zone: Place['zone']
}

/** What the same order would cost: the rules that its price depends on, in the same order, and the same price. */
export async function readQuotation(
  input: InquiryInput,
  region: string,
  around: Prerequisites,
): Promise<Quotation> {
  refuseLateOrder(input)
  const databases = input.MetaDBGroupInfo ?? []
  if (databases.length > 0)
    throw unsupportedValue('MetaDBGroupInfo', { value: `${databases.length} databases` })
  const [site] = sitesOf(input)
  if (input.ProductId === undefined) throw missing('ProductId', 30)
  requireResources(site)
  checkCurrency(input.Currency)
  await around.account()
  await around.product()
  const product = readProduct(input.ProductId)
  const scene = readScene(input.SceneName, product)
  const term = readTerm(input)
  const highAvailability = readHighAvailability(input.SupportHA)
  const place = readPlace(site, region)
  await around.place(place, site.prefix)
  const zone = place.zone.name
  // A price does not depend on the network, and the documents' example leaves half of it open.
  const { vpcSettings } = site
  if (vpcSettings && vpcSettings.SubnetId !== '')
    await around.network(readNetwork(site, vpcSettings), { zone, prefix: site.prefix })
  const list = input.Software
  const { chosen, variant } = readComponents({ list, product, scene, security: false })
  checkNodeCounts({ site, product, variant, highAvailability })
  const offer = { zone, payMode: term.payMode }
  const roles = readRoles(site, offer)
  checkOffers(roles, site, offer)
  const sought = reservationsOf({ roles, zone, charge: term.payMode, placementGroups: [] })
  await around.supply(sought, 'stock')
  const metadata = readMetadata(input, chosen)
  await around.price()
  return { price: priceOf({ term, roles, metaDb: metadata.bought }), term, zone: place.zone }
}
