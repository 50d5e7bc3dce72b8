import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import {
  frontendItem,
  startConfiguration,
} from '../../../../support/fixture/alibaba-configuration.ts'

const KEY = 'label_keep_max_second'

test('items are changed together, go back to their defaults, and are in the history', async (t) => {
  const it = await startConfiguration(t)
  const backend = { configType: 'BE', configKey: 'streaming_load_max_mb', configValue: '100' }
  const configsToUpdate = [frontendItem(KEY, '100'), backend]
  assert.equal(await it.change({ configsToUpdate }), 'modifying_config')
  assert.equal((await it.describe()).InstanceStatus, 'running')
  assert.deepEqual([await it.value(KEY), await it.value('streaming_load_max_mb')], ['100', '100'])
  const { OperationType, BeforeValue, AfterValue } = (await it.history())[0]
  assert.deepEqual(
    [OperationType, BeforeValue, AfterValue],
    [
      'update_configuration',
      `FE ${KEY} = 259200, BE streaming_load_max_mb = 102400`,
      `FE ${KEY} = 100, BE streaming_load_max_mb = 100`,
    ],
  )
  await it.change({ configsToDelete: [frontendItem(KEY)] })
  assert.deepEqual(
    [await it.value(KEY), await it.value('streaming_load_max_mb')],
    ['259200', '100'],
  )
  await it.change({ configsToAdd: [frontendItem(KEY, '200')] })
  assert.equal(await it.value(KEY), '200')
})

test('earlier clients send lists as JSON texts of the query', async (t) => {
  const it = await startConfiguration(t)
  const texts = (items: object) => JSON.stringify(items)
  const send = (query: Record<string, string>) => it.change({}, { Reason: 'test', ...query })
  await send({ ConfigList: texts([frontendItem(KEY, '100')]) })
  assert.equal(await it.value(KEY), '100')
  await send({ DeleteConfigList: texts([frontendItem(KEY)]) })
  assert.equal(await it.value(KEY), '259200')
  await send({ AddConfigList: texts([frontendItem(KEY, '50')]) })
  assert.equal(await it.value(KEY), '50')
})

test('nodes are restarted where an item needs it, or it is wanted', async (t) => {
  const it = await startConfiguration(t)
  const restarts = async () =>
    (await it.document()).spec.groups.map(({ role, nodes }) => [role, nodes[0]!.restarts])
  const was = await restarts()
  const after = (roles: readonly string[], times: number) =>
    was.map(([role]) => [role, roles.includes(String(role)) ? times : 0])
  await it.change({ configsToUpdate: [frontendItem(KEY, '100')] })
  assert.deepEqual(await restarts(), was)
  const connections = [frontendItem('qe_max_connection', '10')]
  assert.match(
    await it.refused({ configsToUpdate: connections, restart: false }),
    /^InvalidParams .*qe_max_connection takes effect after a restart, which is not wanted/,
  )
  await it.change({ configsToUpdate: connections, fastMode: true })
  assert.deepEqual(await restarts(), after(['fe'], 1))
  await it.change({ configsToUpdate: [frontendItem(KEY, '200')], restart: true })
  assert.deepEqual(await restarts(), after(['fe'], 2))
})

test('a reason is needed, and what is no item, value or change is refused by name', async (t) => {
  const it = await startConfiguration(t)
  const update = (...items: readonly object[]) => it.refused({ configsToUpdate: items })
  const one = { configsToUpdate: [frontendItem(KEY, '100')] }
  assert.match(await it.refused(one, {}), /^InvalidParams .*modify reason is empty/)
  assert.match(await it.refused({}), /^InvalidParams .*No configuration is changed/)
  assert.match(
    await update(frontendItem('no_such', '1')),
    /^InvalidParams .*\[no_such\].* not exists/,
  )
  assert.match(
    await update({ ...frontendItem('hadoop.tmp', '1'), configType: 'CORE' }),
    /\[hadoop\.tmp\] of type \[CORE\] not exists/,
  )
  assert.match(
    await update(frontendItem('expr_depth_limit', '5')),
    /\[expr_depth_limit\] can not be/,
  )
  assert.match(await update(frontendItem(KEY, '0')), /should be in range \[1, 31536000\]/)
  assert.match(await update(frontendItem(KEY, '1.5')), /should be in range/)
  assert.match(
    await update(frontendItem('enable_materialized_view', 'no')),
    /one of \[true, false\]/,
  )
  assert.match(await update(frontendItem(KEY)), /has no value/)
  assert.match(await update(frontendItem(KEY, '259200')), /is 259200 already/)
  assert.match(await update(frontendItem(KEY, '1'), frontendItem(KEY, '2')), /is given twice/)
  assert.match(
    await it.refused({ configsToDelete: [frontendItem(KEY)] }),
    /has its default value already/,
  )
  const both = await update(frontendItem('no_such', '1'), frontendItem(KEY, '0'))
  assert.match(both, /no_such.*should be in range/)
  const many = Array.from({ length: 201 }, () => frontendItem(KEY, '1'))
  assert.match(await update(...many), /Number of configs to update should be in range \[0, 200\]/)
  assert.equal(await it.value(KEY), '259200')
  await it.change(one)
  assert.match(await it.refused({ configsToAdd: [frontendItem(KEY, '5')] }), /exists already/)
})

test('a node group is named where it has the item, and all that have it are changed together', async (t) => {
  const it = await startConfiguration(t)
  const { NodeGroupId: frontends } = await it.group('FE')
  const item = frontendItem(KEY, '100')
  const update = (nodeGroupId: string) => ({ configsToUpdate: [{ ...item, nodeGroupId }] })
  assert.match(await it.refused(update('ng-no')), /Node group \[ng-no\] has no config/)
  await it.change(update(frontends))
  assert.equal(await it.value(KEY), '100')
  const { NodeGroupId: workers } = await it.group('CN')
  const length = { configType: 'BE', configKey: 'streaming_load_max_mb', configValue: '5' }
  await it.change({ configsToUpdate: [{ ...length, nodeGroupId: workers }] })
  await it.call('CreateNodeGroup', { body: { instanceId: it.id } })
  await it.cloud.settle()
  const values = (await it.configs({ ConfigKey: 'streaming_load_max_mb' })).map((row) => [
    row.DefaultNodeGroup,
    row.ConfigValue,
  ])
  assert.deepEqual(values, [
    [true, '5'],
    [false, '5'],
  ])
  const other = { ...length, configValue: '6', nodeGroupId: workers }
  assert.match(
    await it.refused({ configsToUpdate: [other] }),
    /\[streaming_load_max_mb\] can not be set for one of several node groups/,
  )
})

const [backend] = createBody().BackendNodeGroups
const one = { ...backend, residentNodeNumber: 1 }
const trialBody = {
  PackageType: 'trial',
  FrontendNodeGroups: [{ ...one, cu: 4 }],
  BackendNodeGroups: [one],
}

test('a trial instance, one that is busy and one that is not there are refused', async (t) => {
  const it = await startConfiguration(t)
  const body = { configsToUpdate: [frontendItem(KEY, '100')] }
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  const query = { InstanceId: it.id, Reason: 'test' }
  await it.call('ModifyInstanceConfig', { query, body })
  assert.match(await it.refused(body), /^OperationDenied\.InstanceStatus .*modifying_config/)
  const lost = { ...query, InstanceId: 'c-0123456789abcdef' }
  const { code } = await refusalOf(it.call('ModifyInstanceConfig', { query: lost, body }))
  assert.equal(code, 'Instance.NotFound')
  const trial = await startConfiguration(t, { body: trialBody })
  assert.match(await trial.refused(body), /^InvalidParams .*Invalid configuration change/)
})
