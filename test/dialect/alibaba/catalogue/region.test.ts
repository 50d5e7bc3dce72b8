import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  regionIds,
  regionOf,
  regions,
  zoneOf,
  zonesFor,
  zonesWith,
} from '../../../../src/dialect/alibaba/catalogue/region.ts'

test('the regions are the thirteen of the official client', () => {
  const known =
    'ap-southeast-1 ap-southeast-5 cn-beijing cn-hangzhou cn-hongkong cn-qingdao cn-shanghai ' +
    'cn-shenzhen cn-wulanchabu cn-zhangjiakou eu-central-1 us-east-1 us-west-1'
  assert.deepEqual([...regionIds].sort(), known.split(' '))
})

test('every zone is of one region and starts with its name', () => {
  const ids = regions.flatMap((region) => region.zones.map((zone) => zone.id))
  assert.equal(new Set(ids).size, ids.length)
  for (const region of regions) {
    for (const zone of region.zones) {
      assert.ok(zone.id.startsWith(region.id))
      assert.equal(zoneOf(zone.id)?.region, region)
    }
  }
  assert.equal(zoneOf('cn-hangzhou-z'), undefined)
  assert.equal(regionOf('ap-guangzhou'), undefined)
})

test('the trial edition is sold in some zones of some regions, the official one in all', () => {
  const hangzhou = regionOf('cn-hangzhou')
  const qingdao = regionOf('cn-qingdao')
  assert.ok(hangzhou && qingdao)
  assert.deepEqual(zonesFor(hangzhou, 'trial'), ['cn-hangzhou-i', 'cn-hangzhou-j'])
  assert.deepEqual(zonesFor(qingdao, 'trial'), [])
  for (const region of regions) {
    assert.equal(zonesFor(region, 'official').length, region.zones.length)
  }
})

test('every zone has standard machines, some have local disks', () => {
  for (const region of regions) {
    assert.equal(zonesWith(region, 'standard').length, region.zones.length)
  }
  const withDisks = regions.filter((region) => zonesWith(region, 'localSSD').length > 0)
  assert.ok(withDisks.length > 0 && withDisks.length < regions.length)
})
