/**
 * From a request to what the core keeps: first everything is decided and checked (`readBlueprint`, which throws all problems at once in
 * the product's words), then a new cluster with fresh ids is made of it (`newClusterOf`, which cannot fail and may be called again).
 * Facts: reference alibaba-starrocks.md 4, 11.4 (identifiers), 11.5 (billing).
 */
import type { Call } from '../../../../app/call.ts'
import type { NewCluster } from '../../../../app/cluster/create.ts'
import type { Core } from '../../../../app/core.ts'
import { DATA_KEY } from '../../../../domain/encryption-key.ts'
import type { Charge } from '../../../../domain/cluster/cluster.ts'
import type { Resource } from '../../../../domain/environment.ts'
import { Fault, type ParameterRefusal } from '../../../../domain/fault.ts'
import {
  checkInstanceShape,
  computeComponentOf,
  instanceArchitectureOf,
} from '../../catalogue/instance-shape.ts'
import type { GroupPlace, NodeGroup } from '../../catalogue/node-group.ts'
import { monthsOf, orderItems, priceOf, type Price, type Term } from '../../catalogue/price.ts'
import type { Architecture, PricingCycle } from '../../catalogue/schema.ts'
import { newestMinorOf } from '../../catalogue/version.ts'
import { problemsExplained } from '../../faults.ts'
import type { CreateInput } from './create-instance-v1.ts'
import { subscriptionEndMs } from './expiry.ts'
import { limits } from '../../../../limits.ts'
import { groupsOf, type NamedGroup, type OrderedGroups } from '../node-group/new-group.ts'
import { decideNodeGroup, type NodeGroupInput } from '../node-group/shape.ts'
import { tagsOf } from '../shape.ts'
import {
  allocationOf,
  couponOf,
  defaultResourceGroup,
  reservationsOf,
  type Prerequisites,
} from './prerequisites.ts'
import { newInstanceExtension, type InstanceExtension } from './extension.ts'
import { ADMIN_PASSWORD_SECRET } from './password.ts'

/** What every instance is made with: a request names none, and no document tells regions apart. */
export const TIME_ZONE = 'Asia/Shanghai'

/** A request with every member decided. */
export interface Blueprint {
  readonly input: CreateInput
  readonly groups: OrderedGroups
  readonly architecture: Architecture
  readonly multiZone: boolean
  readonly term: Term
  readonly price: Price
}

/** Throws ParametersRefused with every problem that the catalogue finds. */
export function readBlueprint(input: CreateInput): Blueprint {
  const groups = decideGroups(input)
  const plain = (named: readonly NamedGroup[]) => named.map(({ group }) => group)
  const { frontends, backends, observers, agentCu } = groups
  const problems = checkInstanceShape({
    regionId: input.RegionId,
    version: input.Version,
    runMode: input.RunMode,
    packageType: input.PackageType,
    payType: input.PayType,
    zoneId: input.ZoneId,
    switchZones: (input.VSwitches ?? []).map(({ ZoneId }) => ZoneId),
    frontends: plain(frontends),
    backends: plain(backends),
    observers: plain(observers),
    agentCu,
    multiZone: input.EnableMultiAz,
    pricingCycle: input.PricingCycle,
    duration: input.Duration === 0 ? undefined : input.Duration,
    encrypted: input.Encrypted,
    kmsKeyId: input.KmsKeyId,
    linkedRamUserName: input.LinkedRamUserName,
    principalType: input.PrincipalType,
    ramUserId: input.RamUserId,
    dlfCatalogName: input.DlfCatalogName,
    dlfCatalogType: input.DlfCatalogType,
  })
  const names = [
    ...groupNames('FrontendNodeGroups', frontends),
    ...groupNames('BackendNodeGroups', backends),
    ...groupNames('ObserverNodeGroups', observers),
  ]
  const keys = (input.Tags ?? []).map(({ Key: word }, at) => ({ word, path: `Tags.${at}.Key` }))
  const refusals = [
    ...problemsExplained(problems),
    ...repeated('Tag key', keys),
    ...repeated('Node group name', names),
  ]
  if (refusals.length > 0) throw new Fault('ParametersRefused', { refusals })
  const multiZone = input.EnableMultiAz || observers.length > 0
  const term = termOf(input)
  const price = priceOf({
    currency: 'CNY',
    term,
    computeComponent: computeComponentOf(input.RunMode),
    frontends: plain(frontends),
    backends: plain(backends),
    observers: plain(observers),
    agentCu,
    multiZone,
  })
  const architecture = instanceArchitectureOf(plain(backends))
  return { input, groups, architecture, multiZone, term, price }
}

/** Ids are drawn here and nowhere else. */
export function newClusterOf(
  core: Core,
  call: Call,
  { order, prerequisites }: { readonly order: Blueprint; readonly prerequisites: Prerequisites },
): NewCluster {
  const { clock, random } = core
  const { input, groups } = order
  const nowMs = clock.now()
  const { subnets, wrappedKey, catalog } = prerequisites
  const { LinkedRamUserName: linkedUser } = input
  const subnetIn = (zone: string) =>
    (subnets.find((each) => each.zone === zone) ?? subnets[0])?.id ?? ''
  const nodeGroups = groupsOf(groups, { random, zone: input.ZoneId, subnetIn })
  const paid = input.AutoPay || input.PayType === 'postPaid'
  const id = `c-${random.serial.hex(16)}`
  const coupon = couponOf(input)
  const charge = chargeOf(order, nowMs)
  const group = securityGroupOf(id, input, `sg-${random.serial.base36(20)}`)
  return {
    cluster: {
      id,
      region: input.RegionId,
      name: input.InstanceName,
      spec: {
        software: {
          family: 'starrocks',
          version: newestMinorOf(input.Version)?.text ?? input.Version,
          components: [...new Set(nodeGroups.map(({ role }) => role))],
          timeZone: TIME_ZONE,
        },
        network: {
          vpc: input.VpcId,
          zone: input.ZoneId,
          subnets,
          securityGroups: [group.id],
        },
        groups: nodeGroups,
        configuration: [],
        ...(wrappedKey === undefined ? {} : { encryption: { key: input.KmsKeyId ?? '' } }),
        ...(catalog && { catalog }),
        ...(linkedUser === undefined ? {} : { linkedUser }),
      },
      charge,
      resourceGroup: input.ResourceGroupId ?? defaultResourceGroup(call.principal.account),
      tags: tagsOf(input.Tags),
      extension: extensionOf(order, () => `af-${random.serial.hex(8)}`),
    },
    secrets: {
      [ADMIN_PASSWORD_SECRET]: input.AdminPassword,
      ...(wrappedKey === undefined ? {} : { [DATA_KEY]: wrappedKey }),
    },
    allocation: allocationOf(prerequisites, group, reservationsOf(nodeGroups, charge.mode)),
    ...(coupon === undefined ? {} : { coupon }),
    order: {
      id: random.serial.decimal(15),
      kind: 'buy',
      state: paid ? 'paid' : 'unpaid',
      currency: order.price.currency,
      items: orderItems(order.price),
      discount: 0,
      ...termsOf(charge, { paid, nowMs }),
    },
  }
}

/** What is bought; an unpaid order waits for a while. */
function termsOf(
  { months, expiresMs = 0 }: Charge,
  { paid, nowMs }: { readonly paid: boolean; readonly nowMs: number },
): Partial<NewCluster['order']> {
  const bought = months === undefined ? {} : { months }
  if (!paid) return { ...bought, deadlineMs: nowMs + limits.unpaidOrderMs }
  const period = months === undefined ? {} : { period: { fromMs: nowMs, untilMs: expiresMs } }
  return { ...bought, ...period, paidMs: nowMs }
}

/** Made with the instance, which manages it. */
function securityGroupOf(instance: string, { RegionId, VpcId }: CreateInput, id: string): Resource {
  const name = `starrocks-${instance}`
  return { kind: 'security-group', id, region: RegionId, name, network: VpcId }
}

function decideGroups(input: CreateInput): OrderedGroups {
  const { PackageType: packageType, ZoneId: zone } = input
  const compute = computeComponentOf(input.RunMode)
  const backendInputs = orDefault(input.BackendNodeGroups)
  const architecture = instanceArchitectureOf(
    backendInputs.map(({ specType }) => ({ specType: specType ?? 'standard' })),
  )
  const decide =
    (component: GroupPlace['component'], names: (at: number) => string) =>
    (group: NodeGroupInput, at: number): NamedGroup => {
      const mayBeEmpty = component === compute && at > 0
      const place = { component, packageType, architecture, defaultGroup: !mayBeEmpty }
      const decided: NodeGroup = decideNodeGroup(group, place, zone)
      return {
        group: decided,
        component,
        defaultGroup: at === 0 && component !== 'OBSERVER',
        name: group.nodeGroupName ?? names(at),
        description: group.description ?? '',
      }
    }
  const cu = input.AgentNodeGroup?.cu
  return {
    frontends: orDefault(input.FrontendNodeGroups).map(decide('FE', () => 'defaultFeNodeGroup')),
    backends: backendInputs.map(
      decide(compute, (at) => (at === 0 ? 'default_warehouse' : `warehouse_${at + 1}`)),
    ),
    observers: (input.ObserverNodeGroups ?? []).map(
      decide('OBSERVER', (at) => `observer_${at + 1}`),
    ),
    agentCu: cu === 0 ? undefined : cu,
  }
}

/** A kind of group that is left out is one group with every member at its default. */
function orDefault(groups: readonly NodeGroupInput[] | undefined): readonly NodeGroupInput[] {
  return groups === undefined || groups.length === 0 ? [{}] : groups
}

interface Word {
  readonly word: string
  readonly path: string
}

function groupNames(list: string, groups: readonly NamedGroup[]): readonly Word[] {
  return groups.map(({ name: word }, at) => ({ word, path: `${list}.${at}.nodeGroupName` }))
}

function repeated(what: string, words: readonly Word[]): readonly ParameterRefusal[] {
  const seen = new Set<string>()
  const twice = words.find(({ word }) => seen.size === seen.add(word).size)
  if (twice === undefined) return []
  const { word, path: name } = twice
  const message = `${what} ${word} is given more than once`
  return [{ name, problem: 'value', message, value: word, example: `${word}_2` }]
}

function termOf({ PayType, PricingCycle, Duration }: CreateInput): Term {
  if (PayType === 'postPaid') return { payType: 'postPaid', hours: 1 }
  const pricingCycle = PricingCycle as PricingCycle
  return { payType: 'prePaid', pricingCycle, duration: Duration ?? 1 }
}

function chargeOf({ input, term }: Blueprint, nowMs: number): Charge {
  // Terraform sends AutoRenew and a term with pay-as-you-go too; they mean nothing there.
  if (term.payType === 'postPaid') return { mode: 'postpaid', autoRenew: false }
  const months = monthsOf(term.pricingCycle, term.duration)
  const expiresMs = subscriptionEndMs(nowMs, months)
  return { mode: 'prepaid', months, expiresMs, autoRenew: input.AutoRenew }
}

function extensionOf(order: Blueprint, aiClusterId: () => string): InstanceExtension {
  const { input, architecture, multiZone } = order
  return newInstanceExtension({
    requestedVersion: input.Version,
    runMode: input.RunMode,
    packageType: input.PackageType,
    architecture,
    encrypted: input.Encrypted,
    kmsKeyId: input.KmsKeyId ?? '',
    ossRole: input.OssAccessingRoleName,
    gatewayType: input.GatewayType,
    multiZone,
    aiClusterId: input.EnableAiFunction ? aiClusterId() : '',
    promotion: input.PromotionOptionNo ?? '',
    catalog:
      input.DlfCatalogName === undefined
        ? null
        : { name: input.DlfCatalogName, type: input.DlfCatalogType ?? '' },
    linkedPrincipal:
      input.RamUserId === undefined
        ? null
        : {
            name: input.LinkedRamUserName ?? '',
            type: input.PrincipalType ?? '',
            id: input.RamUserId,
          },
  })
}
