/** Software.N by the catalogue, each problem with its code (reference: tencent-emr.md 2.5, 2.9; rules in catalogue/software.ts). */
import { variantOf } from '../../catalogue/node-rule.ts'
import { mandatoryFor, offeredBy, supportsKerberos } from '../../catalogue/product.ts'
import type { Product, Scene, Variant } from '../../catalogue/schema.ts'
import { parseSoftware, type Chosen, type SoftwareProblem } from '../../catalogue/software.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { invalid } from '../refusal.ts'

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
    const { code, rule } = refusalOf(read.problem)
    const right = mandatoryLabels(product, variant)
    throw invalid({
      name: 'Software',
      code: `InvalidParameter.${code}`,
      rule,
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

function refusalOf(it: SoftwareProblem): { readonly code: string; readonly rule: string } {
  switch (it.problem) {
    case 'empty':
      return { code: 'InvalidSoftInfo', rule: 'at least one component must be given' }
    case 'unparsable':
      return { code: 'InvalidSoftInfo', rule: `\`${it.item}\` is not of the form name-version` }
    case 'unknown-component':
      return { code: 'InvalidSoftWareName', rule: `\`${it.component}\` is no component` }
    case 'not-in-product':
      return {
        code: 'SoftwareNotInProduct',
        rule: `${it.product} does not have \`${it.component}\`; it has ${listed(it.allowed)}`,
      }
    case 'no-place':
      return {
        code: 'InvalidSoftDeployInfo',
        rule: `no node of this scene can carry \`${it.component}\`; they carry ${listed(it.allowed)}`,
      }
    case 'wrong-version':
      return {
        code: 'InvalidSoftWareVersion',
        rule: `\`${it.component}\` must be of version ${it.allowed}, not ${it.version}`,
      }
    case 'duplicate':
      return { code: 'InvalidSoftWare', rule: `\`${it.component}\` is given twice` }
    case 'security-only':
      return {
        code: 'InvalidSoftWare',
        rule: `\`${it.component}\` is switched on by CheckSecurity and cannot be named`,
      }
    case 'mandatory-missing':
      return {
        code: 'NotContainMustSelectSoftware',
        rule: `it must also contain ${it.missing.join(', ')}`,
      }
    case 'dependency-unmet':
      return { code: 'InvalidSoftWare', rule: `\`${it.component}\` needs \`${it.missing}\`` }
    case 'conflict':
      return {
        code: 'InvalidSoftWare',
        rule: `\`${it.component}\` and \`${it.other}\` exclude each other`,
      }
  }
}
