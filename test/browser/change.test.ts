/** What is done with a cluster in the console, in Debian's Chromium: each action from its button to what it did, and what is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { rootOf } from '../support/http/console.ts'
import { create } from '../support/http/tencent-client.ts'
import {
  checkAccessibility,
  openBrowser,
  openPage,
  signInWithKey,
  skipWithoutChromium as skip,
} from './browser.ts'

function changes(page: Page) {
  const section = page.locator('section', { has: page.getByRole('heading', { name: 'Actions' }) })
  return {
    section,
    open: (name: string) =>
      section.getByRole('button', { name, exact: true, expanded: false }).click(),
    send: (name: string) => section.locator('button[type=submit]', { hasText: name }).click(),
    sent: (name: string) => section.getByText(`Sent: ${name}`).waitFor(),
  }
}

test(
  'an instance is renamed, tagged, scaled, configured and released, each with its price, differences and losses',
  { skip },
  async (t) => {
    const { cloud, id, document } = await startInstance(t, { body: { InstanceName: 'before' } })
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, cloud.url, `/clusters/${id}`)
    await signInWithKey(page, 'alibaba', rootOf('alibaba'))
    const { section, open, send, sent } = changes(page)
    await open('Rename')
    await page.getByLabel('ClusterName').fill('after')
    await checkAccessibility(page)
    await send('Rename')
    await sent('Rename')
    await page.getByRole('heading', { name: 'after' }).waitFor()
    await open('Tags')
    await page.locator('[id="TagResources-Tag-0-Key"]').fill('team')
    await page.locator('[id="TagResources-Tag-0-Value"]').fill('data')
    await send('Tags')
    await page.getByText('team=data').waitFor()
    await open('Number of nodes')
    await page.getByLabel('Target').fill('5')
    await section.locator('.price strong', { hasText: 'CNY' }).waitFor()
    await section.getByText('As code').click()
    const code = await section.getByRole('region', { name: 'aliyun CLI' }).innerText()
    assert.match(code, new RegExp(`aliyun starrocks ModifyNodeNumber[\\s\\S]*"Target":5`))
    await send('Number of nodes')
    await sent('Number of nodes')
    await cloud.settle()
    assert.equal((await document()).spec.groups.at(-1)?.nodes.length, 5)
    await open('Configure')
    await page.getByLabel('configKey').fill('label_keep_max_second')
    await page.getByLabel('configValue').fill('100')
    const differences = section.getByRole('table', { name: 'Differences' })
    assert.match(await differences.innerText(), /label_keep_max_second\s+the default\s+100/)
    await page.getByLabel('Reason').fill('shorter')
    await checkAccessibility(page)
    await send('Configure')
    await sent('Configure')
    await cloud.settle()
    await open('Add a scaling rule')
    await page.locator('[id="CreateScalingRule-Rule-scalingRuleName"]').fill('working-hours')
    await send('Add a scaling rule')
    await sent('Add a scaling rule')
    const calendar = page.getByRole('region', { name: 'The weeks to come' })
    await calendar.getByText('working-hours').first().waitFor()
    await calendar.getByText('+1 nodes').first().waitFor()
    await checkAccessibility(page)
    await open('Release')
    await send('Release')
    const dialog = section.getByRole('alertdialog')
    assert.match(await dialog.innerText(), /the cluster after \(c-[\s\S]*its \d+ nodes/)
    await checkAccessibility(page)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.equal((await document()).status.state, 'running')
    await send('Release')
    await dialog.getByRole('button', { name: 'Release' }).click()
    // A cluster that goes has no actions any more, so that what was sent may be gone before it is seen.
    while (!(await document()).status.state.startsWith('delet')) await page.waitForTimeout(50)
    assert.deepEqual(complaints, [])
  },
)

test(
  'a cluster of the other cloud is scaled out and in, by the machines that it has',
  { skip },
  async (t) => {
    const cloud = await startCloud(t)
    const id = await create({ port: cloud.port })
    await cloud.settle()
    const cores = async () => {
      const stored = await cloud.store.read((tx) => tx.findById('cluster', id))
      return stored?.document.spec.groups.find(({ role }) => role === 'core')?.nodes.length
    }
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, cloud.url, `/clusters/${id}?do=scaleOut`)
    await signInWithKey(page, 'tencent', rootOf('tencent'))
    const { section, open, send, sent } = changes(page)
    await section.locator('.price strong', { hasText: 'CNY' }).waitFor()
    await send('Scale out')
    await sent('Scale out')
    await cloud.settle()
    assert.equal(await cores(), 3)
    await open('Scale in')
    await section.getByRole('checkbox', { name: /core/ }).last().check()
    await send('Scale in')
    await section.getByRole('alertdialog').getByRole('button', { name: 'Scale in' }).click()
    await sent('Scale in')
    await cloud.settle()
    assert.equal(await cores(), 2)
    await open('Services')
    await section.locator('select[id$=ServiceName]').selectOption('HDFS')
    await send('Services')
    await sent('Services')
    await cloud.settle()
    await open('Tags')
    await section.getByLabel('TagKey').fill('team')
    await section.getByLabel('TagValue').fill('data')
    await send('Tags')
    await page.getByText('team=data').waitFor()
    assert.deepEqual(complaints, [])
  },
)

test(
  'who may only look is refused in place, with the statement that denied',
  { skip },
  async (t) => {
    const { cloud, id, document } = await startInstance(t)
    const account = '1000000000000001'
    const text = JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: ['sr:Describe*', 'sr:List*'], Resource: '*' }],
    })
    await cloud.identity.users.add({ account, name: 'looker' })
    await cloud.identity.policies.add({ account, name: 'looks', text })
    await cloud.identity.users.attach({ account, name: 'looker', policy: 'looks' })
    const { key, secret } = await cloud.identity.keys.add({ account, user: 'looker' })
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, cloud.url, `/clusters/${id}?do=release`)
    await signInWithKey(page, 'alibaba', { keyId: key.id, secret })
    const { section, send } = changes(page)
    await send('Release')
    await section.getByRole('alertdialog').getByRole('button', { name: 'Release' }).click()
    const alert = section.getByRole('alert')
    await alert.getByText('sr:ReleaseInstance').first().waitFor()
    assert.match(await alert.innerText(), /decision\s+implicit/)
    assert.equal((await document()).status.state, 'running')
    await checkAccessibility(page)
    assert.deepEqual(complaints, [])
  },
)
