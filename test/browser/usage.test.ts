/** What a cluster uses, in Debian's Chromium: of an instance that really runs, whose engine is asked as often as a minute would be long. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openSamples } from '../../src/console/sample-file.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import {
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

const SAMPLE_MS = 500
const HOUR_MS = 3_600_000

test(
  'what an engine reports is plotted over an hour, a day and a week, in colours of the theme, and as values',
  { skip },
  async (t) => {
    const dataDir = localDataDirectory(t)
    const cloud = await startCloud(t, { dataDir, config: smallEngines, sampleMs: SAMPLE_MS })
    const { id } = await createInstance(cloud.port)
    // A week ago it was already there.
    const file = openSamples(join(dataDir, 'samples.db'))
    const nowMs = Date.now()
    for (let ago = 6 * 24; ago > 1; ago--)
      file.add(nowMs - ago * HOUR_MS, [{ cluster: id, figure: 'memory', value: ago * 1024 ** 3 }])
    file.close()
    const browser = await openBrowser(t)
    const { page, complaints } = await openPage(browser, cloud.url, `/clusters/${id}`)
    await signInWithKey(page, 'alibaba', rootOf('alibaba'))
    await pause(3 * SAMPLE_MS)
    await page.reload()
    const use = page.getByRole('region', { name: 'Use', exact: true })
    const names = ['CPU \\(cores\\)', 'Memory', 'Queries a second', 'Loaded a second']
    for (const name of names)
      await use
        .getByRole('img', { name: new RegExp(`^${name}: latest`) })
        .locator('canvas')
        .waitFor()
    const memory = use.getByRole('figure').filter({ hasText: 'Memory' })
    assert.match(await memory.innerText(), /latest [\d.]+ MiB, most [\d.]+ MiB/)
    await memory.getByText('Values').click()
    await memory
      .getByRole('cell', { name: /^[\d.]+ MiB$/ })
      .first()
      .waitFor()
    const rows = () => memory.locator('tbody tr').count()
    const ofHour = await rows()
    await checkAccessibility(page)
    await use.getByLabel('Over').selectOption('week')
    await page.waitForURL(/over=week/)
    await memory.getByText('most 144.0 GiB').waitFor()
    assert.ok((await rows()) > ofHour + 100)
    await use.getByLabel('Over').selectOption('day')
    await memory.getByText('most 144.0 GiB').waitFor({ state: 'detached' })
    assert.deepEqual(
      complaints.filter((each) => !each.startsWith('Applying inline style')),
      [],
    )
  },
)
