import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, sampleCreateRequest } from '../../../../support/http/tencent-client.ts'

test('the price is that of the parts, and the parts are those of the nodes', async (t) => {
  const cloud = await startCloud(t)
  const { InstanceName: _1, LoginSettings: _2, ...request } = sampleCreateRequest()
  const { response, message } = await ask(cloud, 'InquiryPriceCreateInstance', {
    ...request,
    Currency: 'CNY',
  })
  assert.equal(message, '')
  const zones = response['PriceList'] as {
    NodeDetailPrice: { PartDetailPrice: { RealTotalCost: number }[] }[]
  }[]
  const parts = zones.flatMap((zone) =>
    zone.NodeDetailPrice.flatMap((node) => node.PartDetailPrice),
  )
  const sum = parts.reduce((total, part) => total + Math.round(part.RealTotalCost * 10_000), 0)
  assert.equal(sum, Math.round(Number(response['DiscountCost']) * 10_000))
  assert.deepEqual([response['TimeUnit'], response['TimeSpan']], ['s', 3600])
})

test('only yuan are quoted', async (t) => {
  const cloud = await startCloud(t)
  const { InstanceName: _1, LoginSettings: _2, ...request } = sampleCreateRequest()
  const { code } = await ask(cloud, 'InquiryPriceCreateInstance', { ...request, Currency: 'USD' })
  assert.equal(code, 'InvalidParameterValue')
})
