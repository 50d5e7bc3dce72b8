/**
 * What is bought and for how long: product, scene, billing mode, unit and span (reference: tencent-emr.md 2.1, 2.4 rule 1,
 * 3.1). Products of the founding document and today's are both on sale.
 */
import { prepaidMonths, type Term } from '../../catalogue/price.ts'
import { checkProduct, onSale, productOf } from '../../catalogue/product.ts'
import { sceneOf, scenes } from '../../catalogue/node-rule.ts'
import type { Product, Scene } from '../../catalogue/schema.ts'
import type { CreationInput, OrderInput } from './create-shape.ts'
import { given, invalid, oneOf } from '../refusal.ts'

/** Throws InvalidProductId. */
export function readProduct(id: number): Product {
  const product = productOf(id)
  const problem = checkProduct(id, 'seed') && checkProduct(id, 'current')
  if (product && !problem) return product
  const ids = [...new Set([...onSale('seed'), ...onSale('current')])].sort((a, b) => a - b)
  const why =
    problem?.problem === 'contents-unknown'
      ? `the components of ${problem.version} are not published; `
      : ''
  throw invalid({
    name: 'ProductId',
    code: 'InvalidParameter.InvalidProductId',
    rule: `${why}${oneOf(ids)}`,
    value: id,
    example: ids.at(-1),
  })
}

/** The scene by name, or the class's usual one. */
export function readScene(name: string | undefined, product: Product): Scene | undefined {
  const asked = given(name)
  const usual = scenes.find((scene) => scene.class === product.class)
  if (asked === undefined) return usual
  const scene = sceneOf(asked)
  if (scene?.class === product.class) return scene
  const names = scenes.filter((each) => each.class === product.class).map((each) => each.name)
  throw invalid({
    name: 'SceneName',
    code: 'InvalidParameterValue',
    rule: names.length > 0 ? oneOf(names) : `${product.version} has no scenes, so it is left out`,
    value: asked,
    example: names[0] ?? null,
  })
}

/** Mode, unit and span belong together: 0, `s`, 3600 or 1, `m`, months. */
export function readTerm(input: Pick<OrderInput, 'PayMode' | 'TimeUnit' | 'TimeSpan'>): Term {
  const { PayMode: mode, TimeUnit: unit, TimeSpan: span } = input
  if (mode !== 0 && mode !== 1) {
    throw invalid({
      name: 'PayMode',
      code: 'InvalidParameter.InvalidPaymode',
      rule: 'it must be 0 (pay as you go) or 1 (monthly subscription)',
      value: mode,
      example: 0,
    })
  }
  const expected = mode === 0 ? 's' : 'm'
  if (unit !== expected) {
    throw invalid({
      name: 'TimeUnit',
      code: 'InvalidParameter.InvalidTimeUnit',
      rule: `with PayMode ${mode} it must be ${expected}`,
      value: unit,
      example: expected,
    })
  }
  const spans = mode === 0 ? [HOUR_SECONDS] : prepaidMonths
  if (!spans.includes(span)) {
    throw invalid({
      name: 'TimeSpan',
      code: 'InvalidParameter.InvalidTimeSpan',
      rule: `with TimeUnit ${unit} ${oneOf(spans)}`,
      value: span,
      example: spans[0],
    })
  }
  return mode === 0 ? { payMode: 'postpaid', hours: 1 } : { payMode: 'prepaid', months: span }
}

export function readAutoRenew(value: CreationInput['AutoRenew']): boolean {
  if (value === undefined || value === 0 || value === 1) return value === 1
  throw invalid({
    name: 'AutoRenew',
    code: 'InvalidParameter.InvalidAutoRenew',
    rule: 'it must be 0 or 1',
    value,
    example: 0,
  })
}

/** A product's scene may forbid 0; that is found with the node counts. */
export function readHighAvailability(value: number): boolean {
  if (value === 0 || value === 1) return value === 1
  throw invalid({
    name: 'SupportHA',
    code: 'InvalidParameter.InvalidSupportHA',
    rule: 'it must be 0 or 1',
    value,
    example: 0,
  })
}

const HOUR_SECONDS = 3600
