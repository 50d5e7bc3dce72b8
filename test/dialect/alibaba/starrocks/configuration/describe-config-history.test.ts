import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  frontendItem,
  startConfiguration,
} from '../../../../support/fixture/alibaba-configuration.ts'

const KEY = 'label_keep_max_second'

test('an entry says what was changed, where, by whom and why', async (t) => {
  const it = await startConfiguration(t)
  assert.deepEqual(await it.entries(), [])
  await it.change({ configsToUpdate: [frontendItem(KEY, '100')] }, { Reason: 'shorter' })
  const { GmtCreate, ConfigHistoryId, OperatorId, ...entry } = (await it.entries())[0]
  const { spec } = await it.document()
  const frontends = spec.groups.filter(({ role }) => role === 'fe')
  assert.deepEqual(entry, {
    ConfigHistoryEffectDetails: frontends.flatMap(({ id, nodes }) =>
      nodes.map((node) => ({ EffectStatus: 'effective', NodeGroupId: id, NodeId: node.id })),
    ),
    ConfigMementos: [
      { Action: 'MODIFY', After: '100', Before: '259200', ConfigKey: KEY, ConfigType: 'FE' },
    ],
    EffectStatus: 'effective',
    Effected: true,
    Reason: 'shorter',
    Rollback: false,
  })
  assert.match(ConfigHistoryId, /^\d+$/)
  assert.match(OperatorId, /^\d+$/)
  assert.equal(GmtCreate, (await it.history())[0].GmtCreate)
})

test('entries are paged, counted and filtered; actions are distinguished', async (t) => {
  const it = await startConfiguration(t)
  await it.change({ configsToAdd: [frontendItem(KEY, '100')] })
  await it.change({ configsToDelete: [frontendItem(KEY)] })
  const shown = async (query = {}) =>
    (await it.entries(query)).map(({ ConfigMementos: [one] }) => [
      one.Action,
      one.Before,
      one.After,
    ])
  assert.deepEqual(await shown(), [
    ['DELETE', '100', ''],
    ['ADD', '', '100'],
  ])
  assert.deepEqual(await shown({ PageSize: 1, PageNumber: 2 }), [['ADD', '', '100']])
  assert.equal((await it.send('DescribeConfigHistory')).body.Total, 2)
  assert.equal((await it.send('DescribeConfigHistory', { NeedTotal: false })).body.Total, undefined)
  assert.equal((await shown({ EffectStatuses: 'effective,effecting' })).length, 2)
  assert.deepEqual(await shown({ EffectStatuses: 'ineffective' }), [])
  assert.deepEqual(await shown({ EndTime: 1 }), [])
  const { message } = await it.refusal('DescribeConfigHistory', { EffectStatuses: 'done' })
  assert.match(message, /should be among \[effecting, effective, ineffective\]/)
})

test('an entry whose change continues is not in effect yet', async (t) => {
  const it = await startConfiguration(t)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  const query = { InstanceId: it.id, Reason: 'test' }
  await it.call('ModifyInstanceConfig', {
    query,
    body: { configsToUpdate: [frontendItem(KEY, '100')] },
  })
  const [{ EffectStatus, Effected }] = (await it.entries()) as [
    { EffectStatus: string; Effected: boolean },
  ]
  assert.deepEqual([EffectStatus, Effected], ['effecting', false])
})
