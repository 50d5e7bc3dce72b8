import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask } from '../../../../support/http/tencent-client.ts'

test('a region has its zones, with the numbers as texts and names in the language that was asked for', async (t) => {
  const { port } = await startCloud(t)
  const zones = async (language: 'zh-CN' | 'en-US') => {
    const { response } = await ask({ port, language }, 'DescribeZones', {})
    return response['ZoneSet'] as Record<string, string>[]
  }
  const third = (await zones('en-US')).find(({ Zone }) => Zone === 'ap-guangzhou-3')
  assert.deepEqual(third, {
    Zone: 'ap-guangzhou-3',
    ZoneName: 'Guangzhou Zone 3',
    ZoneId: '100003',
    ZoneState: 'AVAILABLE',
  })
  assert.equal((await zones('zh-CN'))[2]?.['ZoneName'], '广州三区')
})
