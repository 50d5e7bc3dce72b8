/**
 * The products (ProductId): what each release of the service is made of, and when it is on sale. A product of the founding
 * document is on sale in the window `seed`, today's in `current`; a product whose components no source lists is known by
 * name and cannot be created. Facts: reference tencent-emr.md 3.1-3.3.
 */

import data from './products.json' with { type: 'json' }
import { componentOf } from './component.ts'
import type { Product, PurchaseWindow, Variant } from './schema.ts'

export type ProductProblem =
  | {
      readonly problem: 'unknown-product'
      readonly id: number
      readonly allowed: readonly number[]
    }
  | { readonly problem: 'not-on-sale'; readonly id: number; readonly allowed: readonly number[] }
  | { readonly problem: 'contents-unknown'; readonly id: number; readonly version: string }

/** A component as one product carries it: `name` is the product's own spelling (`spark_hadoop2.8`). */
export interface Offered {
  readonly component: string
  readonly name: string
  readonly version: string
}

export const products = data.products as unknown as readonly Product[]

const byId = new Map(products.map((product) => [product.id, product]))

export function productOf(id: number): Product | undefined {
  return byId.get(id)
}

/** By its name in any case; of several with one name, one that is on sale. */
export function productByVersion(version: string): Product | undefined {
  const named = products.filter(
    (product) => product.version.toLowerCase() === version.trim().toLowerCase(),
  )
  const isSold = ({ id }: Product) => !checkProduct(id, 'seed') || !checkProduct(id, 'current')
  return named.find(isSold) ?? named[0]
}

/** The ids that can be bought and created in a window, ascending. */
export function onSale(window: PurchaseWindow): readonly number[] {
  return products
    .filter((product) => product.windows.includes(window) && product.contents !== 'unknown')
    .map((product) => product.id)
}

/** Why a product cannot be bought in this window, or nothing. */
export function checkProduct(id: number, window: PurchaseWindow): ProductProblem | undefined {
  const product = byId.get(id)
  if (product === undefined) return { problem: 'unknown-product', id, allowed: onSale(window) }
  if (!product.windows.includes(window)) {
    return { problem: 'not-on-sale', id, allowed: onSale(window) }
  }
  if (product.contents === 'unknown') {
    return { problem: 'contents-unknown', id, version: product.version }
  }
  return undefined
}

/** The product's components by canonical name, in the order of the release table. */
export function offeredBy(product: Product): ReadonlyMap<string, Offered> {
  const known = offers.get(product)
  if (known !== undefined) return known
  const offered = new Map<string, Offered>()
  for (const [name, version] of Object.entries(product.components)) {
    const component = componentOf(name)?.name ?? name
    offered.set(component, { component, name, version })
  }
  offers.set(product, offered)
  return offered
}

/** The canonical names that a cluster of this product must contain; a ZooKeeper cluster is nothing but ZooKeeper. */
export function mandatoryFor(product: Product, variant: Variant): readonly string[] {
  return variant === 'zookeeper' ? ['zookeeper'] : product.mandatory
}

/** Kerberos can be switched on at creation only where the release carries it (2.4 rule 10). */
export function supportsKerberos(product: Product): boolean {
  return offeredBy(product).has('kerberos')
}

const offers = new WeakMap<Product, ReadonlyMap<string, Offered>>()
