/**
 * A request to create a cluster, judged and understood. The order of the lines is the order in which a client hears of what
 * is wrong (reference: tencent-emr.md 2.8): the first broken rule is the one that is told. A declared environment, stock and
 * quotas would be asked here, each in its place.
 */
import { priceOf, type Price, type Term } from '../catalogue/price.ts'
import type { Product, Scene } from '../catalogue/schema.ts'
import type { Chosen } from '../catalogue/software.ts'
import { readBootstrap, type BootstrapScript } from './bootstrap.ts'
import { readComponents } from './component-choice.ts'
import { readConfiguration, type ConfigurationFile } from './configuration.ts'
import type { CreationInput, InquiryInput } from './creation-shape.ts'
import { readLogin, readName, type Login } from './login.ts'
import { readMetadata, type Metadata } from './metadata.ts'
import {
  checkNodeCounts,
  checkOffers,
  readRoles,
  requireResources,
  resourceName,
  type RolePlan,
} from './node-plan.ts'
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
  siteOf,
  type Network,
  type Place,
} from './place.ts'
import {
  readAutoRenew,
  readHighAvailability,
  readProduct,
  readScene,
  readTerm,
} from './purchase.ts'
import { invalid, missing, unsupported } from './refusal.ts'
import { readTags } from './tag-rule.ts'
import type { Tag } from '../../../domain/cluster.ts'

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
  readonly metadata: Metadata
  readonly configuration: readonly ConfigurationFile[]
  readonly bootstrap: readonly BootstrapScript[]
  readonly tags: readonly Tag[]
  readonly applicationRole: string
  readonly token: string | undefined
  readonly price: Price
}

export function readBlueprint(input: CreationInput, region: string): Blueprint {
  refuseLate(input)
  const site = siteOf(input)
  const settings = requireNetwork(site)
  requireResources(site)
  const product = readProduct(input.ProductId)
  const scene = readScene(input.SceneName, product)
  const term = readTerm(input)
  const autoRenew = readAutoRenew(input.AutoRenew)
  const name = readName(input.InstanceName)
  const login = readLogin(input.LoginSettings)
  const highAvailability = readHighAvailability(input.SupportHA)
  const place = readPlace(site, region)
  const network = readNetwork(site, settings)
  const securityGroup = readSecurityGroup(input.SgId)
  const placementGroups = readPlacementGroups(input.DisasterRecoverGroupIds)
  const options = readOptions(input)
  checkStorage(input.COSSettings)
  const security = (input.CheckSecurity ?? 0) !== 0
  const { chosen, variant } = readComponents({ list: input.Software, product, scene, security })
  checkNodeCounts({ site, product, variant, highAvailability })
  const roles = readRoles(site)
  checkOffers(roles, { site, zone: place.zone.name, payMode: term.payMode })
  const metadata = readMetadata(input, chosen)
  const configuration = readConfiguration(input.ExtendFsField, chosen)
  const bootstrap = readBootstrap(input.PreExecutedFileSettings)
  const tags = readTags('Tags', input.Tags)
  for (const { role, tags: own } of roles) readTags(`${resourceName(site, role)}.Tags`, own)
  const applicationRole = checkRole(input.ApplicationRole)
  const token = checkToken(input.ClientToken)
  const price = priceOf({ term, roles, metaDb: metadata.bought })
  return {
    product,
    scene,
    term,
    autoRenew,
    name,
    login,
    highAvailability,
    security,
    place,
    network,
    securityGroup,
    placementGroups,
    options,
    components: chosen,
    roles,
    metadata,
    configuration,
    bootstrap,
    tags,
    applicationRole,
    token,
    price,
  }
}

export interface Quotation {
  readonly price: Price
  readonly term: Term
  readonly zone: Place['zone']
}

/** What the same order would cost: the rules that its price depends on, in the same order, and the same price. */
export function readQuotation(input: InquiryInput, region: string): Quotation {
  refuseLateOrder(input)
  if ((input.MetaDBGroupInfo ?? []).length > 0) throw unsupported('MetaDBGroupInfo')
  const site = siteOf(input)
  if (input.ProductId === undefined) throw missing('ProductId')
  requireResources(site)
  if (input.Currency !== 'CNY') {
    const rule = 'it must be CNY'
    throw invalid({ name: 'Currency', code: 'InvalidParameterValue', rule, value: input.Currency })
  }
  const product = readProduct(input.ProductId)
  const scene = readScene(input.SceneName, product)
  const term = readTerm(input)
  const highAvailability = readHighAvailability(input.SupportHA)
  const { zone } = readPlace(site, region)
  // A price does not depend on the network, and the documents' example leaves half of it open.
  const { vpcSettings } = site
  if (vpcSettings && vpcSettings.SubnetId !== '') readNetwork(site, vpcSettings)
  const list = input.Software
  const { chosen, variant } = readComponents({ list, product, scene, security: false })
  checkNodeCounts({ site, product, variant, highAvailability })
  const roles = readRoles(site)
  checkOffers(roles, { site, zone: zone.name, payMode: term.payMode })
  const metadata = readMetadata(input, chosen)
  return { price: priceOf({ term, roles, metaDb: metadata.bought }), term, zone }
}
