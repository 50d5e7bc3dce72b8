import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  regionById,
  regionOf,
  regions,
  zoneOf,
} from '../../../../src/dialect/tencent/catalogue/region.ts'

test('the regions are those that the official client knows', () => {
  const names =
    'ap-bangkok ap-beijing ap-chengdu ap-chongqing ap-guangzhou ap-guangzhou-open ap-hongkong ' +
    'ap-jakarta ap-mumbai ap-nanjing ap-seoul ap-shanghai ap-shanghai-fsi ap-shenzhen-fsi ' +
    'ap-singapore ap-tokyo eu-frankfurt eu-moscow na-ashburn na-siliconvalley na-toronto sa-saopaulo'
  assert.deepEqual(regions.map((region) => region.name).sort(), names.split(' '))
})

test('numbers of regions and zones are those of the examples', () => {
  assert.equal(regionOf('ap-guangzhou')?.id, 1)
  assert.equal(zoneOf('100003')?.zone.name, 'ap-guangzhou-3')
  assert.equal(zoneOf(800006)?.region.id, 8)
  assert.equal(zoneOf('ap-shanghai-2')?.zone.id, 200002)
})

test('every region and every zone has one number and one name', () => {
  const zones = regions.flatMap((region) => region.zones)
  for (const list of [
    regions.map((region) => region.id),
    zones.map((zone) => zone.id),
    zones.map((zone) => zone.name),
  ]) {
    assert.equal(new Set<unknown>(list).size, list.length)
  }
  for (const region of regions) {
    assert.equal(regionById(region.id), region)
    for (const zone of region.zones) {
      assert.ok(zone.name.startsWith(`${region.name}-`))
      assert.equal(zoneOf(zone.name)?.region, region)
      assert.equal(zoneOf(zone.id)?.zone, zone)
    }
  }
})

test('what is in no region is not found', () => {
  assert.equal(zoneOf('ap-guangzhou-99'), undefined)
  assert.equal(zoneOf(''), undefined)
  assert.equal(regionOf('cn-hangzhou'), undefined)
  assert.equal(regionById(2), undefined)
})
