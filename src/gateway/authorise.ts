/**
 * May the caller do this? Throws AccessDenied, with everything that the vendors' refusals say about the decision.
 *
 * Each cluster that a request names is looked up once, so that policies can ask for its tags; one that is not the caller's has
 * none. A listing or a search that names no cluster is answered with those that are visible to the caller: the call gets a
 * `visible` when the caller's policies distinguish clusters, and is refused when they allow the action nowhere.
 */
import type { Call } from '../app/call.ts'
import type { Core } from '../app/core.ts'
import type { Cluster } from '../domain/cluster/cluster.ts'
import { Fault } from '../domain/fault.ts'
import { allowsSomewhere, distinguishesResources, type Decision } from '../domain/policy.ts'
import type { Authorisation, Dialect, RequestedResource } from './dialect.ts'

export type AuthorisationQuery = Omit<Authorisation, 'resources'> & { readonly dialect: Dialect }

/** Returns the call as it may be run. */
export async function authorise(core: Core, it: AuthorisationQuery): Promise<Call> {
  const { call, action, dialect } = it
  const { principal } = call
  if (principal.kind === 'root') return call
  const names = action.resources(call, it.input)
  const resources = await knownResources(core, it, names)
  const decision = dialect.authorise({ ...it, resources })
  const nameless = resources.every(({ cluster }) => cluster === undefined)
  const permission = action.permission.action
  if (action.listing && nameless && distinguishesResources(principal.policies, permission)) {
    const everywhere = decision.effect === 'deny' && isCertain(decision)
    if (!everywhere && allowsSomewhere(principal.policies, permission))
      return { ...call, visible: visibilityOf(it) }
  }
  if (decision.effect === 'allow') return call
  throw new Fault('AccessDenied', {
    action: permission,
    resource: decision.resource ?? names[0] ?? '*',
    resources: names,
    explicit: decision.kind === 'explicit',
    account: principal.account,
    principal: principal.name,
    principalId: principal.id,
    principalKind: principal.kind,
    decision,
    atMs: it.nowMs,
  })
}

interface KnownResource extends RequestedResource {
  /** The id of the cluster that it names. */
  readonly cluster: string | undefined
}

async function knownResources(
  core: Core,
  { dialect, call }: AuthorisationQuery,
  names: readonly string[],
): Promise<readonly KnownResource[]> {
  const ids = names.map((name) => dialect.clusterIn(name))
  const wanted = [...new Set(ids.filter((id) => id !== undefined))]
  const found = wanted.length === 0 ? new Map() : await core.clusters.peek(call, wanted)
  return names.map((name, at) => {
    const cluster = found.get(ids[at] ?? '')
    // Where the request names no region, the cluster's own is meant.
    const meant = cluster && call.region === '' ? dialect.resourceOf(cluster) : name
    return { cluster: ids[at], ...(cluster ? resource(meant, cluster) : { name }) }
  })
}

function resource(name: string, { tags, resourceGroup }: Cluster): RequestedResource {
  return {
    name,
    resourceGroup,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  }
}

function visibilityOf(it: AuthorisationQuery): (cluster: Cluster) => boolean {
  return (cluster) => permits(it, cluster)
}

/** Whether the caller's policies allow the action on this one cluster of its account. */
export function permits(it: AuthorisationQuery, cluster: Cluster): boolean {
  if (it.call.principal.kind === 'root') return true
  const resources = [resource(it.dialect.resourceOf(cluster), cluster)]
  return it.dialect.authorise({ ...it, resources }).effect === 'allow'
}

/** Denied by a statement that holds without knowing the resource: then no single one can be allowed either. */
function isCertain(decision: Extract<Decision, { effect: 'deny' }>): boolean {
  return decision.kind === 'explicit' && decision.reason === undefined
}
