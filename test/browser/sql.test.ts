/** SQL in the console, in Debian's Chromium, on an instance that really runs. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'
import {
  ADMIN_PASSWORD,
  createInstance,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'
import { rootOf } from '../support/http/console.ts'
import {
  checkAccessibility,
  openBrowser,
  openPage,
  signInWithKey,
  skipWithoutChromium as skip,
} from './browser.ts'

const EVIL = '<img src=x onerror=alert(1)>'

test(
  'statements are written with completion, run, explained, cancelled, saved and remembered; the password is kept nowhere',
  { skip },
  async (t) => {
    const cloud = await startCloud(t, { dataDir: localDataDirectory(t), config: smallEngines })
    const { id } = await createInstance(cloud.port)
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, cloud.url, `/clusters/${id}`)
    page.on('dialog', () => assert.fail('a result ran'))
    await signInWithKey(page, 'alibaba', rootOf('alibaba'))
    const scripts = () =>
      page.evaluate<number>(
        "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/part-')).length",
      )
    assert.equal(await scripts(), 0, 'the editor is loaded before anybody wants it')
    await page.getByRole('link', { name: 'SQL' }).click()
    const editor = page.getByRole('textbox', { name: 'Statement' })
    await editor.waitFor()
    assert.equal(complaints.join('\n'), '', 'the editor needs what the policy refuses')
    const { keyboard } = page
    const write = async (text: string) => {
      await editor.click()
      await keyboard.press('Control+A')
      if (text === '') await keyboard.press('Backspace')
      else await keyboard.insertText(text)
    }
    const result = page.getByRole('region', { name: 'Result' })
    await page.getByLabel('Its password').fill('a guess')
    await write('SELECT 1')
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByRole('alert').filter({ hasText: 'Access denied' }).waitFor()
    await page.getByLabel('Its password').fill(ADMIN_PASSWORD)
    await write(`SELECT '${EVIL}' AS evil, NULL AS nothing, '=1+1' AS formula`)
    await keyboard.press('Control+Enter')
    await result.getByRole('cell', { name: EVIL }).waitFor()
    assert.equal(await page.locator('img').count(), 0)
    await checkAccessibility(page)
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const file = await readFile(await (await saved).path(), 'utf8')
    assert.equal(file, `evil,nothing,formula\r\n${EVIL},,'=1+1\r\n`)
    for (const text of [
      'CREATE DATABASE shop',
      'CREATE TABLE shop.wares (ware_number INT) DUPLICATE KEY(ware_number)',
    ]) {
      await write(text)
      await page.getByRole('button', { name: 'Run' }).click()
      await page.getByText('rows affected').waitFor()
      await page.getByRole('button', { name: 'Run', disabled: false }).waitFor()
    }
    await write('')
    await keyboard.type('SELECT ware_number FROM shop.wa')
    await page.getByRole('option', { name: 'wares', exact: true }).waitFor()
    // It takes no key in its first moment, so that nobody accepts what they did not see.
    await page.waitForTimeout(300)
    await keyboard.press('Enter')
    assert.match(await editor.innerText(), /shop\.wares$/)
    await page.getByRole('button', { name: 'EXPLAIN' }).click()
    await result.getByRole('cell').first().waitFor()
    assert.match(await result.innerText(), /PLAN|Explain|SCAN/i)
    await write(
      "SELECT concat('shop ', generate_series) AS shop, generate_series AS sold FROM TABLE(generate_series(1, 5))",
    )
    await page.getByText('As code').click()
    const command = page.getByRole('region', { name: 'mysql' })
    assert.match(
      await command.innerText(),
      /^mysql --host=127[^\n]*--user=admin --password '--execute=SELECT/,
    )
    assert.ok(!(await command.innerText()).includes(ADMIN_PASSWORD))
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByRole('button', { name: 'Chart' }).click()
    const chart = page.getByRole('img', { name: 'sold by shop' })
    await chart.locator('rect').nth(4).waitFor()
    assert.equal(await chart.locator('rect').count(), 5)
    await checkAccessibility(page)
    await page.getByLabel('Along').selectOption({ label: 'sold' })
    await page.locator('.chart polyline').waitFor()
    await page.getByRole('button', { name: 'Table' }).click()
    await write('SELECT sleep(60)')
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByText('Running').waitFor()
    await page.getByText('s of at most 120 s, 0 rows so far').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Run', disabled: false }).waitFor({ timeout: 20_000 })
    await page.getByLabel('Earlier statements').selectOption({ label: 'CREATE DATABASE shop' })
    assert.match(await editor.innerText(), /CREATE DATABASE shop/)
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }])',
    )
    assert.ok(kept.includes('CREATE DATABASE') && !kept.includes(ADMIN_PASSWORD))
    // Where coloured text is replaced, the browser itself wants to keep its style on what is typed, and axe reads styles by an element of
    // its own: the policy refuses both, and neither needs it.
    assert.deepEqual(
      complaints.filter((each) => !each.startsWith('Applying inline style')),
      [],
    )
  },
)
