/**
 * `npm run console-pages`: a picture of each page of the console, in both languages and both themes, in docs/console. A server of its own, an
 * instance that really runs and a simulated cluster; Debian's Chromium, and a font that has Chinese (fonts-wqy-microhei). Names as arguments choose:
 * `npm run console-pages -- sql`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { ADMIN_TOKEN_FILE } from '../src/admin/admin-token.ts'
import { loadConfig } from '../src/config/config.ts'
import { startServer, type Server } from '../src/server/server.ts'
import { serverHere, withInstance } from './client/instance.ts'

const TARGET = resolve(import.meta.dirname, '../docs/console')
const BYTES_MAX = 6 * 1024 * 1024
/** Plots have something to show within the seconds that this takes. */
const SAMPLE_MS = 1_000
const DAY_MS = 86_400_000
const STATEMENT = `-- what a shop sold in two weeks
SELECT generate_series AS day, 40 + generate_series * 7 % 23 AS orders, round(generate_series * 3.7, 1) AS revenue
FROM TABLE(generate_series(1, 14))`
const PASSWORD = 'Example@1234'

const chosen = process.argv.slice(2)
const directory = mkdtempSync(join(tmpdir(), 'emrys-pages-'))
const dataDir = join(directory, 'data')
const flags = {
  port: '0',
  'data-dir': dataDir,
  'simulation.default': 'time:1',
  'local.keep-running': 'false',
}

try {
  const server = await startServer({
    config: loadConfig({ flags }).config,
    sampleMs: SAMPLE_MS,
  })
  try {
    const token = readFileSync(join(dataDir, ADMIN_TOKEN_FILE), 'utf8').trim()
    await withInstance(serverHere(server), ({ EMRYS_SQL_PASSWORD }) =>
      draw(server, { token, password: EMRYS_SQL_PASSWORD }),
    )
  } finally {
    await server.close()
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}

interface Secrets {
  readonly token: string
  readonly password: string
}

async function draw({ url }: Server, { token, password }: Secrets): Promise<void> {
  mkdirSync(TARGET, { recursive: true })
  const browser = await chromium.launch({
    executablePath: process.env['EMRYS_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  })
  let bytes = 0
  try {
    const viewport = { width: 1040, height: 620 }
    const page = await browser.newPage({ locale: 'en-GB', viewport })
    const shoot = async (name: string, look: string) => {
      const path = join(TARGET, `${name}-${look}.png`)
      await page.screenshot({ path, fullPage: true })
      bytes += statSync(path).size
    }
    await page.goto(`${url}/console`)
    for (const look of await looksOf(page)) await look(() => shoot('sign-in', look.named))
    await signIn(page, token)
    const cluster = await prepare(page, url)
    await passDays(url, token)
    const places: Readonly<Record<string, string>> = {
      overview: '/',
      clusters: '/clusters',
      cluster: `/clusters/${cluster}`,
      sql: `/clusters/${cluster}/sql`,
      change: `/clusters/${cluster}?do=nodes`,
      create: '/create',
      requests: '/requests',
      api: '/api?name=Describe&operation=alibaba.DescribeInstances',
      world: '/world',
      identity: '/identity',
      billing: '/billing?list=ledger',
      environment: '/environment',
    }
    for (const [name, path] of Object.entries(places)) {
      if (chosen.length > 0 && !chosen.includes(name)) continue
      await page.goto(`${url}/console${path}`)
      for (const look of await looksOf(page))
        await look(async () => {
          await page.locator('h1').waitFor()
          if (name === 'sql') await query(page, password)
          // What a page asks for is there within this; forms follow what is offered and have a price.
          await page.waitForTimeout(['create', 'change'].includes(name) ? 2_500 : 600)
          await shoot(name, look.named)
        })
    }
  } finally {
    await browser.close()
  }
  process.stdout.write(`${TARGET}: ${Math.round(bytes / 1024)} KiB\n`)
  if (bytes > BYTES_MAX) throw new Error('the pictures are too large')
}

type Look = ((shoot: () => Promise<void>) => Promise<void>) & { readonly named: string }

/** Each language in each theme: as a person would have chosen it before. */
async function looksOf(page: Page): Promise<readonly Look[]> {
  return ['en', 'zh'].flatMap((language) =>
    ['light', 'dark'].map((theme) => {
      const choice = JSON.stringify(JSON.stringify({ language, theme }))
      const look = async (shoot: () => Promise<void>) => {
        await page.evaluate(`localStorage.setItem('emrys-console', ${choice})`)
        await page.reload()
        await page.locator('main').waitFor()
        await shoot()
      }
      return Object.assign(look, { named: `${language}-${theme}` })
    }),
  )
}

async function signIn(page: Page, token: string): Promise<void> {
  await page.evaluate(`localStorage.removeItem('emrys-console')`)
  await page.reload()
  await page.getByLabel('With').selectOption('token')
  await page.getByRole('textbox', { name: 'Admin token' }).fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

/** By the administration, which waits until what was used in these days is charged. */
async function passDays(url: string, token: string): Promise<void> {
  const answer = await fetch(`${url}/_emrys/clock`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ advanceMs: 3 * DAY_MS }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** A second cluster, and a request that is refused. Returns the id of the one that really runs. */
async function prepare(page: Page, url: string): Promise<string> {
  await page.goto(`${url}/console/create?form=CreateInstance`)
  await page.locator('.price strong', { hasText: 'CNY' }).waitFor()
  const send = () => page.locator('form.action button[type=submit]').click()
  await page.getByLabel('InstanceName').fill('x')
  await send()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('InstanceName').fill('data-lake')
  await page.locator('[id="CreateInstance-LoginSettings-Password"]').fill(PASSWORD)
  await send()
  await page.getByRole('heading', { name: 'data-lake' }).waitFor()
  await page.goto(`${url}/console/clusters`)
  const link = page.locator('tbody a[href*="/clusters/c-"]').first()
  return (await link.getAttribute('href'))?.split('/').at(-1) ?? ''
}

/** What the editor and the table look like with something in them. */
async function query(page: Page, password: string): Promise<void> {
  await page.locator('input[type=password]').fill(password)
  const editor = page.locator('.cm-content')
  await editor.click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(STATEMENT)
  await page.keyboard.press('Control+Enter')
  await page.locator('.result td').first().waitFor()
}
