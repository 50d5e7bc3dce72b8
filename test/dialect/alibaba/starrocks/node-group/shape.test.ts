import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reader } from '../../../../../src/shape/reader.ts'
import { alibaba } from '../../../../../src/dialect/alibaba/dialect.ts'
import {
  decideNodeGroup,
  nodeGroupShape,
} from '../../../../../src/dialect/alibaba/starrocks/node-group/shape.ts'

const place = {
  component: 'CN',
  packageType: 'official',
  architecture: 'onEci',
  defaultGroup: true,
} as const

test('0 and nothing leave a member open, and the word null the machine type alone', () => {
  const open = decideNodeGroup({}, place, 'z')
  for (const input of [
    { cu: 0, storageSize: 0, diskNumber: 0, residentNodeNumber: 0 },
    { specType: '', storagePerformanceLevel: '', zoneId: '', localStorageInstanceType: 'null' },
  ])
    assert.deepEqual(decideNodeGroup(input, place, 'z'), open)
  assert.equal(open.zoneId, 'z')
  assert.equal(open.localStorageInstanceType, 'non_local_storage')
  const words = { specType: 'null', storagePerformanceLevel: 'null', zoneId: 'null' }
  const { specType, storagePerformanceLevel, zoneId } = decideNodeGroup(words, place, 'z')
  assert.deepEqual({ specType, storagePerformanceLevel, zoneId }, words)
})

test('a group beside the default one may have no nodes', () => {
  const beside = { ...place, defaultGroup: false }
  assert.equal(decideNodeGroup({ residentNodeNumber: 0 }, beside, 'z').residentNodeNumber, 0)
})

test('a performance level is read in any case', () => {
  const { storagePerformanceLevel } = decideNodeGroup(
    { storagePerformanceLevel: 'PL2' },
    place,
    'z',
  )
  assert.equal(storagePerformanceLevel, 'pl2')
})

test('refusals call a component as the service does', () => {
  const read = reader(nodeGroupShape('BE'), alibaba().convention)
  assert.equal(read({ cu: -1 }).refusals[0]?.label, 'Cu of be')
  assert.equal(read({ ResidentNodeNumber: -1 }).refusals[0]?.label, 'Number of be')
})
