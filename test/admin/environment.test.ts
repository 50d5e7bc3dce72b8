import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { environmentCloud } from '../support/fixture/environment-cloud.ts'
import { create } from '../support/http/tencent-client.ts'

test('what is declared is shown by cloud, kind and region', async (t) => {
  const text = 'tencent: { projects: [{ id: 7 }], quotas: [{ of: machine, amount: 9 }] }'
  const { port } = await environmentCloud(t, { text, mode: 'closed' })
  const { environments } = (await askAdmin(port, 'environment?cloud=tencent&kind=project')).body
  const [only] = environments
  assert.equal(environments.length, 1)
  assert.deepEqual([only.name, only.mode], ['tencent', 'closed'])
  assert.deepEqual(
    only.resources.map(({ id }: { id: string }) => id),
    ['0', '7'],
  )
  assert.deepEqual(only.limits[0], { rule: 'quota', measure: 'machine', most: 9 })
  const all = (await askAdmin(port, 'environment?kind=subnet&region=cn-hangzhou')).body.environments
  assert.deepEqual(
    all.map((each: { name: string; resources: object[] }) => [each.name, each.resources.length]),
    [
      ['alibaba', 5],
      ['tencent', 0],
    ],
  )
  assert.equal((await askAdmin(port, 'environment?kind=weather')).status, 400)
})

test('what was adopted and created is shown newest first, page by page, and what is taken', async (t) => {
  const { port } = await startCloud(t)
  const id = await create({ port })
  const first = (await askAdmin(port, 'environment/known?limit=1')).body
  assert.equal(first.total, 3)
  assert.equal(first.known[0].kind, 'security-group')
  assert.match(first.known[0].name, new RegExp(`^${id}_\\d{8}$`))
  assert.equal(first.known[0].origin, 'made')
  const rest = (await askAdmin(port, `environment/known?after=${first.next}`)).body
  assert.deepEqual(
    rest.known.map(({ kind, origin }: Record<string, string>) => [kind, origin]),
    [
      ['subnet', 'adopted'],
      ['network', 'adopted'],
    ],
  )
  assert.equal(rest.known[0].cidr, '10.128.0.0/12')
  const { holdings } = (await askAdmin(port, 'environment/holdings?account=100000000001')).body
  assert.deepEqual(
    holdings
      .filter(({ measure }: { measure: string }) => measure !== 'storage')
      .map(({ measure, type, amount }: Record<string, unknown>) => [measure, type, amount]),
    [
      ['cluster', '', 1],
      ['disk', 'CLOUD_PREMIUM', 6],
      ['machine', 'S5.LARGE16', 1],
      ['machine', 'S5.LARGE8', 2],
    ],
  )
  assert.deepEqual((await askAdmin(port, 'environment/holdings?account=1')).body.holdings, [])
})
