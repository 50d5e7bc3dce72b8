import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recount } from '../../../../support/fixture/recount.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { createBody } from '../../../../support/http/alibaba-client.ts'

const HERE = 'cn-hangzhou-i'
const THERE = 'cn-hangzhou-h'
const { ObserverNodeGroups } = createBody()
const VSwitches = [
  { VswId: 'vsw-bp19mlh98tm9teyyd', ZoneId: HERE },
  { VswId: 'vsw-second', ZoneId: THERE },
]

test('frontends and compute nodes change places with the observer, and back again', async (t) => {
  const it = await startInstance(t, { body: { ObserverNodeGroups, VSwitches } })
  const pace = (how: string) => it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', how)
  const zones = async () =>
    Object.fromEntries(
      (await it.groups()).map(({ ComponentType, ZoneId }) => [ComponentType, ZoneId]),
    )
  const addresses = async () => {
    const { spec, status } = await it.document()
    return spec.groups.flatMap(({ nodes }) =>
      nodes.map(({ id, address }) => {
        assert.equal(status.nodes[id]?.address, address)
        return address
      }),
    )
  }
  const before = { addresses: await addresses(), fe: await it.group('FE'), of: await it.describe() }
  assert.deepEqual(await zones(), { FE: HERE, CN: HERE, OBSERVER: THERE })
  pace('manual:1000')
  assert.equal((await it.send('SwitchActiveStandbyZones', { TargetZoneId: THERE })).body.Data, true)
  assert.equal((await it.describe()).InstanceStatus, 'switch_az')
  assert.equal((await it.group('CN')).Status, 'SWITCH_AZ')
  pace('immediate')
  await it.cloud.settle()
  assert.deepEqual(await zones(), { FE: THERE, CN: THERE, OBSERVER: HERE })
  const now = await it.describe()
  assert.equal(now.InstanceStatus, 'running')
  assert.deepEqual(
    now.VSwitches.map(({ ZoneId, Primary }: { ZoneId: string; Primary: boolean }) => [
      ZoneId,
      Primary,
    ]),
    [
      [HERE, false],
      [THERE, true],
    ],
  )
  const moved = await addresses()
  assert.equal(moved.filter((each) => before.addresses.includes(each)).length, 0)
  assert.equal((await it.group('FE')).Endpoint, before.fe.Endpoint)
  const [latest] = await it.history({ OperationType: 'switch_az' })
  assert.equal(latest.OperationStatus, 'COMPLETED')
  await recount(it.cloud.store, `${it.cloud.dataDir}/emrys.db`)
  await it.send('SwitchActiveStandbyZones', { TargetZoneId: HERE })
  await it.cloud.settle()
  assert.deepEqual(await zones(), { FE: HERE, CN: HERE, OBSERVER: THERE })
  assert.deepEqual((await it.describe()).VSwitches, before.of.VSwitches)
  await recount(it.cloud.store, `${it.cloud.dataDir}/emrys.db`)
})

test('only the zone of an observer can be switched to, while nothing else is under way', async (t) => {
  const it = await startInstance(t, { body: { ObserverNodeGroups, VSwitches } })
  const code = async (query: Record<string, string>) => {
    const { code: is, message } = await it.refusal('SwitchActiveStandbyZones', query)
    return `${is} ${message}`
  }
  assert.match(await code({ TargetZoneId: HERE }), /^InvalidParams.*set \[cn-hangzhou-h\]/)
  assert.match(await code({ TargetZoneId: THERE, InstanceId: 'c-0' }), /^Instance\.NotFound/)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('RestartInstance')
  assert.match(await code({ TargetZoneId: THERE }), /^OperationDenied\.InstanceStatus/)
  const alone = await startInstance(t)
  const refused = await alone.refusal('SwitchActiveStandbyZones', { TargetZoneId: THERE })
  assert.equal(refused.code, 'UnsupportedOperation')
})
