import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import * as schema from '../../../../src/dialect/tencent/catalogue/schema.ts'
import { catalogueSchemas } from '../../../suite/catalogue-schema.ts'

const folder = new URL('../../../../src/dialect/tencent/catalogue/', import.meta.url)
const files = {
  'components.json': schema.componentsFile,
  'disks.json': schema.disksFile,
  'instance-types.json': schema.instanceTypesFile,
  'node-rules.json': schema.nodeRulesFile,
  'prices.json': schema.pricesFile,
  'products.json': schema.productsFile,
  'regions.json': schema.regionsFile,
  'statuses.json': schema.statusesFile,
}

const read = catalogueSchemas(folder, files)

test('a row without its source is refused by the schema', () => {
  const data = read('regions.json') as { regions: { source?: string }[] }
  delete data.regions[0]?.source
  assert.equal(Value.Check(schema.regionsFile, data), false)
})

test('a member that no schema names is refused', () => {
  const data = read('products.json') as { products: Record<string, unknown>[] }
  Object.assign(data.products[0] ?? {}, { colour: 'blue' })
  assert.equal(Value.Check(schema.productsFile, data), false)
})
