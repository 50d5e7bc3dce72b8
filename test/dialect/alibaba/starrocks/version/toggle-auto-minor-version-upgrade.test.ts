import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { limits } from '../../../../../src/limits.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { runsVersion } from '../../../../support/fixture/alibaba-version.ts'
import { startCloud, type Cloud } from '../../../../support/fixture/cloud.ts'
import { DAY_MS, HOUR_MS, money, stillClock } from '../../../../support/fixture/money.ts'
import { alibabaClient } from '../../../../support/http/alibaba-client.ts'

/** 08:00 in UTC+8. */
const START = '2026-03-01T00:00:00Z'
const startMs = Date.parse(START)
const OLD = '3.3.2-1.77-1.6.4'
const NEW = '3.3.13-1.0-1.7.12'
const on = { AutoUpgrade: true }
const off = { AutoUpgrade: false }
const morning = { MaintainableTimePeriod: '10:00-11:00' }

/** An instance that was made when the version was the newest. */
async function start(t: TestContext) {
  const it = await startInstance(t, { cloud: { clock: stillClock(START) } })
  await runsVersion(it, OLD)
  return { ...it, ...money(it.cloud), version: () => versionSeen(it.cloud, it.id) }
}

/** What the nodes really run. */
async function versionSeen({ substrates }: Pick<Cloud, 'substrates'>, id: string) {
  const { groups } = await substrates.get('simulation')!.observe(id)
  const versions = groups.flatMap(({ nodes }) => nodes.map(({ runs }) => runs?.version))
  return [...new Set(versions)]
}

test('an instance is brought to the newest minor version in its hours, and never before', async (t) => {
  const it = await start(t)
  await it.send('ModifyMaintainableTime', morning)
  assert.equal((await it.describe()).EnableAutoMinorVersionUpgrade, false)
  assert.equal((await it.send('ToggleAutoMinorVersionUpgrade', on)).body.Data, true)
  assert.equal((await it.describe()).EnableAutoMinorVersionUpgrade, true)
  await it.passUntil(startMs + 2 * HOUR_MS - 1)
  await it.cloud.settle()
  assert.deepEqual(await it.version(), [OLD])

  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.passUntil(startMs + 2 * HOUR_MS)
  const during = await it.describe()
  assert.deepEqual([during.InstanceStatus, during.MinorVersion], ['upgrading', OLD])
  assert.equal((await it.document()).change?.rolling, true)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  const after = await it.describe()
  assert.deepEqual([after.InstanceStatus, after.MinorVersion], ['running', NEW])
  assert.deepEqual(await it.version(), [NEW])
  const [entry] = await it.history()
  assert.deepEqual(
    [entry.OperationType, entry.OperationStatus, entry.BeforeValue, entry.AfterValue],
    ['upgrade_version', 'COMPLETED', OLD, NEW],
  )
  const audit = await it.cloud.store.read((tx) => tx.audit(undefined, 50))
  assert.ok(audit.some(({ principal }) => principal === 'system/maintenance'))

  const known = (await it.history()).length
  await it.passUntil(startMs + 3 * DAY_MS)
  assert.equal((await it.history()).length, known, 'the newest one is left alone')
})

test('one for which it was switched off again keeps its version', async (t) => {
  const it = await start(t)
  await it.send('ModifyMaintainableTime', morning)
  await it.send('ToggleAutoMinorVersionUpgrade', on)
  await it.send('ToggleAutoMinorVersionUpgrade', off)
  await it.passUntil(startMs + 2 * DAY_MS)
  assert.equal((await it.describe()).EnableAutoMinorVersionUpgrade, false)
  assert.deepEqual(await it.version(), [OLD])
})

test('what was switched on is done by the server that is started next', async (t) => {
  const it = await start(t)
  await it.send('ModifyMaintainableTime', morning)
  await it.send('ToggleAutoMinorVersionUpgrade', on)
  await it.cloud.settle()
  await it.cloud.close()
  const clock = stillClock(START)
  const next = await startCloud(t, { dataDir: it.cloud.dataDir, clock })
  assert.deepEqual(await versionSeen(next, it.id), [OLD])
  await money(next).passUntil(startMs + 2 * HOUR_MS)
  await next.settle()
  assert.deepEqual(await versionSeen(next, it.id), [NEW])
  const query = { InstanceId: it.id }
  const found = (await alibabaClient(next.port)('DescribeInstances', { query })).body.Data[0]
  assert.deepEqual([found.MinorVersion, found.MaintainablePeriod], [NEW, '10:00-11:00'])
})

test('one that is busy when its hours begin is upgraded in the rest of them', async (t) => {
  const it = await start(t)
  await it.send('ModifyMaintainableTime', morning)
  await it.send('ToggleAutoMinorVersionUpgrade', on)
  await it.passUntil(startMs + 2 * HOUR_MS - 60_000)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('RestartInstance')
  await it.passUntil(startMs + 2 * HOUR_MS + 60_000)
  assert.equal((await it.describe()).InstanceStatus, 'restarting')
  assert.deepEqual((await it.document()).spec.software.version, OLD)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  assert.deepEqual(await it.version(), [NEW])
})

test('an upgrade that was undone is not tried again before the next hours', async (t) => {
  const it = await start(t)
  const tries = async () =>
    (await it.history({ OperationType: 'upgrade_version' })).map((entry) => entry.OperationStatus)
  await it.send('ToggleAutoMinorVersionUpgrade', on)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  const beginMs = startMs + 16 * HOUR_MS
  await it.passUntil(beginMs + limits.changeMs + 60_000)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  await it.passUntil(beginMs + DAY_MS - 1)
  assert.deepEqual(await tries(), ['TERMINATED'])
  assert.deepEqual(await it.version(), [OLD])
  assert.equal((await it.describe()).InstanceStatus, 'running')
  await it.passUntil(beginMs + DAY_MS)
  await it.cloud.settle()
  assert.deepEqual(await tries(), ['COMPLETED', 'TERMINATED'])
  assert.deepEqual(await it.version(), [NEW])
})

test('it can be switched on while an instance does not run, and takes its effect when it does', async (t) => {
  const it = await start(t)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('RestartInstance')
  await it.send('ToggleAutoMinorVersionUpgrade', on)
  const { EnableAutoMinorVersionUpgrade, InstanceStatus } = await it.describe()
  assert.deepEqual([EnableAutoMinorVersionUpgrade, InstanceStatus], [true, 'restarting'])
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  await it.passUntil(startMs + 16 * HOUR_MS)
  await it.cloud.settle()
  assert.deepEqual(await it.version(), [NEW], 'at midnight in UTC+8')
})

test('an instance that is not there has nothing to switch, and a word is no switch', async (t) => {
  const it = await start(t)
  const absent = await it.refusal('ToggleAutoMinorVersionUpgrade', { ...on, InstanceId: 'c-0' })
  assert.equal(absent.code, 'Instance.NotFound')
  const word = await it.refusal('ToggleAutoMinorVersionUpgrade', { AutoUpgrade: 'often' })
  assert.equal(word.code, 'InvalidParameter')
  assert.equal((await it.describe()).EnableAutoMinorVersionUpgrade, false)
})
