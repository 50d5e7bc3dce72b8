/** The console as a person meets it, in Debian's Chromium. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/kernel/clock.ts'
import { startInstance } from '../support/fixture/alibaba-instance.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { authorization } from '../support/http/admin.ts'
import { consoleBrowser, rootOf } from '../support/http/console.ts'
import { ask, create } from '../support/http/tencent-client.ts'
import {
  checkAccessibility,
  openBrowser,
  openPage,
  signInWithKey,
  signInWithToken,
  skipWithoutChromium as skip,
} from './browser.ts'

test(
  'root signs in, sees its cluster, opens it, and reads what it is made of; no page has a barrier',
  { skip },
  async (t) => {
    const { cloud, id } = await startInstance(t)
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, cloud.url)
    await page.getByLabel('Key id').waitFor()
    await checkAccessibility(page)
    await signInWithKey(page, 'alibaba', rootOf('alibaba'))
    await page.getByRole('heading', { name: 'Clusters by state' }).waitFor()
    await page.getByRole('link', { name: 'running' }).waitFor()
    await checkAccessibility(page)
    await page.getByRole('link', { name: 'running' }).click()
    assert.match(page.url(), /\/console\/clusters\?state=running$/)
    await page.getByText('1 clusters').waitFor()
    await checkAccessibility(page)
    await page.locator('tbody a').click()
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    assert.match(page.url(), new RegExp(`/console/clusters/${id}$`))
    await page.getByText('create', { exact: true }).waitFor()
    await checkAccessibility(page)
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('heading', { name: '时间线' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN')
    await page.reload()
    await page.getByRole('heading', { name: '时间线' }).waitFor()
    assert.deepEqual(complaints, [])
  },
)

test(
  'the administrator watches a create run, in two browsers at once, without asking again',
  { skip },
  async (t) => {
    const clock = systemClock()
    const cloud = await startCloud(t, {
      clock,
      config: { progressions: { default: { mode: 'time', seconds: 60 } } },
    })
    const browser = await openBrowser(t)
    const token = String(authorization(cloud.port)['authorization']).slice(7)
    const [one, other] = [
      await openPage(browser, cloud.url),
      await openPage(browser, cloud.url, '/clusters'),
    ]
    await signInWithToken(one.page, token)
    await signInWithKey(other.page, 'tencent', rootOf('tencent'))
    await one.page.getByText('Nothing is being changed.').waitFor()
    await other.page.getByText('0 clusters').waitFor()
    await create({ port: cloud.port })
    await one.page.getByRole('progressbar').waitFor()
    await other.page.getByText('1 clusters').waitFor()
    await cloud.settle()
    await other.page.locator('tbody .state-running').waitFor()
    await one.page.getByText('Nothing is being changed.').waitFor()
    assert.deepEqual([...one.complaints, ...other.complaints], [])
  },
)

test(
  'the keyboard alone suffices: sign in, find a cluster by its name, open it',
  { skip },
  async (t) => {
    const { cloud, id } = await startInstance(t, { body: { InstanceName: 'reports' } })
    const browser = await openBrowser(t)
    const { page } = await openPage(browser, cloud.url)
    await page.getByLabel('Key id').waitFor()
    const { keyboard } = page
    const press = async (key: string, times = 1) => {
      for (let count = 0; count < times; count++) await keyboard.press(key)
    }
    const focused = () => page.evaluate<string>('document.activeElement.textContent')
    /** Continues until what is focused says this. */
    const reach = async (text: string) => {
      for (let count = 0; count < 40; count++) {
        if ((await focused()) === text) return
        await press('Tab')
      }
      throw new Error(`${text} cannot be reached`)
    }
    await press('Tab')
    await keyboard.type(rootOf('alibaba').keyId)
    await press('Tab')
    await keyboard.type(rootOf('alibaba').secret)
    await press('Enter')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await reach('Clusters')
    await press('Enter')
    await page.getByRole('heading', { name: 'Clusters' }).waitFor()
    await reach('Sign out')
    await press('Tab')
    await keyboard.type('repo')
    await page.getByText('1 clusters').waitFor()
    await reach('reports')
    await press('Enter')
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    assert.match(page.url(), new RegExp(`${id}$`))
  },
)

test('names, tags and reasons that want to be code are text', { skip }, async (t) => {
  const evil = '<img src=x onerror=alert(1)>'
  const cloud = await startCloud(t)
  const id = await create({ port: cloud.port }, { InstanceName: 'plain-one' })
  await cloud.store.write(async (tx) => {
    const stored = await tx.findById('cluster', id)
    assert.ok(stored)
    const { document } = stored
    const tags = [{ key: evil, value: evil }]
    const status = { ...document.status, reason: evil }
    await tx.save('cluster', stored, { ...document, name: evil, tags, status })
  })
  const browser = await openBrowser(t)
  const { page, complaints } = await openPage(browser, cloud.url, `/clusters/${id}`)
  page.on('dialog', () => assert.fail('it ran'))
  await signInWithKey(page, 'tencent', rootOf('tencent'))
  await page.getByRole('heading', { name: evil }).waitFor()
  await page.getByText(`${evil}=${evil}`).waitFor()
  assert.equal(await page.locator('img').count(), 0)
  await page.goto(`${cloud.url}/console/clusters`)
  await page.getByRole('link', { name: evil }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a request that was refused is found with the reason', { skip }, async (t) => {
  const cloud = await startCloud(t)
  await ask({ port: cloud.port }, 'DescribeInstances', { Nothing: 1 })
  const browser = await openBrowser(t)
  const { page, complaints } = await openPage(browser, cloud.url, '/requests')
  await signInWithKey(page, 'tencent', rootOf('tencent'))
  await page.getByText('1 of 1').waitFor()
  await page.locator('summary').click()
  await page.getByText('Nothing', { exact: true }).waitFor()
  await checkAccessibility(page)
  await ask({ port: cloud.port }, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  await page.getByText('2 of 2').waitFor()
  await page.getByLabel('refused only').check()
  await page.getByText('1 of 1').waitFor()
  assert.match(page.url(), /refused=1/)
  assert.deepEqual(complaints, [])
})

test(
  'ten thousand clusters: the last one is scrolled to, and few rows are in the document',
  { skip },
  async (t) => {
    const { cloud, id } = await startInstance(t)
    await cloud.store.write(async (tx) => {
      const stored = await tx.findById('cluster', id)
      assert.ok(stored)
      for (let count = 1; count < 10_000; count++) {
        const more = { id: `${id}-${count}`, name: `more-${count}` }
        await tx.insert('cluster', { ...stored.document, ...more }, cloud.clock.now() + count)
      }
    })
    const browser = await openBrowser(t)
    const { page } = await openPage(browser, cloud.url, '/clusters')
    await signInWithKey(page, 'alibaba', rootOf('alibaba'))
    await page.getByText('10000 clusters').waitFor()
    const box = page.getByRole('region', { name: 'Clusters' })
    for (let step = 1; step <= 20; step++) {
      await box.evaluate((it, at) => void (it.scrollTop = (it.scrollHeight * at) / 20), step)
      await page.waitForTimeout(50)
    }
    await page.locator(`a[href="/console/clusters/${id}"]`).waitFor()
    assert.ok((await page.locator('tbody tr').count()) < 100)
    await page.getByLabel('Name contains').fill('more-9999')
    await page.getByText('1 clusters').waitFor()
  },
)

test(
  'a server that is away and comes back: the page says so, keeps what it had, and continues after signing in',
  { skip },
  async (t) => {
    const first = await startCloud(t)
    const id = await create({ port: first.port })
    const browser = await openBrowser(t)
    const { page } = await openPage(browser, first.url, `/clusters/${id}`)
    await signInWithKey(page, 'tencent', rootOf('tencent'))
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    await first.close()
    await page.getByText('The server does not answer').waitFor()
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    await startCloud(t, { dataDir: first.dataDir, config: { port: first.port } })
    await page.getByText('The session has ended').waitFor()
    await signInWithKey(page, 'tencent', rootOf('tencent'))
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    assert.match(page.url(), new RegExp(`${id}$`))
  },
)

test(
  'the administrator moves time, lets a service fail and a node be lost, and reads why the cluster needs attention',
  { skip },
  async (t) => {
    const { cloud, id } = await startInstance(t)
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, cloud.url, '/world')
    await signInWithToken(page, String(authorization(cloud.port)['authorization']).slice(7))
    await page.getByRole('button', { name: 'an hour on' }).click()
    await page.getByText('60 minutes ahead').waitFor()
    await page.locator('[name=dependency]').selectOption('compute')
    await page.locator('[name=times]').fill('2')
    const faults = page.locator('section', { has: page.locator('[name=dependency]') })
    await faults.getByText('As code').last().click()
    const code = await faults.getByRole('region', { name: 'curl' }).last().innerText()
    assert.match(
      code,
      /curl -X PUT [\s\S]*_emrys\/faults[\s\S]*"dependency":"compute"[\s\S]*"times":2/,
    )
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByText('2 more calls').waitFor()
    await page.getByRole('button', { name: 'Switch off compute' }).click()
    await page.getByRole('button', { name: 'Switch off compute' }).waitFor({ state: 'detached' })
    const history = page.getByRole('list', { name: 'What happened' })
    await history.getByText('DELETE /_emrys/faults/compute').waitFor()
    await history.getByText('dependency=compute mode=gateway times=2').waitFor()
    await page.locator('[name=pace]').fill('nonsense')
    await page.getByRole('button', { name: 'Set' }).click()
    await page.getByRole('status').filter({ hasText: 'nonsense' }).waitFor()
    await checkAccessibility(page)
    const stored = await cloud.store.read((tx) => tx.findById('cluster', id))
    const node = stored?.document.spec.groups[0]?.nodes[0]?.id ?? ''
    await page.locator('[name=cluster]').fill(id)
    await page.locator('[name=node]').fill(node)
    await page.locator('[name=fault]').selectOption('lose')
    await page.getByRole('button', { name: 'Let it fail' }).click()
    await page.getByText('Done').waitFor()
    await cloud.loop.drain()
    await page.goto(`${cloud.url}/console/clusters/${id}`)
    await page.getByRole('heading', { name: 'Incidents' }).waitFor()
    await page.getByText(node).first().waitFor()
    assert.deepEqual(complaints, [])
  },
)

test('what a page gets of itself is small', { skip }, async (t) => {
  const cloud = await startCloud(t)
  const { ask: get } = consoleBrowser(cloud.port)
  const { text } = await get('/')
  const files = [...text.matchAll(/\/console(\/assets\/[\w.-]+)/g)].map(([, path = '']) => path)
  assert.equal(files.length, 3)
  let bytes = 0
  for (const path of files) {
    const { headers, status } = await get(path, { headers: { 'accept-encoding': 'gzip' } })
    assert.deepEqual([status, headers['content-encoding']], [200, 'gzip'])
    bytes += Number(headers['content-length'])
  }
  assert.ok(bytes < 250_000 && bytes > 5_000, `${bytes} bytes`)
})
