/** What both clouds have built in, held to the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtIn as alibaba } from '../../src/dialect/alibaba/environment.ts'
import { zoneOf as alibabaZone } from '../../src/dialect/alibaba/catalogue/region.ts'
import { builtIn as tencent } from '../../src/dialect/tencent/environment.ts'
import { zoneOf as tencentZone } from '../../src/dialect/tencent/catalogue/region.ts'
import { inconsistencies, environmentOf, listDeclared } from '../../src/domain/environment.ts'
import { hostRange, parseBlock } from '../../src/kernel/cidr.ts'

for (const builtIn of [alibaba, tencent]) {
  const environment = environmentOf({ ...builtIn, mode: 'closed' })

  test(`${builtIn.name}: what is built in agrees with itself, and each id is there once`, () => {
    assert.deepEqual(inconsistencies(environment), [])
    assert.equal(environment.resources.size, builtIn.resources.length)
  })

  test(`${builtIn.name}: every region has what a cluster needs, in every zone a subnet`, () => {
    const regions = listDeclared(environment, 'region')
    assert.ok(regions.length >= 13)
    for (const { id: region } of regions) {
      assert.equal(listDeclared(environment, 'network', { region }).length, 1)
      assert.equal(listDeclared(environment, 'security-group', { region }).length, 1)
      const zones = listDeclared(environment, 'zone', { region })
      assert.ok(zones.length > 0)
      for (const { id: zone } of zones) {
        const [subnet, more] = listDeclared(environment, 'subnet', { region, zone })
        const { first, last } = hostRange(parseBlock(subnet?.cidr ?? '')!)
        assert.ok(last - first > 60_000)
        assert.equal(more, undefined)
      }
    }
  })

  test(`${builtIn.name}: everything has an id of the form that requests may have`, () => {
    for (const { kind, id } of builtIn.resources)
      assert.match(id, builtIn.ids[kind]?.pattern ?? /./, `${kind} ${id}`)
  })
}

test('zones are those of the catalogues', () => {
  const zones = (builtIn: typeof alibaba) => builtIn.resources.filter(({ kind }) => kind === 'zone')
  for (const { id, region } of zones(alibaba)) assert.equal(alibabaZone(id)?.region.id, region)
  for (const { id, region } of zones(tencent)) assert.equal(tencentZone(id)?.region.name, region)
})
