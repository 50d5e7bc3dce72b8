/** Names, texts, lines of logs and requests that want to be code, on every page of the console, in Debian's Chromium: they are text. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { authorization } from '../support/http/admin.ts'
import { client } from '../support/http/client.ts'
import { openBrowser, openPage, signInWithToken, skipWithoutChromium as skip } from './browser.ts'

const EVIL = `"><img src=x onerror=alert(1)><script>alert(2)</script>'{{7*7}}`
const LINE = `${EVIL}\u001b[31m\u202e`
const NODE = 'node-<svg onload=alert(3)>'

const PAGES = [
  '/',
  '/clusters',
  '/create',
  '/requests',
  '/api?name=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E',
  '/world',
  '/identity',
  '/identity?list=users',
  '/identity?list=keys',
  '/identity?list=policies',
  '/identity?list=roles',
  '/billing',
  '/billing?list=ledger',
  '/billing?list=funds',
  '/billing?list=coupons',
  '/environment?list=environment/known',
  '/environment?list=environment/holdings',
  '/environment?list=encryption-keys',
  '/%3Cscript%3Ealert(4)%3C/script%3E',
]

test('what wants to be code is text on every page', { skip }, async (t) => {
  const { cloud, id } = await startInstance(t, {
    cloud: {
      wrap: {
        substrate: (it) => ({
          ...it,
          logs: () => ({ text: `${LINE}\n${EVIL}\n`, next: '0-1', gap: false }),
        }),
      },
    },
  })
  await cloud.store.write(async (tx) => {
    const stored = await tx.findById('cluster', id)
    assert.ok(stored)
    const { document } = stored
    const { account, region, product, substrate } = document
    const [first, ...others] = document.spec.groups
    assert.ok(first)
    const group = { ...first, name: EVIL, nodes: first.nodes.map((it) => ({ ...it, name: NODE })) }
    const file = { service: EVIL, file: EVIL, version: '1', properties: { [EVIL]: EVIL } }
    const incident = { id: 'i', kind: 'node-ended', node: EVIL, reason: EVIL, atMs: 1 } as const
    const endpoint = { name: EVIL, host: EVIL, port: 1 }
    await tx.save('cluster', stored, {
      ...document,
      name: EVIL,
      tags: [{ key: EVIL, value: EVIL }],
      spec: { ...document.spec, groups: [group, ...others], configuration: [file] },
      status: {
        ...document.status,
        reason: EVIL,
        incidents: [incident],
        endpoints: [endpoint],
      },
    })
    const backup = {
      id: 'bk-1',
      account,
      region,
      product,
      cluster: id,
      substrate,
      state: 'failed',
      reason: EVIL,
      description: EVIL,
      operation: 'op-none',
      startedMs: 1,
      deadlineMs: 2,
      expiresMs: 3,
      bytes: 0,
      tables: [],
      origin: {
        name: EVIL,
        resourceGroup: '',
        tags: [],
        spec: document.spec,
        extension: document.extension,
      },
      restoring: [],
    } as const
    await tx.insert('backup', backup, 1)
    const rule = {
      id: 'r-1',
      account,
      cluster: id,
      group: first.id,
      name: EVIL,
      nodes: 1,
      out: daily(1),
      in: daily(2),
      createdMs: 1,
      seenMs: 1,
      on: false,
      tried: false,
    }
    await tx.insert('scalingRule', rule, 1)
    const coupon = {
      id: EVIL,
      account,
      off: { percent: 5 },
      validUntilMs: null,
      uses: null,
      used: 0,
    }
    await tx.insert('coupon', { ...coupon, createdMs: 1 }, 1)
    const policy = { id: 'p-1', account, name: EVIL, text: EVIL, createdMs: 1, changedMs: 1 }
    await tx.insert('policy', policy, 1)
  })
  const api = client(cloud.port)
  await api.alibaba('/webapi/cluster/update_name', {
    query: { InstanceId: encodeURIComponent(EVIL), RegionId: 'cn-hangzhou' },
    body: { [EVIL]: EVIL },
  })
  api.close()
  const browser = await openBrowser(t)
  const { page, complaints } = await openPage(browser, cloud.url, '/')
  page.on('dialog', () => assert.fail('it ran'))
  await signInWithToken(page, String(authorization(cloud.port)['authorization']).slice(7))
  const text = async () => page.locator('main').innerText()
  for (const path of PAGES) {
    await page.goto(`${cloud.url}/console${path}`)
    await page.locator('main *').first().waitFor()
    await page.waitForTimeout(700)
    for (const summary of await page.locator('main details:not([open]) > summary').all())
      await summary.click({ trial: false, timeout: 300 }).catch(() => {})
    assert.equal(await page.locator('main img, main script, main svg').count(), 0, path)
  }
  await page.goto(`${cloud.url}/console`)
  await page.getByRole('link', { name: EVIL }).first().waitFor()
  assert.ok((await text()).includes('the latest backup failed'))
  await page.goto(`${cloud.url}/console/requests`)
  await page.locator('main').getByText('UpdateInstanceName').first().waitFor()
  await page.goto(`${cloud.url}/console/clusters/${id}`)
  await page.getByRole('heading', { name: 'Timeline' }).waitFor()
  await page.getByRole('region', { name: 'The weeks to come' }).getByText(EVIL).first().waitFor()
  await page.getByText(NODE).first().waitFor()
  await page.getByRole('region', { name: 'Lines of the log' }).getByText('onerror').waitFor()
  await page.locator('summary', { hasText: 'onerror' }).click()
  assert.equal(await page.locator('main img, main script, main svg').count(), 0)
  assert.deepEqual(complaints, [])
})

function daily(hour: number) {
  return {
    every: 'day',
    interval: 1,
    days: [],
    from: { year: 2026, month: 1, day: 1 },
    time: { hour, minute: 0, second: 0 },
    offsetMs: 0,
  } as const
}
