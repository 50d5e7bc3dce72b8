/** Creating in the console, in Debian's Chromium: on both clouds, by keyboard alone, and by somebody who may only look. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { rootOf } from '../support/http/console.ts'
import {
  checkAccessibility,
  openBrowser,
  openPage,
  signInWithKey,
  skipWithoutChromium as skip,
} from './browser.ts'

const PASSWORD = 'Example@1234'

async function open(t: TestContext, cloud: string) {
  const running = await startCloud(t)
  const browser = await openBrowser(t)
  const { page, complaints } = await openPage(browser, running.url, '/create')
  await signInWithKey(page, cloud, rootOf(cloud))
  return { running, browser, page, complaints }
}

/** The form follows what is offered in its region; then it has a price. */
async function priced(page: Page): Promise<string> {
  await page.locator('.price strong', { hasText: 'CNY' }).waitFor()
  return page.locator('.price strong').innerText()
}

test(
  'an instance is created: refused at its fields, priced as it changes, written as code, and watched',
  { skip },
  async (t) => {
    const { page, complaints } = await open(t, 'alibaba')
    await page.getByLabel('InstanceName').fill('not a name')
    const before = await priced(page)
    await checkAccessibility(page)
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByText('AdminPassword').first().waitFor()
    const name = page.getByLabel('InstanceName')
    await page.getByText('Instance name should have 1 to 64 letters').first().waitFor()
    assert.equal(await name.getAttribute('aria-invalid'), 'true')
    const said = await name.getAttribute('aria-describedby')
    assert.match(await page.locator(`#${said}`).innerText(), /Instance name should have/)
    await checkAccessibility(page)
    await name.fill('console-made')
    await page.getByLabel('AdminPassword').fill(PASSWORD)
    await page.getByLabel('Region').selectOption('cn-beijing')
    const zones = page.locator('[id="CreateInstanceV1-ZoneId"] option', { hasText: 'cn-beijing' })
    await zones.first().waitFor({ state: 'attached' })
    await page.locator('[id="CreateInstanceV1-BackendNodeGroups-0-cu"]').selectOption('32')
    await page.locator('.price strong').filter({ hasText: 'CNY', hasNotText: before }).waitFor()
    await page.getByText('As code').click()
    for (const language of ['aliyun CLI', 'Python', 'Node', 'Go', 'Java', 'Terraform']) {
      await page.getByRole('button', { name: language, exact: true }).click()
      const text = await page.getByRole('region', { name: language }).innerText()
      assert.ok(text.includes('console-made') && text.includes('cn-beijing'), text)
      assert.ok(!text.includes(PASSWORD), 'a secret is shown')
    }
    await checkAccessibility(page)
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByRole('heading', { name: 'console-made' }).waitFor()
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    assert.deepEqual(complaints, [])
  },
)

test(
  'a cluster of the other cloud is created with its software, in Chinese',
  { skip },
  async (t) => {
    const { running, page, complaints } = await open(t, 'tencent')
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('heading', { name: '创建' }).waitFor()
    await page.getByLabel('InstanceName').fill('console-emr')
    await page.locator('[id="CreateInstance-LoginSettings-Password"]').fill(PASSWORD)
    await priced(page)
    await page.getByRole('checkbox', { name: /^hive-/ }).check()
    await page.getByRole('button', { name: '创建', exact: true }).click()
    await page.getByRole('heading', { name: 'console-emr' }).waitFor()
    const id = page.url().split('/').at(-1) ?? ''
    const stored = await running.store.read((tx) => tx.findById('cluster', id))
    assert.ok(JSON.stringify(stored?.document.spec.software).includes('hive'))
    assert.deepEqual(complaints, [])
  },
)

async function lookerOf(cloud: Cloud) {
  const account = '1000000000000001'
  const text = JSON.stringify({
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: ['sr:Describe*', 'sr:List*'], Resource: '*' },
      { Effect: 'Deny', Action: 'sr:Create*', Resource: '*' },
    ],
  })
  await cloud.identity.users.add({ account, name: 'looker' })
  await cloud.identity.policies.add({ account, name: 'looks', text })
  await cloud.identity.users.attach({ account, name: 'looker', policy: 'looks' })
  const { key, secret } = await cloud.identity.keys.add({ account, user: 'looker' })
  return { keyId: key.id, secret }
}

test(
  'somebody who may only look reads which statement of which policy denied it',
  { skip },
  async (t) => {
    const running = await startCloud(t)
    const browser: Browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, running.url, '/create')
    await signInWithKey(page, 'alibaba', await lookerOf(running))
    await page.getByLabel('InstanceName').fill('never')
    await page.getByLabel('AdminPassword').fill(PASSWORD)
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    const alert = page.getByRole('alert')
    await alert.getByText('sr:CreateInstanceV1').first().waitFor()
    assert.match(await alert.innerText(), /policy\s+looks[\s\S]*statement\s+2/)
    const found = await running.store.read((tx) =>
      tx.list('cluster', { account: undefined, order: 'newest', limit: 1, offset: 0 }),
    )
    assert.equal(found.total, 0)
    await checkAccessibility(page)
    assert.deepEqual(complaints, [])
  },
)

test('the keyboard alone creates an instance', { skip }, async (t) => {
  const { page } = await open(t, 'alibaba')
  await priced(page)
  const { keyboard } = page
  const reach = async (wanted: string) => {
    for (let count = 0; count < 120; count++) {
      const focused = await page.evaluate<string>(
        'document.activeElement.id || document.activeElement.textContent',
      )
      if (focused === wanted) return
      await keyboard.press('Tab')
    }
    throw new Error(`${wanted} cannot be reached`)
  }
  await reach('CreateInstanceV1-InstanceName')
  await keyboard.press('Control+A')
  await keyboard.type('by-keys')
  await reach('CreateInstanceV1-AdminPassword')
  await keyboard.type(PASSWORD)
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'by-keys' }).waitFor()
})
