/**
 * `npm run console-pages`: a picture of each page of the console but SQL, in both languages and both themes, in docs/console. A server of its own, an
 * instance that really runs and a simulated cluster; Debian's Chromium, and a font that has Chinese (fonts-wqy-microhei).
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { ADMIN_TOKEN_FILE } from '../src/admin/admin-token.ts'
import { loadConfig } from '../src/config/config.ts'
import { startServer, type Server } from '../src/server/server.ts'
import { withInstance } from './client/instance.ts'

const TARGET = resolve(import.meta.dirname, '../docs/console')
const BYTES_MAX = 3 * 1024 * 1024
/** Plots have something to show within the seconds that this takes. */
const SAMPLE_MS = 1_000
const DAY_MS = 86_400_000
const PASSWORD = 'Example@1234'

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
    await withInstance(server, () => draw(server, token))
  } finally {
    await server.close()
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function draw({ url, clock }: Server, token: string): Promise<void> {
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
      await page.screenshot({ path })
      bytes += statSync(path).size
    }
    await page.goto(`${url}/console`)
    for (const look of await looksOf(page)) await look(() => shoot('sign-in', look.named))
    await signIn(page, token)
    const cluster = await prepare(page, url)
    // What was used in these days is charged.
    clock.advance(3 * DAY_MS)
    const places: Readonly<Record<string, string>> = {
      overview: '/',
      clusters: '/clusters',
      cluster: `/clusters/${cluster}`,
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
      await page.goto(`${url}/console${path}`)
      for (const look of await looksOf(page))
        await look(async () => {
          await page.locator('h1').waitFor()
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
