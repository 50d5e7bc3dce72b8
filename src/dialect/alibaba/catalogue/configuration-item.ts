/** The items of an instance's configuration: what each is when nobody sets it, and what it can be. Facts: reference alibaba-starrocks.md 6.4. */
import data from './configuration-items.json' with { type: 'json' }
import type { ConfigurationItem } from './schema.ts'

export type { ConfigurationItem } from './schema.ts'
export type ItemType = ConfigurationItem['type']

export const configurationItems = data.items as readonly ConfigurationItem[]

export function itemNamed(type: string, name: string): ConfigurationItem | undefined {
  return configurationItems.find((item) => item.type === type && item.name === name)
}

/** As clients read it: `true,false`, `INFO,WARN`, `[1,100]`; empty where any text is a value. */
export function valueRange({ valueType, allowed, min, max }: ConfigurationItem): string {
  if (allowed) return allowed.join(',')
  if (valueType === 'BOOLEAN') return 'true,false'
  return min === undefined || max === undefined ? '' : `[${min},${max}]`
}

/** Why the item cannot have the value; undefined when it can. Those that can be set are numbers without a fraction, or have few values. */
export function valueProblem(item: ConfigurationItem, value: string): string | undefined {
  const { name, min = 0, max = 0 } = item
  const few = item.allowed ?? (item.valueType === 'BOOLEAN' ? ['true', 'false'] : undefined)
  if (few) return few.includes(value) ? undefined : `${name} should be one of [${few.join(', ')}]`
  if (/^-?\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max) return undefined
  return `${name} should be in range [${min}, ${max}]`
}
