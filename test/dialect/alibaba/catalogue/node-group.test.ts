import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  checkNodeGroup,
  completeNodeGroup,
  cuSizes,
  defaultPolicy,
  labelOf,
  nodeGroupData,
  nodeNumberRange,
  type CataloguePolicy,
  type GroupPlace,
  type NodeGroupRequest,
} from '../../../../src/dialect/alibaba/catalogue/node-group.ts'
import { problemText } from '../../../../src/dialect/alibaba/catalogue/problem.ts'

const fe: GroupPlace = {
  component: 'FE',
  packageType: 'official',
  architecture: 'onEci',
  defaultGroup: true,
}
const be: GroupPlace = { ...fe, component: 'BE' }
const cn: GroupPlace = { ...fe, component: 'CN' }
const components = ['FE', 'BE', 'CN', 'OBSERVER'] as const

function said(request: NodeGroupRequest, place: GroupPlace, policy?: CataloguePolicy) {
  return checkNodeGroup(completeNodeGroup(request, place, policy), place, policy).map(problemText)
}

test('what the Terraform provider sends is accepted', () => {
  const request = {
    cu: 8,
    storageSize: 100,
    residentNodeNumber: 3,
    storagePerformanceLevel: 'pl1',
    specType: 'standard',
    diskNumber: 1,
    zoneId: 'cn-hangzhou-i',
    localStorageInstanceType: 'null',
  }
  assert.deepEqual(said(request, fe), [])
  assert.deepEqual(said({ ...request, residentNodeNumber: 1 }, fe), [])
  assert.deepEqual(said({ ...request, storageSize: 200 }, cn), [])
  assert.equal(completeNodeGroup(request, cn).localStorageInstanceType, 'non_local_storage')
})

test('the documented sentences come out word by word for a trial instance', () => {
  const trial = { packageType: 'trial' } as const
  assert.deepEqual(said({ cu: 8, residentNodeNumber: 3 }, { ...fe, ...trial }), [
    'Cu of fe should be select from set [4]',
    'Number of fe should be in range [1, 1]',
  ])
  for (const place of [be, cn]) {
    assert.deepEqual(said({ cu: 16 }, { ...place, ...trial }), [
      'Cu of be should be select from set [8]',
    ])
  }
})

test('an empty request becomes a group that passes, for every component and edition', () => {
  for (const component of components) {
    for (const packageType of ['trial', 'official'] as const) {
      if (component === 'OBSERVER' && packageType === 'trial') continue
      assert.deepEqual(said({}, { ...fe, component, packageType }), [], component)
    }
  }
  assert.deepEqual(completeNodeGroup({}, cn), {
    cu: 8,
    residentNodeNumber: 3,
    storageSize: 200,
    diskNumber: 1,
    storagePerformanceLevel: 'pl1',
    specType: 'standard',
    localStorageInstanceType: 'non_local_storage',
  })
})

test('frontends come in odd numbers up to eleven, with one small disk of pl1', () => {
  for (const residentNodeNumber of [1, 3, 5, 7, 9, 11]) {
    assert.deepEqual(said({ residentNodeNumber }, fe), [])
  }
  assert.deepEqual(said({ residentNodeNumber: 4 }, fe), [
    'Number of fe should be select from set [1, 3, 5, 7, 9, 11]',
  ])
  assert.deepEqual(said({ residentNodeNumber: 13 }, fe), [
    'Number of fe should be in range [1, 11]',
  ])
  assert.deepEqual(said({ storagePerformanceLevel: 'pl2' }, fe), [
    'Storage performance level of fe should be select from set [pl1]',
  ])
  assert.deepEqual(said({ diskNumber: 2, specType: 'ramEnhanced' }, fe), [
    'Disk number of fe should be select from set [1]',
    'Spec type of fe should be select from set [standard]',
  ])
  assert.deepEqual(said({ storageSize: 5100 }, fe), [
    'Storage size of fe should be in range [100, 5000]',
  ])
})

test('backends have their CU sizes, numbers by run mode, and disks by performance level', () => {
  assert.deepEqual(said({ cu: 12 }, be), ['Cu of be should be select from set [8, 16, 32, 64]'])
  assert.deepEqual(said({ residentNodeNumber: 51 }, be), [
    'Number of be should be in range [1, 50]',
  ])
  assert.deepEqual(said({ residentNodeNumber: 51 }, cn), [])
  assert.deepEqual(said({ residentNodeNumber: 101 }, cn), [
    'Number of be should be in range [1, 100]',
  ])
  assert.deepEqual(said({ storagePerformanceLevel: 'PL2', storageSize: 490 }, be), [
    'Storage size of be should be in range [500, 65000]',
  ])
  assert.deepEqual(said({ storageSize: 205 }, be), [
    'Storage size of be should be 100 plus a multiple of 10',
  ])
  assert.deepEqual(said({ diskNumber: 11 }, be), ['Disk number of be should be in range [1, 10]'])
  assert.deepEqual(said({ storagePerformanceLevel: 'pl4' }, be), [
    'Storage performance level of be should be select from set [pl0, pl1, pl2, pl3]',
  ])
})

test('only the default group may never be empty', () => {
  assert.equal(said({ residentNodeNumber: 0 }, cn).length, 1)
  assert.deepEqual(said({ residentNodeNumber: 0 }, { ...cn, defaultGroup: false }), [])
})

test('a policy decides where the sources differ', () => {
  const strict = { ...defaultPolicy, minimumStorageGb: 200, strictBackendNumber: true }
  assert.deepEqual(said({ storageSize: 100, residentNodeNumber: 1 }, be), [])
  assert.deepEqual(said({ storageSize: 100, residentNodeNumber: 1 }, be, strict), [
    'Storage size of be should be in range [200, 65000]',
    'Number of be should be in range [3, 50]',
  ])
  assert.deepEqual(said({}, be, strict), [])
})

test('a group with local disks takes its cores and disks from its machine type', () => {
  const onEcs = { ...be, architecture: 'onEcs' } as const
  const request = { specType: 'bigData', localStorageInstanceType: 'local_hdd_2s_5xlarge' }
  assert.deepEqual(said(request, onEcs), [])
  const group = completeNodeGroup(request, onEcs)
  assert.deepEqual([group.cu, group.storageSize, group.diskNumber], [20, 7300, 8])
  assert.deepEqual(said({ ...request, storageSize: 1, diskNumber: 9 }, onEcs), [
    'Storage size of be should be select from set [7300]',
    'Disk number of be should be select from set [8]',
  ])
  assert.deepEqual(said({ ...request, cu: 8 }, onEcs), ['Cu of be should be select from set [20]'])
  assert.deepEqual(said({ ...request, specType: 'localSSD' }, onEcs), [
    'Local storage instance type of be should be select from set [local_ssd_2g_4xlarge, local_ssd_4_4xlarge]',
  ])
  assert.deepEqual(said({ specType: 'localSSD' }, onEcs).length, 1)
  assert.deepEqual(said({ specType: 'gpu' }, onEcs), [
    'Spec type of be should be select from set [standard, ramEnhanced, networkEnhanced, localSSD, bigData]',
  ])
  assert.equal(
    said(request, { ...be, packageType: 'trial' }).at(-1),
    'Spec type of be should be select from set [standard]',
  )
})

test('a trial instance has no observers', () => {
  assert.deepEqual(said({}, { ...fe, component: 'OBSERVER', packageType: 'trial' }), [
    'Number of observer is not supported when package type is trial',
  ])
})

test('messages call compute nodes backends', () => {
  assert.deepEqual(components.map(labelOf), ['fe', 'be', 'be', 'observer'])
})

test('no row of the limits occurs twice, and every default lies within its own range', () => {
  const keys = (rows: readonly object[], names: readonly string[]) =>
    rows.map((row) => names.map((name) => Reflect.get(row, name)).join('/'))
  for (const list of [
    keys(nodeGroupData.cuSizes, ['component', 'packageType', 'architecture']),
    keys(nodeGroupData.counts, ['component', 'packageType']),
    keys(nodeGroupData.storage, ['component', 'level']),
  ]) {
    assert.equal(new Set(list).size, list.length)
  }
  for (const range of [
    ...nodeGroupData.counts,
    ...nodeGroupData.storage,
    nodeGroupData.diskNumber,
    nodeGroupData.compactionServiceCu,
  ]) {
    assert.ok(range.min <= range.default && range.default <= range.max)
    assert.equal((range.default - range.min) % range.step, 0)
  }
  for (const component of components) {
    const levels = nodeGroupData.storage.filter((row) => row.component === component)
    assert.equal(levels.filter((row) => row.isDefault).length, 1)
    assert.ok(nodeNumberRange({ ...fe, component }))
  }
})

test('what passes is one of the CU sizes and within the ranges, whatever is sent', () => {
  const request = fc.record({
    cu: fc.constantFrom(1, 2, 4, 8, 12, 16, 20, 32, 64, 128),
    residentNodeNumber: fc.integer({ min: -1, max: 60 }),
    storageSize: fc.integer({ min: 0, max: 700 }).map((tens) => tens * 10),
    diskNumber: fc.integer({ min: 0, max: 12 }),
    storagePerformanceLevel: fc.constantFrom('pl0', 'pl1', 'PL2', 'pl3', 'pl9'),
    specType: fc.constantFrom('standard', 'ramEnhanced', 'networkEnhanced', 'gpu'),
  })
  fc.assert(
    fc.property(request, fc.constantFrom(fe, be, cn), (given, place) => {
      const group = completeNodeGroup(given, place)
      if (checkNodeGroup(group, place).length > 0) return
      assert.ok(cuSizes(place.component, 'official', 'onEci').includes(group.cu))
      assert.ok(group.storageSize >= 100 && group.residentNodeNumber >= 1)
      assert.ok(group.diskNumber <= 10 && group.specType !== 'gpu')
      if (place.component === 'FE') assert.equal(group.residentNodeNumber % 2, 1)
    }),
    { numRuns: 500 },
  )
})
