import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Core } from '../../../../../src/app/core.ts'
import type { Charge, Cluster } from '../../../../../src/domain/cluster/cluster.ts'
import type { NodeSize } from '../../../../../src/domain/cluster/node-group.ts'
import { withSize, withoutNodes, type ClusterSpec } from '../../../../../src/domain/cluster/spec.ts'
import { listPrice } from '../../../../../src/domain/order.ts'
import { manualClock } from '../../../../../src/kernel/clock.ts'
import { random } from '../../../../../src/kernel/random.ts'
import { nonLocalStorage } from '../../../../../src/dialect/alibaba/catalogue/spec-type.ts'
import { newInstanceExtension } from '../../../../../src/dialect/alibaba/starrocks/instance/extension.ts'
import { subscriptionEndMs } from '../../../../../src/dialect/alibaba/starrocks/instance/expiry.ts'
import {
  groupsOf,
  type NamedGroup,
} from '../../../../../src/dialect/alibaba/starrocks/node-group/new-group.ts'
import {
  orderOnWire,
  termsOf,
} from '../../../../../src/dialect/alibaba/starrocks/node-group/terms.ts'
import { sampleCluster, sampleSpec } from '../../../../support/fixture/sample.ts'

const DAY_MS = 24 * 3_600_000
const NOW = Date.parse('2026-03-11T02:00:00Z')
/** Ten-thousandths of a yuan: a month of a CU, and of a GiB of pl1; millionths: the same for an hour. */
const CU_MONTH = 1_330_000
const GIB_MONTH = 10_000
const CU_HOUR = 277_083
const GIB_HOUR = 2_083

const named = (component: 'FE' | 'CN'): NamedGroup => ({
  component,
  defaultGroup: true,
  name: component,
  description: '',
  group: {
    cu: 8,
    residentNodeNumber: 3,
    storageSize: 100,
    diskNumber: 1,
    storagePerformanceLevel: 'pl1',
    specType: 'standard',
    localStorageInstanceType: nonLocalStorage,
  },
})

function instance(charge: Partial<Charge>): Cluster {
  const groups = groupsOf(
    { frontends: [named('FE')], backends: [named('CN')], observers: [], agentCu: undefined },
    { random: random('terms'), zone: 'z', subnetIn: () => 's' },
  )
  const extension = newInstanceExtension({
    requestedVersion: '3.3',
    runMode: 'shared_data',
    packageType: 'official',
    architecture: 'onEci',
    encrypted: false,
    kmsKeyId: '',
    ossRole: '',
    gatewayType: '',
    multiZone: false,
    aiClusterId: '',
    promotion: '',
    catalog: null,
    linkedPrincipal: null,
  })
  return sampleCluster({
    spec: sampleSpec({ groups }),
    charge: { mode: 'postpaid', autoRenew: false, ...charge },
    extension,
  })
}

function terms(was: Cluster, next: ClusterSpec, nowMs = NOW, promotion?: string) {
  const core = { clock: manualClock(nowMs), random: random('orders') } as unknown as Core
  return termsOf(core, promotion)(was, next)
}

function resized({ spec }: Cluster, size: (was: NodeSize) => NodeSize): ClusterSpec {
  return withSize(spec, { of: 'group', group: spec.groups[1]!.id }, size)
}

const withCu = (cluster: Cluster, cpu: number) => resized(cluster, (was) => ({ ...was, cpu }))

const withGib = (cluster: Cluster, sizeGib: number) =>
  resized(cluster, (was) => ({ ...was, disks: was.disks.map((disk) => ({ ...disk, sizeGib })) }))

/** Began on the first of the month at 10:00 in UTC+8, for so many months. */
function subscription(months: number, members: Partial<Charge> = {}): Cluster {
  const beginsMs = Date.parse('2026-03-01T02:00:00Z')
  const expiresMs = subscriptionEndMs(beginsMs, months)
  return instance({
    mode: 'prepaid',
    months,
    beginsMs,
    monthsBought: months,
    expiresMs,
    ...members,
  })
}

test('pay as you go is charged the new hour from its order on', () => {
  const was = instance({})
  const { order, reservations } = terms(was, withCu(was, 16))
  const hour = [24 * CU_HOUR, 300 * GIB_HOUR, 48 * CU_HOUR, 300 * GIB_HOUR]
  const rounded = Math.floor((hour.reduce((sum, each) => sum + each, 0) + 50) / 100)
  assert.deepEqual(
    order?.items.map(({ name }) => name),
    ['FE cu_num', 'FE disk', 'CN cu_num', 'CN disk'],
  )
  assert.equal(listPrice(order), rounded)
  assert.deepEqual(
    [order.state, order.currency, order.discount, order.paidMs, order.period, order.renewalItems],
    ['paid', 'CNY', 0, NOW, undefined, undefined],
  )
  assert.match(order.id, /^[1-9]\d{14}$/)
  const cus = reservations.filter(({ measure }) => measure === 'machine')
  assert.deepEqual(
    cus.map(({ amount }) => amount),
    [24, 48],
  )
})

test('a subscription pays the difference for what is left from the next 00:00 in UTC+8 on', () => {
  const was = subscription(1)
  const { beginsMs, expiresMs } = was.charge
  const { order } = terms(was, withCu(was, 16))
  // The 12th at 00:00 to the 2nd at 00:00, of what began on the 1st at 10:00.
  const leftMs = 21 * DAY_MS
  assert.equal(expiresMs! - Date.parse('2026-03-11T16:00:00Z'), leftMs)
  const exact = (24 * CU_MONTH * leftMs) / (expiresMs! - beginsMs!)
  assert.deepEqual(order?.items, [{ name: 'CN cu_num', amount: Math.round(exact) }])
  assert.deepEqual(order.period, { fromMs: NOW, untilMs: expiresMs })
  assert.equal(
    order.renewalItems?.reduce((sum, { amount }) => sum + amount, 0),
    72 * CU_MONTH + 600 * GIB_MONTH,
  )
})

test('a subscription that was renewed ahead pays for all that it has bought', () => {
  const was = subscription(1)
  const ahead = subscription(1, {
    monthsBought: 3,
    expiresMs: subscriptionEndMs(was.charge.beginsMs!, 3),
  })
  const { order } = terms(ahead, withCu(ahead, 16))
  const { beginsMs, expiresMs } = ahead.charge
  const leftMs = expiresMs! - Date.parse('2026-03-11T16:00:00Z')
  const exact = (3 * 24 * CU_MONTH * leftMs) / (expiresMs! - beginsMs!)
  assert.equal(listPrice(order!), Math.round(exact))
})

test('what a subscription has less of is paid back, and on its last day nothing moves', () => {
  const was = subscription(2)
  const [, cn] = was.spec.groups
  const fewer = withoutNodes(was.spec, [cn!.nodes[2]!.id])
  const { order, reservations } = terms(was, fewer)
  assert.deepEqual(
    order?.items.map(({ name, amount }) => [name, Math.sign(amount)]),
    [
      ['CN cu_num', -1],
      ['CN disk', -1],
    ],
  )
  assert.equal(
    reservations.find(({ measure, amount }) => measure === 'machine' && amount === 16)?.type,
    'standard',
  )
  const late = terms(was, fewer, was.charge.expiresMs! - 3_600_000)
  assert.equal(listPrice(late.order!), 0)
  assert.ok(listPrice({ items: late.order!.renewalItems! }) > 0)
})

test('up and down again costs at most one ten-thousandth, however it is rounded', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(16, 32, 64),
      fc.integer({ min: 10, max: 6_500 }),
      fc.integer({ min: 1, max: 36 }),
      fc.integer({ min: 0, max: 27 * DAY_MS }),
      (cu, tens, months, pastMs) => {
        const was = subscription(months)
        const nowMs = was.charge.beginsMs! + pastMs
        const larger = withGib({ ...was, spec: withCu(was, cu) }, 100 + tens * 10)
        const up = terms(was, larger, nowMs).order!
        const down = terms({ ...was, spec: larger }, was.spec, nowMs).order!
        assert.ok(Math.abs(listPrice(up) + listPrice(down)) <= 1)
        assert.ok(listPrice(up) > 0)
        const whole = 24 * (cu - 8) * CU_MONTH + 3 * tens * 10 * GIB_MONTH
        assert.ok(listPrice(up) <= months * whole)
      },
    ),
    { numRuns: 200 },
  )
})

test('no order where the price stays, and a coupon only with an order', () => {
  const was = instance({})
  assert.deepEqual(Object.keys(terms(was, was.spec, NOW, 'spring')), ['reservations'])
  assert.equal(terms(was, withCu(was, 16), NOW, 'spring').coupon, 'spring')
})

test('the answer names the order of a subscription and none of pay as you go', () => {
  const started = { operation: 'op', flow: 1, trace: 't' }
  const order = '123456789012345'
  assert.equal(orderOnWire({ ...started, order, charge: 'prepaid' }), 123_456_789_012_345)
  assert.equal(orderOnWire({ ...started, charge: 'prepaid' }), 0)
  assert.equal(orderOnWire({ ...started, order, charge: 'postpaid' }), 0)
})
