/** Identity, billing, environment and the API in the console, in Debian's Chromium: what there is, what is done with it, and who may not. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ADMIN_TOKEN_FILE } from '../../src/admin/admin-token.ts'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { rootOf } from '../support/http/console.ts'
import {
  checkAccessibility,
  openBrowser,
  openPage,
  signInWithKey,
  signInWithToken,
  skipWithoutChromium as skip,
} from './browser.ts'

const DAY_MS = 86_400_000

test(
  'the administrator makes a user, a coupon and a payment, and sees the ledger as a plot and every request as code',
  { skip },
  async (t) => {
    const { cloud } = await startInstance(t)
    cloud.clock.advance(2 * DAY_MS)
    await cloud.settle()
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, cloud.url, '/identity?list=users')
    await signInWithToken(page, readFileSync(join(cloud.dataDir, ADMIN_TOKEN_FILE), 'utf8').trim())
    const open = (path: string) => page.locator('summary', { hasText: path }).click()
    await open('POST /_emrys/users creates')
    await page.getByLabel('account').fill('1000000000000001')
    await page.getByLabel('name').fill('looker')
    await page.locator('summary', { hasText: 'As code' }).click()
    const code = await page.getByRole('region', { name: 'curl' }).innerText()
    assert.match(code, /curl -X POST http:[^ ]+\/_emrys\/users[\s\S]*"name":"looker"/)
    await page.getByRole('button', { name: 'Send' }).click()
    await page
      .getByRole('region', { name: 'Users' })
      .getByRole('cell', { name: 'looker', exact: true })
      .waitFor()
    assert.equal((await cloud.identity.users.list({ limit: 10 })).total, 1)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('alert').waitFor()
    await checkAccessibility(page)
    await page.getByRole('link', { name: 'Billing' }).click()
    await page.getByRole('button', { name: 'Coupons' }).click()
    await open('POST /_emrys/coupons adds')
    await page.getByLabel('code').fill('SPRING')
    await page.getByLabel('percent').fill('20')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('cell', { name: '20%' }).waitFor()
    await page.getByRole('button', { name: 'Funds' }).click()
    await open('/pay a payment')
    await page.getByLabel('name').fill('1000000000000001')
    await page.getByLabel('amount').fill('50.00')
    await page.getByLabel('reference').fill('r-1')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('region', { name: 'Answer' }).waitFor()
    await page.getByRole('button', { name: 'Ledger' }).click()
    await page.getByRole('cell', { name: 'payment', exact: true }).waitFor()
    await page
      .getByRole('img', { name: /^Charged a day \(CNY\)/ })
      .locator('canvas')
      .waitFor()
    await checkAccessibility(page)
    await page.getByRole('link', { name: 'Environment' }).click()
    await page.getByRole('cell', { name: 'zone' }).first().waitFor()
    assert.deepEqual(complaints, [])
  },
)

test(
  'the API is browsed by name, and tried as whoever signed in; administration is not theirs',
  { skip },
  async (t) => {
    const { cloud, id } = await startInstance(t)
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, cloud.url, '/api')
    await signInWithKey(page, 'alibaba', rootOf('alibaba'))
    const operations = page.getByRole('list', { name: 'Operations' })
    await operations.getByRole('button').first().waitFor()
    assert.equal(await operations.getByRole('button', { name: /_emrys|tencent/ }).count(), 0)
    await page.getByLabel('Name contains').fill('DescribeInstances')
    await operations.getByRole('button', { name: 'alibaba DescribeInstances', exact: true }).click()
    await page.locator('main').getByRole('button', { name: 'Send' }).click()
    const answer = page.getByRole('region', { name: 'Answer' })
    await answer.waitFor()
    assert.ok((await answer.innerText()).includes(id))
    await checkAccessibility(page)
    await page.goto(`${cloud.url}/console/identity`)
    await page.getByText('There is no such page.').waitFor()
    assert.deepEqual(complaints, [])
  },
)
