/**
 * DescribeNodeSpec: the machines that are sold in a zone, for each role of node that the product has: family by family, with price,
 * stock and quota (reference: tencent-emr.md 3.7, 4.5, 5.10).
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import { choice, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { familiesFor, families, instanceTypes } from '../../catalogue/instance-type.ts'
import { nodeRuleOf, sceneOf, variantOf } from '../../catalogue/node-rule.ts'
import { productOf } from '../../catalogue/product.ts'
import { zoneOf } from '../../catalogue/region.ts'
import type { InstanceFamily, PayMode } from '../../catalogue/schema.ts'
import { roleOf } from '../../states.ts'
import { action } from '../action.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import { specType, viewSpec, type MachineSpec, type SpecType } from './spec-view.ts'

const ROLES = ['master', 'core', 'task', 'router', 'common'] as const
const ROLE_NAMES = ['Master', 'Core', 'Task', 'Router', 'Common', 'All'] as const

export const describeNodeSpec = action({
  name: 'DescribeNodeSpec',
  input: {
    ZoneId: integer({ min: 0 }),
    CvmPayMode: integer({ min: 0 }),
    NodeType: choice(ROLE_NAMES, {
      ignoreCase: true,
      code: 'ResourceUnavailable.NotSupportNodeType',
    }),
    // Both pages sell the same.
    TradeType: integer({ min: 0 }),
    ProductId: integer({ min: 0 }),
    SceneName: text({ trim: true, max: 64 }),
    ResourceBaseType: choice(['EMR', 'ComputeResource'], { default: 'EMR' }),
    ComputeResourceId: optional(text()),
  },
  output: {
    NodeSpecs: list(
      object({
        NodeType: text(),
        NodeName: text(),
        Types: list(specType),
        CmnTypes: list(specType),
      }),
    ),
  },
  faults: ['NotSupported'],
  asks: ['account', 'identity', 'configuration', 'compute', 'trade'],
  async run(core, call, input) {
    if (input.ResourceBaseType !== 'EMR') throw unsupported('ResourceBaseType')
    if (given(input.ComputeResourceId) !== undefined) throw unsupported('ComputeResourceId')
    const place = zoneOf(input.ZoneId)
    if (place?.region.name !== call.region) {
      const rule = `it must be the number of a zone of ${call.region}`
      const code = 'InvalidParameter.InvalidZone'
      throw invalid({ name: 'ZoneId', code, rule, value: input.ZoneId })
    }
    const zone = place.zone.name
    const roles = rolesOf(input).filter(
      (role) => input.NodeType === 'All' || roleOf.get(role)?.title === input.NodeType,
    )
    const payMode = PAY_MODES.get(input.CvmPayMode)
    const specs = await specsOf(core, call, { zone, payMode })
    return {
      NodeSpecs: roles.map((role) => {
        const title = roleOf.get(role)?.title ?? role
        const NodeName = call.language === 'zh' ? `${title} 节点` : `${title} node`
        const node = { NodeType: title, NodeName, language: call.language }
        return { NodeType: title, NodeName, Types: viewTypes(specs, node), CmnTypes: [] }
      }),
    }
  },
})

/** 99 is either way; with any other number no prices are shown. */
const PAY_MODES: ReadonlyMap<number, PayMode | 'both'> = new Map([
  [0, 'postpaid'],
  [1, 'prepaid'],
  [99, 'both'],
] as const)

/** The roles that a cluster of the product can have; all without a product. Throws InvalidParameter. */
function rolesOf({ ProductId: id, SceneName: name }: { ProductId: number; SceneName: string }) {
  const scene = sceneOf(name)
  if (name !== '' && !scene) throw unknown('SceneName', name)
  if (id === 0) return [...ROLES]
  const product = productOf(id)
  if (!product) throw unknown('ProductId', id)
  const variant = variantOf(scene, [])
  const rules = [true, false].map((ha) => nodeRuleOf({ class: product.class, variant, ha }))
  return ROLES.filter((role) => rules.some((rule) => (rule?.counts[role].max ?? 0) > 0))
}

function unknown(name: string, value: string | number) {
  return invalid({ name, code: 'InvalidParameter', rule: 'it is not known', value })
}

async function specsOf(
  core: Core,
  call: Call,
  { zone, payMode }: { readonly zone: string; readonly payMode: PayMode | 'both' | undefined },
): Promise<readonly MachineSpec[]> {
  const modes: readonly PayMode[] =
    payMode === 'prepaid' || payMode === 'postpaid' ? [payMode] : ['postpaid', 'prepaid']
  const sold = new Set(modes.flatMap((mode) => familiesFor({ zone, payMode: mode })))
  const specs: MachineSpec[] = []
  for (const type of instanceTypes.filter(({ family }) => sold.has(family))) {
    const charge = payMode === 'prepaid' ? 'prepaid' : 'postpaid'
    const of = { measure: 'machine', type: type.name, zone, charge } as const
    const stock = await core.environments.stock(call, of)
    const quota = await core.environments.quota(call, of)
    specs.push({ type, priced: payMode, stock, quota })
  }
  return specs
}

/** By the letter of their kind, then by family, in the catalogue's order. */
function viewTypes(
  specs: readonly MachineSpec[],
  node: { readonly NodeType: string; readonly NodeName: string; readonly language: 'zh' | 'en' },
): SpecType[] {
  const { language } = node
  const there = new Set(specs.map(({ type }) => type.family))
  const sold = families.filter((family) => there.has(family))
  const kinds = [...new Set(sold.map(({ type }) => type))]
  return kinds.map((kind, order) => {
    const mine = sold.filter(({ type }) => type === kind)
    const TypeName = kindName(mine[0], language)
    return {
      Type: kind,
      TypeName,
      Order: order + 1,
      InstanceFamilies: mine.map((family, at) => ({
        InstanceFamily: family.family,
        FamilyName: family[language],
        Order: at + 1,
        InstanceTypes: specs
          .filter(({ type }) => type.family === family)
          .map((spec, place) => viewSpec(spec, { ...node, TypeName, order: place + 1 })),
      })),
    }
  })
}

/** `标准型` of `标准型S5`. */
function kindName(family: InstanceFamily | undefined, language: 'zh' | 'en'): string {
  return (family?.[language] ?? '').replace(/\s?[A-Z]+\d+$/, '')
}
