import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  itemsOn,
  problemOfSettings,
} from '../../../../../engines/starrocks/src/execution/configuration-item.ts'
import { configurationItems } from '../../../../../src/dialect/alibaba/catalogue/configuration-item.ts'
import { startConfiguration } from '../../../../support/fixture/alibaba-configuration.ts'

test('an item reads back with everything that is documented of it', async (t) => {
  const it = await startConfiguration(t)
  const { NodeGroupId, NodeGroupName } = await it.group('FE')
  assert.deepEqual(await it.configs({ ConfigKey: 'label_keep_max_second', ConfigType: 'FE' }), [
    {
      AllowModify: 'true',
      ConfigKey: 'label_keep_max_second',
      ConfigType: 'FE',
      ConfigValue: '259200',
      Custom: false,
      DefaultNodeGroup: true,
      DefaultValue: '259200',
      Description: 'How long a finished load is found again by its label.',
      DescriptionEn: 'How long a finished load is found again by its label.',
      NodeGroupId,
      NodeGroupName,
      Restart: false,
      Unit: 's',
      ValueRange: '[1,31536000]',
      ValueType: 'INT',
    },
  ])
})

test('listings are paged, counted and filtered', async (t) => {
  const it = await startConfiguration(t)
  const all = await it.send('DescribeInstanceConfigs')
  assert.equal(all.body.Data.length, 20)
  assert.ok(all.body.Total > 100)
  const second = await it.configs({ PageNumber: 2, PageSize: 5 })
  assert.deepEqual(second, all.body.Data.slice(5, 10))
  assert.equal(
    (await it.send('DescribeInstanceConfigs', { NeedTotal: false })).body.Total,
    undefined,
  )
  const keys = async (query: Parameters<typeof it.configs>[0]) =>
    (await it.configs(query)).map(({ ConfigKey }) => ConfigKey)
  assert.deepEqual(await keys({ ConfigType: 'BE', AllowModify: true }), [
    'streaming_load_max_mb',
    'streaming_load_max_batch_size_mb',
  ])
  assert.deepEqual(await keys({ Description: 'found again by its LABEL' }), [
    'label_keep_max_second',
  ])
  assert.deepEqual(await keys({ ConfigType: 'CORE' }), [])
  const { NodeGroupId } = await it.group('FE')
  const types = await it.configs({ NodeGroupId, PageSize: 100 })
  assert.deepEqual([...new Set(types.map(({ ConfigType }) => ConfigType))], ['FE'])
  const { RunMode } = await it.describe()
  assert.equal(await it.value('run_mode'), RunMode)
})

test('the engine has the same items, and acts on those that can be modified', () => {
  const sides = { FE: 'frontend', BE: 'backend' } as const
  for (const type of ['FE', 'BE'] as const) {
    const items = itemsOn(sides[type])
    const known = configurationItems.filter((item) => item.type === type)
    assert.deepEqual(
      known.map(({ name }) => name).toSorted(),
      items.map(({ name }) => name).toSorted(),
    )
    for (const item of known) {
      const own = items.find(({ name }) => name === item.name)!
      assert.deepEqual(
        [item.default, item.modifiable, item.restart],
        [own.default, own.effective, !own.mutable],
        item.name,
      )
      if (!item.modifiable) continue
      const taken = (value: string) =>
        problemOfSettings({ [sides[type]]: { [item.name]: value } }) === undefined
      if (item.min !== undefined && item.max !== undefined)
        assert.deepEqual(
          [item.min - 1, item.min, item.max, item.max + 1].map(String).map(taken),
          [false, true, true, false],
          item.name,
        )
      for (const value of item.allowed ?? []) assert.ok(taken(value), item.name)
    }
  }
})
