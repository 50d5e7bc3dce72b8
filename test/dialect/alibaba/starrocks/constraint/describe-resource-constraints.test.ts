import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'

interface Range {
  readonly Min: number
  readonly Max: number
  readonly Step: number
  readonly Default: number
}

/** Every edge, and one step beyond each. */
function edges({ Min, Max, Step, Default }: Range): readonly (readonly [number, boolean])[] {
  const beyond = [Min - Step, Max + Step].filter((each) => each > 0)
  return [
    ...[Min, Max, Default].map((each) => [each, true] as const),
    ...beyond.map((each) => [each, false] as const),
  ]
}

test('what it says is what a creation accepts, and one step beyond is refused', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  let asked = 0
  for (const RunMode of ['shared_nothing', 'shared_data'])
    for (const PackageType of ['official', 'trial']) {
      const query = { RegionId: 'cn-hangzhou', Architecture: 'onEcs', PackageType, RunMode }
      const { Data } = (await call('DescribeResourceConstraints', { query })).body
      const where = `${RunMode} ${PackageType}`
      const check = async (fe: object, be: object, accepted: boolean) => {
        const body = createBody({
          RunMode,
          PackageType,
          ObserverNodeGroups: [],
          FrontendNodeGroups: [fe],
          BackendNodeGroups: [be],
        })
        asked++
        const said = `${where} ${JSON.stringify([fe, be])}`
        const answer = call('CreateInstanceV1', { body })
        if (accepted) assert.equal((await answer).statusCode, 200, said)
        else assert.equal((await refusalOf(answer)).code, 'InvalidParams', said)
      }
      for (const cu of Data.FeCu) await check({ cu }, {}, true)
      await check({ cu: Math.max(...Data.FeCu) * 2 }, {}, false)
      for (const cu of Data.BeCu) await check({}, { cu }, true)
      await check({}, { cu: Math.max(...Data.BeCu) * 2 }, false)
      for (const [residentNodeNumber, accepted] of edges(Data.FeNumber))
        await check({ residentNodeNumber }, {}, accepted)
      for (const [residentNodeNumber, accepted] of edges(Data.BeNumber))
        await check({}, { residentNodeNumber }, accepted)
      for (const [storageSize, accepted] of edges(Data.FeStorage))
        await check({ storageSize }, {}, accepted)
      for (const { Level, ValueConstraint, DiskNumberConstraint } of Data.BeStorageConstraints) {
        const level = { storagePerformanceLevel: String(Level).toLowerCase() }
        const { Default: storageSize } = ValueConstraint
        for (const [size, accepted] of edges(ValueConstraint))
          await check({}, { ...level, storageSize: size }, accepted)
        for (const [diskNumber, accepted] of edges(DiskNumberConstraint))
          await check({}, { ...level, storageSize, diskNumber }, accepted)
      }
      for (const { InstanceType, Cpu } of [
        ...Data.LocalSSDInstanceTypeConstraints,
        ...Data.BigDataInstanceTypeConstraints,
      ]) {
        const specType = String(InstanceType).includes('ssd') ? 'localSSD' : 'bigData'
        await check({}, { cu: Cpu, specType, localStorageInstanceType: InstanceType }, true)
      }
    }
  assert.ok(asked > 150, `only ${asked} were asked for`)
})

test('it is a GET, names the region of its zones, and answers in its own envelope', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const { body } = await call('DescribeResourceConstraints', { query: { RegionId: 'cn-beijing' } })
  assert.deepEqual(Object.keys(body).toSorted(), [
    'AccessDeniedDetail',
    'Data',
    'ErrMessage',
    'ErrorCode',
    'HttpStatusCode',
    'RequestId',
    'Success',
  ])
  const zones = Object.keys(body.Data.ZoneSupportedSpecTypes)
  assert.ok(zones.length > 0 && zones.every((zone) => zone.startsWith('cn-beijing')))
  const all = (await call('DescribeResourceConstraints')).body.Data.ZoneSupportedSpecTypes
  assert.ok(Object.keys(all).length > zones.length)
})
