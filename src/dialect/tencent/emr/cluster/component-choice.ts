/** Software.N by the catalogue, each problem with its code (reference: tencent-emr.md 2.5, 2.9; rules in catalogue/software.ts). */
import { variantOf } from '../../catalogue/node-rule.ts'
import { mandatoryFor, offeredBy, supportsKerberos } from '../../catalogue/product.ts'
import type { Product, Scene, Variant } from '../../catalogue/schema.ts'
import { parseSoftware, type Chosen } from '../../catalogue/software.ts'
import { invalid } from '../refusal.ts'
import { softwareRule, type SoftwareCodes } from './software-rule.ts'

export interface ComponentChoice {
  readonly chosen: readonly Chosen[]
  readonly variant: Variant
}

export interface ComponentRequest {
  readonly list: readonly string[]
  readonly product: Product
  readonly scene: Scene | undefined
  /** CheckSecurity: Kerberos is added. */
  readonly security: boolean
}

const codes: SoftwareCodes = {
  empty: 'InvalidSoftInfo',
  unparsable: 'InvalidSoftInfo',
  'unknown-component': 'InvalidSoftWareName',
  'not-in-product': 'SoftwareNotInProduct',
  'no-place': 'InvalidSoftDeployInfo',
  'wrong-version': 'InvalidSoftWareVersion',
  duplicate: 'InvalidSoftWare',
  'security-only': 'InvalidSoftWare',
  'mandatory-missing': 'NotContainMustSelectSoftware',
  'dependency-unmet': 'InvalidSoftWare',
  conflict: 'InvalidSoftWare',
}

export function readComponents(request: ComponentRequest): ComponentChoice {
  const { list, product, scene, security } = request
  if (security && !supportsKerberos(product)) {
    throw invalid({
      name: 'CheckSecurity',
      code: 'InvalidParameter.InvalidSecuritySupport',
      rule: `${product.version} does not come with Kerberos`,
      value: 1,
      example: 0,
    })
  }
  const variant = variantOf(scene, [])
  const read = parseSoftware({ list, product, variant, security })
  if (!read.ok) {
    const right = mandatoryLabels(product, variant)
    throw invalid({
      name: 'Software',
      code: `InvalidParameter.${codes[read.problem.problem]}`,
      rule: softwareRule(read.problem),
      value: list,
      example: right,
    })
  }
  const names = read.chosen.map((one) => one.component)
  return { chosen: read.chosen, variant: variantOf(scene, names) }
}

/** The smallest list that the product takes. */
function mandatoryLabels(product: Product, variant: Variant): readonly string[] {
  const offered = offeredBy(product)
  return mandatoryFor(product, variant).flatMap((component) => {
    const own = offered.get(component)
    return own ? `${own.name}-${own.version}` : []
  })
}
