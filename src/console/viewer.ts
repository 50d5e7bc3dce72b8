/**
 * Whose eyes a request of the console has. A key's owner is looked up for every request, as for one that is signed, so that a key that was
 * disabled or a policy that was changed is in force at once. The administrator sees every account, and acts as the root of the one that
 * the request names.
 */
import type { Call } from '../app/call.ts'
import type { Cluster } from '../domain/cluster/cluster.ts'
import type { Principal } from '../domain/identity.ts'
import { permits } from '../gateway/authorise.ts'
import type { Dialect, WireRequest } from '../gateway/dialect.ts'
import { ConsoleProblem } from './answer.ts'
import type { ConsoleContext } from './context.ts'
import type { SessionOwner } from './session.ts'
import { actionFor, productsOf, type Aspect } from './vendor.ts'

export interface Viewer {
  readonly isAdministrator: boolean
  /** Undefined where the session is of no cloud. */
  readonly dialect: Dialect | undefined
  /** Undefined for the administrator. */
  readonly principal: Principal | undefined
  /** Whose clusters are shown; undefined is every account. */
  readonly account: string | undefined
  /** Whether every cluster of the account is shown, without looking at each. */
  readonly seesAll: boolean
  may(aspect: Aspect, cluster: Cluster): boolean
}

/** Undefined when the key is no longer accepted: the session has ended. */
export async function viewerOf(
  context: Pick<ConsoleContext, 'credentials' | 'dialects' | 'clock'>,
  owner: SessionOwner,
  request: WireRequest,
): Promise<Viewer | undefined> {
  if (owner.kind === 'administrator')
    return {
      isAdministrator: true,
      dialect: undefined,
      principal: undefined,
      account: undefined,
      seesAll: true,
      may: () => true,
    }
  const credential = await context.credentials(owner.dialect, owner.keyId)
  const dialect = context.dialects.find(({ name }) => name === owner.dialect)
  if (!credential?.active || !dialect) return undefined
  const { principal } = credential
  return {
    isAdministrator: false,
    dialect,
    principal,
    account: principal.account,
    seesAll: principal.kind === 'root',
    may: judge({ dialect, principal, request, nowMs: context.clock.now() }),
  }
}

interface Judgement {
  readonly dialect: Dialect
  readonly principal: Principal
  readonly request: WireRequest
  readonly nowMs: number
}

/** By the policies that bind whoever signs requests, for the action by which clients see the same. */
function judge({ dialect, principal, request, nowMs }: Judgement): Viewer['may'] {
  return (aspect, cluster) => {
    if (cluster.account !== principal.account) return false
    if (!productsOf(dialect).includes(cluster.product)) return false
    const action = actionFor(dialect, cluster.product, aspect)
    if (!action) return false
    const call: Call = {
      requestId: '',
      principal,
      region: cluster.region,
      product: cluster.product,
      action: action.name,
      language: 'en',
    }
    return permits({ dialect, call, action, input: {}, request, nowMs }, cluster)
  }
}

/** Who carries out what a page asks of a cloud: the session's own principal, or the root of the account that the administrator names. */
export async function actorOf(
  { store, dialects }: Pick<ConsoleContext, 'store' | 'dialects'>,
  viewer: Viewer,
  account: string | undefined,
): Promise<{ readonly dialect: Dialect; readonly principal: Principal }> {
  if (viewer.dialect && viewer.principal)
    return { dialect: viewer.dialect, principal: viewer.principal }
  if (account === undefined) throw new ConsoleProblem('name the account to act for')
  const found = await store.read((tx) => tx.findById('account', account))
  const dialect = dialects.find(({ name }) => name === found?.document.dialect)
  if (!found || !dialect) throw new ConsoleProblem(`there is no account ${account}`, 404)
  const { tenant } = found.document
  const principal = {
    account,
    tenant,
    kind: 'root',
    id: account,
    name: 'root',
    policies: [],
  } as const
  return { dialect, principal }
}
