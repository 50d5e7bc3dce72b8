/**
 * Debian's Chromium, driven by playwright-core, on a server of the test's own. Where there is none the tests are skipped and say so; where
 * `CI` is set, that fails. playwright-core's own browsers are never fetched.
 */
import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import assert from 'node:assert/strict'
import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'

const PROGRAM = process.env['EMRYS_CHROMIUM'] ?? '/usr/bin/chromium'

/** A reason, or false. */
export const skipWithoutChromium: string | false = whyNot()

function whyNot(): string | false {
  if (existsSync(PROGRAM)) return false
  const why = `${PROGRAM} is not there (Debian: apt-get install chromium): the console was NOT tried`
  if (process.env['CI']) throw new Error(why)
  process.stderr.write(`${why}\n`)
  return why
}

export async function openBrowser(t: TestContext): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: PROGRAM,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  })
  t.after(() => browser.close())
  return browser
}

export interface OpenPage {
  readonly page: Page
  /** What the page complained of: errors of scripts, and what its policy refused. */
  readonly complaints: readonly string[]
}

/** A person with a browser of their own: nothing is shared with another one. */
export async function openPage(browser: Browser, url: string, path = '/'): Promise<OpenPage> {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 900 },
  })
  await context.grantPermissions(['clipboard-write', 'clipboard-read'])
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const complaints: string[] = []
  page.on('pageerror', (problem) => complaints.push(String(problem)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) complaints.push(`asked ${request.url()}`)
  })
  await page.goto(`${url}/console${path}`)
  return { page, complaints }
}

export async function signInWithKey(
  page: Page,
  cloud: string,
  key: { readonly keyId: string; readonly secret: string },
): Promise<void> {
  await page.getByLabel('With').selectOption(cloud)
  await page.getByLabel('Key id').fill(key.keyId)
  await page.getByLabel('Secret').fill(key.secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

export async function signInWithToken(page: Page, token: string): Promise<void> {
  await page.getByLabel('With').selectOption('token')
  await page.getByRole('textbox', { name: 'Admin token' }).fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

/** What axe-core finds, in both themes; the page's own policy refuses scripts, so axe runs beside it. */
export async function checkAccessibility(page: Page): Promise<void> {
  for (const theme of ['light', 'dark']) {
    await page.getByLabel('Theme').selectOption(theme)
    await page.evaluate(axe.source)
    const found = await page.evaluate(async () => {
      // oxlint-disable-next-line typescript/no-explicit-any -- it is axe's own object in the page
      const { violations } = await (globalThis as any).axe.run()
      return violations.map(
        (it: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
          `${it.id}: ${it.nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
      )
    })
    assert.deepEqual(found, [], `${page.url()} in ${theme}`)
  }
}
