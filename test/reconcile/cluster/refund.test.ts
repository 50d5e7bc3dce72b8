/** What was paid for a subscription whose cluster could not be created comes back, in the order and in the ledger. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, createBody } from '../../support/http/alibaba-client.ts'
import { money, sumOf } from '../../support/fixture/money.ts'
import { environmentCloud } from '../../support/fixture/environment-cloud.ts'

const ACCOUNT = '1000000000000001'
const REGION = 'cn-hangzhou'
/** So few machines that no cluster of the sample gets its nodes. */
const SHORT = `alibaba:\n  stock: [{ of: machine, zone: ${REGION}-i, amount: 1 }]\n`

const request = (more: object) =>
  createBody({
    VpcId: `vpc-${REGION}`,
    VSwitches: [{ VswId: `vsw-${REGION}-i`, ZoneId: `${REGION}-i` }],
    ResourceGroupId: null,
    PromotionOptionNo: null,
    ...more,
  })

test('a failed subscription is refunded in the ledger, entry for entry', async (t) => {
  const cloud = await environmentCloud(t, { text: SHORT })
  const { ledger, orders, funds } = money(cloud)
  const before = await funds(ACCOUNT)
  const body = request({ PayType: 'prePaid', PricingCycle: 'Month', Duration: 2 })
  const { InstanceId: id } = (await alibabaClient(cloud.port)('CreateInstanceV1', { body })).body
    .Data
  // The refund may be there already: the cluster's work begins with its creation.
  const charge = (await ledger(id)).find(({ kind }) => kind === 'charge')
  assert.ok(charge && sumOf([charge]) < 0)

  await cloud.settle()
  const { document } = (await cloud.store.read((tx) => tx.findById('cluster', id)))!
  assert.equal(document.status.state, 'failed')
  const [order] = await orders(id)
  assert.equal(order?.state, 'refunded')
  const entries = await ledger(id)
  assert.deepEqual(
    entries.map(({ kind, order: of, text }) => [kind, of, text]),
    [
      ['refund', order?.order, `refund of order ${order?.order}`],
      ['charge', order?.order, charge.text],
    ],
  )
  assert.equal(sumOf(entries), 0)
  assert.deepEqual(await funds(ACCOUNT), before)
})

test('pay as you go was charged nothing, so nothing is refunded', async (t) => {
  const cloud = await environmentCloud(t, { text: SHORT })
  const { ledger, orders } = money(cloud)
  const body = request({ PayType: 'postPaid' })
  const { InstanceId: id } = (await alibabaClient(cloud.port)('CreateInstanceV1', { body })).body
    .Data
  await cloud.settle()
  assert.equal((await orders(id))[0]?.state, 'refunded')
  assert.deepEqual(await ledger(id), [])
})
