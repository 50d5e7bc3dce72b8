import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  checkDataDisks,
  checkDisk,
  checkSystemSize,
  diskByStorageType,
  diskOf,
  diskTypes,
  type DataDisk,
} from '../../../../src/dialect/tencent/catalogue/disk.ts'
import {
  findInstanceType,
  families,
  type InstanceType,
} from '../../../../src/dialect/tencent/catalogue/instance-type.ts'

function machine(name: string): InstanceType {
  const found = findInstanceType({ instanceType: name })
  assert.ok(found.ok)
  return found.instanceType
}

const ssd = { diskType: 'CLOUD_SSD', sizeGb: 100, count: 1 }
const plain = (more: readonly DataDisk[], base: DataDisk = ssd) =>
  checkDataDisks(machine('S5.LARGE8'), base, more)?.problem

const size = (diskType: string, sizeGb: number) => checkDisk({ diskType, sizeGb })?.problem

test('numbers and names of the disk types are those of the documents, one to one', () => {
  assert.deepEqual(Object.fromEntries(diskTypes.map((disk) => [disk.storageType, disk.diskType])), {
    1: 'LOCAL_BASIC',
    2: 'CLOUD_BASIC',
    3: 'LOCAL_SSD',
    4: 'CLOUD_SSD',
    5: 'CLOUD_PREMIUM',
    6: 'CLOUD_HSSD',
    11: 'CLOUD_THROUGHPUT',
    12: 'CLOUD_TSSD',
    13: 'CLOUD_BSSD',
    14: 'CLOUD_BIGDATA',
    15: 'CLOUD_HIGHIO',
    16: 'REMOTE_SSD',
  })
  for (const disk of diskTypes) {
    assert.equal(diskByStorageType(disk.storageType), disk)
    assert.equal(diskOf(disk.diskType), disk)
  }
  assert.equal(diskByStorageType(7), undefined)
})

test('both ends of each range are in, and one step outside is not', () => {
  assert.equal(size('CLOUD_SSD', 100), undefined)
  assert.equal(size('CLOUD_SSD', 16000), undefined)
  assert.equal(size('CLOUD_SSD', 90), 'size-out-of-range')
  assert.equal(size('CLOUD_SSD', 16010), 'size-out-of-range')
  assert.equal(size('CLOUD_PREMIUM', 10), undefined)
  assert.equal(size('CLOUD_PREMIUM', 0), 'size-out-of-range')
  assert.equal(size('CLOUD_PREMIUM', 15), 'size-off-step')
  assert.equal(size('CLOUD_PREMIUM', Number.NaN), 'size-out-of-range')
  assert.equal(size('LOUD_PREMIUM', 100), 'unknown-disk-type')
})

test('the system disk has a range of its own', () => {
  assert.equal(checkSystemSize(50), undefined)
  assert.equal(checkSystemSize(70), undefined)
  assert.equal(checkSystemSize(1000), undefined)
  assert.equal(checkSystemSize(40)?.problem, 'size-out-of-range')
  assert.equal(checkSystemSize(1010)?.problem, 'size-out-of-range')
  assert.equal(checkSystemSize(55)?.problem, 'size-off-step')
})

test('a node takes fifteen data disks, each further type once', () => {
  const premium = { diskType: 'CLOUD_PREMIUM', sizeGb: 100, count: 14 }
  assert.equal(plain([]), undefined)
  assert.equal(plain([premium]), undefined)
  assert.equal(plain([{ ...premium, count: 15 }]), 'too-many-disks')
  assert.equal(plain([premium, { ...premium, count: 1 }]), 'repeated-disk-type')
  assert.equal(plain([ssd]), undefined)
  assert.equal(plain([{ ...premium, count: 0 }]), 'count')
  assert.equal(plain([{ ...premium, sizeGb: 5 }]), 'size-out-of-range')
  assert.equal(plain([], { ...ssd, sizeGb: 101 }), 'size-off-step')
})

test('a model with local disks takes its own and no others, a model without takes none', () => {
  const own = { diskType: 'LOCAL_SSD', sizeGb: 0, count: 1 }
  const high = machine('I2.2XLARGE32')
  assert.equal(checkDataDisks(high, own, []), undefined)
  assert.equal(checkDataDisks(high, own, [ssd])?.problem, 'local-disk-model')
  assert.equal(checkDataDisks(high, ssd, [])?.problem, 'local-disk-model')
  const other = { ...own, diskType: 'LOCAL_BASIC' }
  assert.equal(checkDataDisks(high, other, [])?.problem, 'no-local-disk')
  assert.equal(checkDataDisks(high, { ...own, diskType: 'X' }, [])?.problem, 'unknown-disk-type')
  assert.equal(plain([], own), 'no-local-disk')
  assert.equal(plain([own]), 'no-local-disk')
})

test('the local disks of every family are of a known local type', () => {
  const types = families.flatMap((family) => family.localDisk?.diskType ?? [])
  assert.ok(types.length >= 2)
  for (const type of types) assert.equal(diskOf(type)?.kind, 'local')
})

test('a size is accepted exactly when it is a step within the range', () => {
  const cloud = diskTypes.filter((disk) => disk.data !== null).map((disk) => disk.diskType)
  fc.assert(
    fc.property(
      fc.constantFrom(...cloud),
      fc.integer({ min: -100, max: 20_000 }),
      (diskType, sizeGb) => {
        const low = diskType === 'CLOUD_SSD' ? 100 : 10
        const good = sizeGb >= low && sizeGb <= 16_000 && sizeGb % 10 === 0
        assert.equal(checkDisk({ diskType, sizeGb }) === undefined, good)
      },
    ),
  )
})
