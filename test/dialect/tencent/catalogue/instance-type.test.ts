import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkOffer,
  deviceName,
  families,
  findInstanceType,
  instanceTypes,
  type InstanceType,
} from '../../../../src/dialect/tencent/catalogue/instance-type.ts'
import { zoneOf } from '../../../../src/dialect/tencent/catalogue/region.ts'

function find(query: Parameters<typeof findInstanceType>[0]): InstanceType {
  const found = findInstanceType(query)
  assert.ok(found.ok, JSON.stringify(found))
  return found.instanceType
}

function problem(query: Parameters<typeof findInstanceType>[0]) {
  const found = findInstanceType(query)
  return found.ok ? undefined : found.problem
}

test('the documented sizes of S2 have their cores and memory', () => {
  const sizes = Object.fromEntries(
    instanceTypes
      .filter((type) => type.family.family === 'S2')
      .map((type) => [type.name, `${type.cpu}C${type.memoryMb / 1024}G`]),
  )
  assert.deepEqual(sizes, {
    'S2.MEDIUM4': '2C4G',
    'S2.MEDIUM8': '2C8G',
    'S2.LARGE8': '4C8G',
    'S2.LARGE16': '4C16G',
    'S2.2XLARGE16': '8C16G',
    'S2.2XLARGE32': '8C32G',
    'S2.4XLARGE32': '16C32G',
    'S2.4XLARGE64': '16C64G',
    'S2.6XLARGE48': '24C48G',
    'S2.6XLARGE96': '24C96G',
    'S2.8XLARGE64': '32C64G',
    'S2.8XLARGE128': '32C128G',
  })
})

test('names are unique, end in their memory, and each is found by name and by cores and memory', () => {
  assert.equal(new Set(instanceTypes.map((type) => type.name)).size, instanceTypes.length)
  assert.equal(
    instanceTypes.length,
    families.reduce((sum, family) => sum + family.sizes.length, 0),
  )
  for (const type of instanceTypes) {
    assert.ok(type.name.endsWith(String(type.memoryMb / 1024)))
    assert.equal(find({ instanceType: type.name }), type)
    const { cpu, memoryMb } = type
    assert.equal(find({ spec: type.family.spec, cpu, memoryMb }), type)
    assert.equal(find({ spec: type.family.family, cpu, memoryMb }), type)
  }
})

test('the name wins over the older triple, and spaces around it do not matter', () => {
  const type = find({ instanceType: ' S5.LARGE8\n', spec: 'CVM.S2', cpu: 2, memoryMb: 4096 })
  assert.equal(type.name, 'S5.LARGE8')
})

test('what is not sold is refused with what is', () => {
  assert.equal(problem({})?.problem, 'unknown-family')
  assert.equal(problem({ spec: 'CVM.Z9', cpu: 2, memoryMb: 4096 })?.problem, 'unknown-family')
  assert.equal(problem({ instanceType: 'Z9.LARGE8' })?.problem, 'unknown-family')
  assert.equal(problem({ instanceType: 'S5' })?.problem, 'unknown-size')
  assert.equal(problem({ instanceType: 'S5.LARGE8.X' })?.problem, 'unknown-size')
  const size = problem({ spec: 'CVM.S5', cpu: 4, memoryMb: 8193 })
  assert.ok(size?.problem === 'unknown-size' && size.allowed.includes('S5.LARGE8'))
})

test('a family limited to some zones is refused elsewhere, in zones that exist', () => {
  const type = find({ instanceType: 'SA5.LARGE8' })
  const at = (zone: string) => checkOffer(type, { zone, payMode: 'postpaid' })
  assert.equal(at('ap-guangzhou-6'), undefined)
  assert.equal(at('ap-guangzhou-3')?.problem, 'not-in-zone')
  for (const { zones } of families) {
    for (const zone of zones === 'all' ? [] : zones) assert.ok(zoneOf(zone), zone)
  }
})

test('one family is sold by the hour only', () => {
  const type = find({ instanceType: 'C2.LARGE8' })
  const zone = 'ap-guangzhou-3'
  assert.equal(checkOffer(type, { zone, payMode: 'postpaid' }), undefined)
  assert.deepEqual(checkOffer(type, { zone, payMode: 'prepaid' }), {
    problem: 'not-in-pay-mode',
    payMode: 'prepaid',
    allowed: ['postpaid'],
  })
})

test('types are shown as the console shows them', () => {
  const type = find({ instanceType: 'S5.2XLARGE32' })
  assert.equal(deviceName(type), 'EMR标准型S5')
  assert.equal(type.family.deviceClass, 'VSELF_5')
})

test('every size of a local-disk family says which disks it brings', () => {
  for (const type of instanceTypes) {
    assert.equal(type.localDisk !== undefined, type.family.localDisk !== undefined, type.name)
  }
  assert.equal(find({ instanceType: 'D1.4XLARGE64' }).localDisk?.count, 4)
})
