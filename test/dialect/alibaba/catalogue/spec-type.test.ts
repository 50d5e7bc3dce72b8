import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  architectureOf,
  hasLocalDisks,
  localTypeOf,
  localTypes,
  localTypesFor,
  memoryCpuRatioOf,
  specTypeOf,
  specTypes,
  specTypesFor,
} from '../../../../src/dialect/alibaba/catalogue/spec-type.ts'

test('the spec types are those of the founding document', () => {
  const names = specTypes.map((type) => type.name)
  assert.deepEqual(names, ['standard', 'ramEnhanced', 'networkEnhanced', 'localSSD', 'bigData'])
  for (const name of names) assert.equal(specTypeOf(name)?.name, name)
  assert.equal(specTypeOf('gpu'), undefined)
})

test('frontends and trial editions are standard only', () => {
  const names = (...given: Parameters<typeof specTypesFor>) =>
    specTypesFor(...given).map((type) => type.name)
  assert.deepEqual(names('FE', 'official'), ['standard'])
  assert.deepEqual(names('OBSERVER', 'official'), ['standard'])
  assert.deepEqual(names('CN', 'trial'), ['standard'])
  assert.equal(names('BE', 'official').length, 5)
})

test('one CU has 4 GiB, memory-enhanced 8', () => {
  for (const { name } of specTypes) {
    assert.equal(memoryCpuRatioOf(name), name === 'ramEnhanced' ? 8 : 4)
  }
})

test('machine types with local disks are the documented ones, each of a spec type on ECS', () => {
  assert.deepEqual(localTypes.map((type) => type.instanceType).sort(), [
    'local_hdd_2s_5xlarge',
    'local_ssd_2g_4xlarge',
    'local_ssd_4_4xlarge',
  ])
  for (const type of localTypes) {
    assert.ok(hasLocalDisks(type.specType))
    assert.equal(architectureOf(type.specType), 'onEcs')
    assert.equal(localTypeOf(type.instanceType), type)
  }
  for (const { name } of specTypes) {
    const types = localTypesFor(name)
    assert.equal(types.length > 0, architectureOf(name) === 'onEcs')
    assert.ok(types.filter((type) => type.isDefault).length === (types.length > 0 ? 1 : 0))
  }
  assert.equal(localTypeOf('null'), undefined)
})
