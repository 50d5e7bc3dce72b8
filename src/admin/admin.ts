/**
 * The admin pages under `/_emrys/`: for the operator of the server, not for its clients.
 *
 * - Only peers on loopback are answered, and no request that looks as if a proxy had sent it on; what machines that look after servers
 *   ask (`probes`) is the exception, and they get a status alone.
 * - The Host must be an address or `localhost`: a foreign web page that had its own name resolve to 127.0.0.1 is refused.
 * - Every page needs the admin token, which only the server's own user can read, unless the page is declared open.
 * - What changes something must come as `application/json`, which no foreign page can make a browser send without a preflight.
 */
import { limits } from '../limits.ts'
import type { WireRequest, WireResponse } from '../gateway/dialect.ts'
import { jsonMembers } from '../kernel/json-body.ts'
import { isLoopback, whyNotLocal } from '../gateway/local-peer.ts'
import { carriesToken, type AdminToken } from './admin-token.ts'
import { auditPage } from './audit.ts'
import { backupPage } from './backup.ts'
import { billingPages } from './billing/pages.ts'
import { clockPages } from './clock.ts'
import { clusterPage, clustersPage } from './cluster.ts'
import type { AdminContext } from './context.ts'
import { configPage } from './config.ts'
import { actionsPage } from './coverage.ts'
import { encryptionKeyPages } from './encryption-key.ts'
import { objectStoragePages } from './object-storage.ts'
import { environmentPages } from './environment.ts'
import { faultPages } from './fault.ts'
import { history } from './history.ts'
import { healthPages } from './health.ts'
import { identityPages } from './identity/pages.ts'
import { logPage } from './log.ts'
import { metricsPage } from './metric.ts'
import { demandPage } from './demand.ts'
import { nodeFaultPage } from './node-fault.ts'
import { openapiPage } from './openapi.ts'
import { operationsPage } from './operation.ts'
import { AdminProblem, json, type PageRequest, type Page } from './page.ts'
import { progressionPages } from './progression.ts'
import { resetPage } from './reset.ts'
import { scriptFaultPages } from './script-fault.ts'

export function adminPages(context: AdminContext): (request: WireRequest) => Promise<WireResponse> {
  const kept = history(context)
  const pages: readonly Page[] = [
    ...healthPages(context),
    metricsPage(context),
    openapiPage(context, () => pages),
    actionsPage(context),
    configPage(context),
    clustersPage(context),
    clusterPage(context),
    logPage(context),
    operationsPage(context),
    auditPage(context),
    ...progressionPages(context),
    ...clockPages(context),
    ...identityPages(context),
    ...billingPages(context),
    ...environmentPages(context),
    ...objectStoragePages(context),
    ...faultPages(context),
    ...scriptFaultPages(context),
    nodeFaultPage(context),
    kept.page,
    demandPage(context),
    ...encryptionKeyPages(context),
    backupPage(context),
    resetPage(context),
  ]
  const probed = statusOf(context)
  return async (request) => {
    try {
      const probe = probeOf(pages, request, context.probes)
      if (probe) return await probed(probe)
      requireLocalPeer(request)
      const { page, name } = find(pages, request)
      if (page.open) return await page.run({ ...read(page, request), name })
      requireToken(request, context.adminToken)
      await context.sharing?.catchUp()
      const asked = read(page, request)
      const answer = await page.run({ ...asked, name })
      kept.note({ ...asked, method: page.method, path: request.path })
      if (page.method !== 'GET') await context.sharing?.publish()
      return answer
    } catch (problem) {
      if (!(problem instanceof AdminProblem)) throw problem
      const { message: error, status } = problem
      if (status === 401)
        return json({ error }, status, { 'www-authenticate': 'Bearer realm="emrys"' })
      return json(status === 404 ? { error, pages: listOf(pages) } : { error }, status)
    }
  }
}

const PROBE_MS = 1_000

function requireLocalPeer(request: WireRequest): void {
  const why = whyNotLocal(request, 'the admin pages')
  if (why !== undefined) throw new AdminProblem(why, 403)
}

/** Kubernetes and balancers ask from elsewhere, by the address of the server. */
function probeOf(
  pages: readonly Page[],
  { method, path, remoteAddress }: WireRequest,
  from: AdminContext['probes'],
): Page | undefined {
  if (from !== 'any' || method !== 'GET' || isLoopback(remoteAddress)) return undefined
  return pages.find((page) => page.probe && page.path === path)
}

/** A status alone. Asking costs a commit, so that all who ask within a second get one answer. */
function statusOf({ clock }: Pick<AdminContext, 'clock'>): (page: Page) => Promise<WireResponse> {
  const asked = new Map<Page, { readonly atMs: number; readonly answer: Promise<WireResponse> }>()
  return async (page) => {
    const nowMs = clock.wall()
    const last = asked.get(page)
    if (last && Math.abs(nowMs - last.atMs) < PROBE_MS) return last.answer
    const answer = page
      .run({ query: new URLSearchParams(), members: {}, name: '' })
      .then(({ status }) => json({ status }, status))
    asked.set(page, { atMs: nowMs, answer })
    return answer
  }
}

function requireToken({ headers }: WireRequest, token: AdminToken): void {
  if (carriesToken(headers['authorization'], token)) return
  throw new AdminProblem(
    `this page needs the admin token: send \`Authorization: Bearer …\` with what stands in ${token.file}, which only the server's user can read; the emrys command reads it there by itself, or from \`--token-file\` or EMRYS_ADMIN_TOKEN`,
    401,
  )
}

function find(pages: readonly Page[], request: WireRequest): { page: Page; name: string } {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const here = pages.filter((page) => nameIn(page, request.path) !== undefined)
  const page = here.find((each) => each.method === method)
  if (page) return { page, name: nameIn(page, request.path) ?? '' }
  if (here.length === 0)
    throw new AdminProblem(`there is no admin page ${request.path.slice(0, 200)}`, 404)
  const allowed = here.map((each) => each.method).join(' and ')
  throw new AdminProblem(`${request.path} takes ${allowed}`, 405)
}

/** The segment for a name in braces, empty where the page has none; undefined when the path is not this page's. */
function nameIn(page: Page, path: string): string | undefined {
  const [before = '', after] = page.path.split(/\{\w+\}/)
  if (after === undefined) return path === page.path ? '' : undefined
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined
  const name = path.slice(before.length, path.length - after.length)
  return /^[\w.-]{1,64}$/.test(name) ? name : undefined
}

function read(page: Page, request: WireRequest): Omit<PageRequest, 'name'> {
  const query = new URLSearchParams(request.query)
  refuseUndeclared('query parameter', query.keys(), page.query)
  // A browser sends no DELETE for a foreign page without a preflight, and none is ever approved.
  if (page.method === 'GET' || page.method === 'DELETE') return { query, members: {} }
  const members = bodyOf(request)
  refuseUndeclared('member', Object.keys(members), page.members)
  return { query, members }
}

function bodyOf(request: WireRequest): Readonly<Record<string, unknown>> {
  return jsonMembers(request, {
    bytesMax: limits.adminBodyBytes,
    otherType: 'what changes something must be sent as application/json',
    refusal: (message, status) => new AdminProblem(message, status),
  })
}

function refuseUndeclared(
  kind: string,
  given: Iterable<string>,
  declared: readonly string[] = [],
): void {
  for (const name of given) {
    if (declared.includes(name)) continue
    const known = declared.length === 0 ? 'it takes none' : `it takes ${declared.join(', ')}`
    throw new AdminProblem(`this page has no ${kind} ${name.slice(0, 64)}; ${known}`)
  }
}

function listOf(pages: readonly Page[]): readonly object[] {
  return pages.map(({ method, path, does }) => ({ method, path, does }))
}
