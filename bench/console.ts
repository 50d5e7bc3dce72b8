/**
 * The console in Debian's Chromium, with few clusters and with many: how long the first view takes and what it costs the server, how long it
 * takes until a change is seen, and what an open page costs while nothing happens, beside no page.
 */
import { mkdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../src/gateway/development.ts'
import { runLoad, startChild, type Child } from './process.ts'
import { createBody, wireRequest } from './request.ts'
import { seedClusters } from './seed.ts'
import { median } from './spread.ts'

const COUNTS = [1, 100, 10_000]
const ROUNDS = 5
const IDLE_MS = 5_000

interface Cost {
  readonly clusters: number
  readonly firstViewMs: number
  readonly firstViewServerMs: number
  readonly compressedKb: number
  readonly liveMs: number
  readonly liveServerMs: number
  /** Of a second, as thousandths of a processor. */
  readonly idleWithout: number
  readonly idleWith: number
  readonly residentMib: number
}

/** `dataDir` is new. */
export async function consoleCost(dataDir: string): Promise<readonly Cost[]> {
  mkdirSync(dataDir)
  const browser = await chromium.launch({
    executablePath: process.env['EMRYS_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  })
  try {
    const costs: Cost[] = []
    for (const count of COUNTS) costs.push(await costOf(browser, dataDir, count))
    return costs
  } finally {
    await browser.close()
  }
}

async function costOf(browser: Browser, dataDir: string, clusters: number): Promise<Cost> {
  if (clusters === COUNTS[0]) {
    const first = await startChild('server.ts', [dataDir])
    await created(first, 0)
    await first.stop()
  }
  await seedClusters(dataDir, clusters)
  const server = await startChild('server.ts', [dataDir])
  try {
    const context = await signedIn(browser, server)
    const idleWithout = await idle(server)
    const views = []
    for (let round = 0; round < ROUNDS; round++) views.push(await firstView(context, server))
    const page = await opened(context, server)
    const idleWith = await idle(server)
    const changes = []
    for (let round = 1; round <= ROUNDS; round++)
      changes.push(await liveUpdate(page, server, clusters + round))
    const { rss } = await server.ask<{ rss: number }>('memory')
    return {
      clusters,
      firstViewMs: median(views.map(({ ms }) => ms)),
      firstViewServerMs: median(views.map(({ serverMs }) => serverMs)),
      compressedKb: median(views.map(({ bytes }) => bytes)) / 1000,
      liveMs: median(changes.map(({ ms }) => ms)),
      liveServerMs: median(changes.map(({ serverMs }) => serverMs)),
      idleWithout,
      idleWith,
      residentMib: rss / 1_048_576,
    }
  } finally {
    await server.stop()
  }
}

async function created(server: Child, n: number): Promise<void> {
  await runLoad({
    port: server.port,
    connections: 1,
    requests: [wireRequest(server.port, 'CreateInstance', createBody(n))],
    mode: { each: 'once' },
    expect: '"InstanceId"',
  })
}

/** What is built on first use is built then. */
async function signedIn(browser: Browser, server: Child): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${server.port}/console`)
  await page.getByLabel('With').selectOption('tencent')
  await page.getByLabel('Key id').fill(DEVELOPMENT_KEY_ID)
  await page.getByLabel('Secret').fill(DEVELOPMENT_SECRET)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  await page.close()
  return context
}

async function opened(context: BrowserContext, server: Child): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${server.port}/console/clusters`)
  await page.locator('tbody a').first().waitFor()
  return page
}

/** From the address to the first row, with nothing of it in the browser. */
async function firstView(signed: BrowserContext, server: Child) {
  const browser = signed.browser()
  if (!browser) throw new Error('the browser has gone')
  const context = await browser.newContext({ storageState: await signed.storageState() })
  const cpuBefore = await cpuMs(server)
  const startedMs = performance.now()
  const page = await opened(context, server)
  const ms = performance.now() - startedMs
  const serverMs = (await cpuMs(server)) - cpuBefore
  const bytes = await page.evaluate<number>(
    `performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).filter(({ name }) => !name.includes('/api/')).reduce((sum, it) => sum + it.encodedBodySize, 0)`,
  )
  await context.close()
  return { ms, serverMs, bytes }
}

/** From the acknowledgement of a creation until the open page counts it. */
async function liveUpdate(page: Page, server: Child, expected: number) {
  // The page asks at most once a second.
  await pause(1_500)
  const cpuBefore = await cpuMs(server)
  await created(server, expected)
  const startedMs = performance.now()
  await page.getByText(`${expected} clusters`, { exact: true }).waitFor()
  const ms = performance.now() - startedMs
  return { ms, serverMs: (await cpuMs(server)) - cpuBefore }
}

/** Thousandths of a processor while nothing happens. */
async function idle(server: Child): Promise<number> {
  await pause(1_000)
  const before = await cpuMs(server)
  await pause(IDLE_MS)
  return (((await cpuMs(server)) - before) / IDLE_MS) * 1_000
}

async function cpuMs(server: Child): Promise<number> {
  const { micros } = await server.ask<{ micros: number }>('processor')
  return micros / 1_000
}
