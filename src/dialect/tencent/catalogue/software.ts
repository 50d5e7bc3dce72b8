/**
 * Software.N: from the strings that clients send to the components that are installed. Accepted, because real clients send
 * it: surrounding white space, any case, a bare name (the product's version is meant), the bundle `hadoop-x`, and the
 * older and newer names of a component. Problems come in the documented order, each looked for in the whole list before
 * the next: unparsable, unknown, not in the product, wrong version, duplicate, mandatory, dependency, conflict.
 * Facts: reference tencent-emr.md 2.4, 2.5, 2.8, 3.3, 3.4.
 */

import { componentOf, bundleMembers } from './component.ts'
import { mandatoryFor, offeredBy, type Offered } from './product.ts'
import type { Product, Variant } from './schema.ts'

export interface SoftwareRequest {
  readonly list: readonly string[]
  readonly product: Product
  /** From `variantOf`; a ZooKeeper cluster holds ZooKeeper only. */
  readonly variant: Variant
  /** CheckSecurity: adds Kerberos, which cannot be named. The caller has asked `supportsKerberos` before. */
  readonly security: boolean
}

export type SoftwareProblem =
  | { readonly problem: 'empty' }
  | { readonly problem: 'unparsable'; readonly item: string }
  | { readonly problem: 'unknown-component'; readonly component: string }
  | {
      readonly problem: 'not-in-product'
      readonly component: string
      readonly product: string
      readonly allowed: readonly string[]
    }
  /** The product has it, but none of the scene's nodes can carry it. */
  | {
      readonly problem: 'no-place'
      readonly component: string
      readonly allowed: readonly string[]
    }
  | {
      readonly problem: 'wrong-version'
      readonly component: string
      readonly version: string
      readonly allowed: string
    }
  | { readonly problem: 'duplicate'; readonly component: string }
  | { readonly problem: 'security-only'; readonly component: string }
  | { readonly problem: 'mandatory-missing'; readonly missing: readonly string[] }
  | { readonly problem: 'dependency-unmet'; readonly component: string; readonly missing: string }
  | { readonly problem: 'conflict'; readonly component: string; readonly other: string }

/** A chosen component; `label` is the `name-version` that clients read back. */
export interface Chosen extends Offered {
  readonly label: string
}

export type Software =
  | { readonly ok: true; readonly chosen: readonly Chosen[] }
  | { readonly ok: false; readonly problem: SoftwareProblem }

interface Item {
  readonly name: string
  readonly version?: string
}

export function parseSoftware(request: SoftwareRequest): Software {
  if (request.list.length === 0) return refused({ problem: 'empty' })
  const items: Item[] = []
  for (const text of request.list) {
    const item = parseItem(text)
    if (item === undefined) return refused({ problem: 'unparsable', item: text.trim() })
    items.push(...spread(item))
  }
  const problem = checkItems(items, request) ?? checkSet(items, request)
  if (problem !== undefined) return refused(problem)
  const names = items.map((item) => componentOf(item.name)?.name)
  if (request.security) names.push('kerberos')
  const offered = offeredBy(request.product)
  const chosen = names.flatMap((name) => offered.get(name ?? '') ?? [])
  return {
    ok: true,
    chosen: chosen.map((one) => ({ ...one, label: `${one.name}-${one.version}` })),
  }
}

/** Splits at the last hyphen that a digit follows: `spark_hadoop2.8-2.4.3` is spark_hadoop2.8 at 2.4.3. */
function parseItem(text: string): Item | undefined {
  const match = /^([a-z][a-z0-9_.]*)(?:-(\d[0-9a-z.]*))?$/.exec(text.trim().toLowerCase())
  if (match?.[1] === undefined) return undefined
  return match[2] === undefined ? { name: match[1] } : { name: match[1], version: match[2] }
}

function spread(item: Item): readonly Item[] {
  return bundleMembers(item.name)?.map((name) => ({ ...item, name })) ?? [item]
}

function checkItems(
  items: readonly Item[],
  { product, variant }: SoftwareRequest,
): SoftwareProblem | undefined {
  const offered = offeredBy(product)
  const open = variant === 'zookeeper' ? ['zookeeper'] : [...offered.keys()]
  for (const { name } of items) {
    const component = componentOf(name)
    if (component === undefined || component.systemVersion !== undefined) {
      return { problem: 'unknown-component', component: name }
    }
  }
  for (const { name } of items) {
    const component = canonical(name)
    if (offered.has(component) && open.includes(component)) continue
    const allowed = open.map((one) => offered.get(one)?.name ?? one)
    if (!offered.has(component))
      return { problem: 'not-in-product', component: name, product: product.version, allowed }
    return { problem: 'no-place', component: name, allowed }
  }
  for (const { name, version } of items) {
    const allowed = offered.get(canonical(name))?.version ?? ''
    if (version !== undefined && version !== allowed) {
      return { problem: 'wrong-version', component: name, version, allowed }
    }
  }
  return undefined
}

function checkSet(
  items: readonly Item[],
  { product, variant }: SoftwareRequest,
): SoftwareProblem | undefined {
  const chosen = new Set<string>()
  for (const { name } of items) {
    const component = canonical(name)
    if (chosen.has(component)) return { problem: 'duplicate', component }
    if (componentOf(name)?.securityOnly === true) return { problem: 'security-only', component }
    chosen.add(component)
  }
  const offered = offeredBy(product)
  const missing = mandatoryFor(product, variant).filter((name) => !chosen.has(canonical(name)))
  if (missing.length > 0) {
    const labels = missing.map((name) => `${name}-${offered.get(canonical(name))?.version ?? ''}`)
    return { problem: 'mandatory-missing', missing: labels }
  }
  for (const component of chosen) {
    const unmet = componentOf(component)?.dependsOn.find((need) => !chosen.has(need))
    if (unmet !== undefined) return { problem: 'dependency-unmet', component, missing: unmet }
  }
  for (const component of chosen) {
    const other = componentOf(component)?.conflictsWith.find((one) => chosen.has(one))
    if (other !== undefined) return { problem: 'conflict', component, other }
  }
  return undefined
}

function canonical(name: string): string {
  return componentOf(name)?.name ?? name
}

function refused(problem: SoftwareProblem): Software {
  return { ok: false, problem }
}
