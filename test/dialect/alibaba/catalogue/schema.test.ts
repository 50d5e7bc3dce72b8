import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import * as schema from '../../../../src/dialect/alibaba/catalogue/schema.ts'
import { catalogueSchemas } from '../../../suite/catalogue-schema.ts'

const folder = new URL('../../../../src/dialect/alibaba/catalogue/', import.meta.url)
const files = {
  'configuration-items.json': schema.configurationItemsFile,
  'instance-types.json': schema.instanceTypesFile,
  'node-groups.json': schema.nodeGroupsFile,
  'prices.json': schema.pricesFile,
  'regions.json': schema.regionsFile,
  'versions.json': schema.versionsFile,
}

const read = catalogueSchemas(folder, files)

test('a row without its source is refused by the schema', () => {
  const data = read('regions.json') as { regions: { source?: string }[] }
  delete data.regions[0]?.source
  assert.equal(Value.Check(schema.regionsFile, data), false)
})

test('a member that no schema names is refused', () => {
  const data = read('versions.json') as { majors: Record<string, unknown>[] }
  Object.assign(data.majors[0] ?? {}, { colour: 'blue' })
  assert.equal(Value.Check(schema.versionsFile, data), false)
})
