/**
 * Forms by which a page makes a request: the declared shape of an action, as it stands in `/_emrys/openapi`, and what may stand in its
 * parameters. What a form makes is sent as any other call of a page.
 */
import type { Cluster } from '../domain/cluster/cluster.ts'
import { listDeclared } from '../domain/environment.ts'
import type { Action } from '../gateway/action.ts'
import type { Dialect } from '../gateway/dialect.ts'
import { allowsSomewhere } from '../domain/policy.ts'
import { published } from '../shape/published.ts'
import { ConsoleProblem } from './answer.ts'
import { recordIn, textIn, type Asked } from './call.ts'
import type { ConsoleContext } from './context.ts'
import { clusterFor } from './clusters.ts'
import { formsOf, knownOf } from './vendor.ts'
import type { Viewer } from './viewer.ts'

type Parts = Pick<ConsoleContext, 'dialects' | 'environmentOf' | 'store'>

/** What can be made and done, of the clouds that the session is of. */
export function formsFor({ dialects }: Pick<Parts, 'dialects'>, viewer: Viewer) {
  return {
    clouds: (viewer.dialect ? [viewer.dialect] : dialects).map((dialect) => ({
      cloud: dialect.name,
      ...formsOf(dialect),
    })),
  }
}

type Query = Pick<Asked, 'viewer' | 'members'>

export async function formFor(parts: Parts, { viewer, members }: Query) {
  const { dialect, action } = actionIn(parts, viewer, members)
  const cluster = await clusterIn(parts, viewer, members)
  return {
    /** What is known of the cluster that it is about. */
    ...(cluster ? knownOf(cluster, dialect) : { fixed: {}, start: {} }),
    action: action.name,
    product: action.product,
    version: action.version,
    route: action.route ?? null,
    permission: action.permission.action,
    schema: published(action.input),
  }
}

/** Regions, and what is sold and lies in the one that is named: for those alone whose policies allow the action somewhere. */
export async function offersFor(parts: Parts, { viewer, members }: Query) {
  const { dialect, action } = actionIn(parts, viewer, members)
  const { principal } = viewer
  const may =
    !principal ||
    principal.kind === 'root' ||
    allowsSomewhere(principal.policies, action.permission.action)
  if (!may) return { regions: [], offers: {} }
  const environment = parts.environmentOf(action.clustersOf ?? action.product)
  const region = textIn(members, 'region') ?? ''
  return {
    regions: environment ? listDeclared(environment, 'region').map(({ id }) => id) : [],
    offers: dialect.offers({
      region,
      environment,
      parameters: recordIn(members, 'parameters'),
      cluster: await clusterIn(parts, viewer, members),
    }),
  }
}

/** Throws ConsoleProblem for one that the session does not see. */
function clusterIn(
  parts: Parts,
  viewer: Viewer,
  members: Asked['members'],
): Promise<Cluster | undefined> {
  const id = textIn(members, 'cluster')
  return id === undefined ? Promise.resolve(undefined) : clusterFor(parts, viewer, id)
}

function actionIn(
  { dialects }: Parts,
  viewer: Viewer,
  members: Asked['members'],
): { readonly dialect: Dialect; readonly action: Action } {
  const cloud = textIn(members, 'cloud')
  const dialect = viewer.dialect ?? dialects.find(({ name }) => name === cloud)
  const name = textIn(members, 'action')
  const action = dialect?.actions.find((each) => each.name === name)
  if (!dialect || !action) throw new ConsoleProblem(`there is no action ${name ?? ''}`, 404)
  return { dialect, action }
}

export type Forms = ReturnType<typeof formsFor>
export type Form = Awaited<ReturnType<typeof formFor>>
export type ShownOffers = Awaited<ReturnType<typeof offersFor>>
