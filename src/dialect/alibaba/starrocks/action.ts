/** What every action of EMR Serverless StarRocks has in common: product, version, permission, and its route by its name. */
import { productActions, type Route } from '../../../gateway/action.ts'
import { knownActions } from '../wire/known-actions.ts'

export const product = 'starrocks'
export const version = '2022-10-19'

const routes: ReadonlyMap<string, Route> = new Map(
  knownActions.map(({ name, method, path }) => [name, { method, path }]),
)

export const action = productActions({
  product,
  version,
  permission: (name) => `sr:${name}`,
  route: routeOf,
})

/** Throws where the vendor declares no action of this name: then an action could never be reached. */
function routeOf(name: string): Route {
  const route = routes.get(name)
  if (!route) throw new Error(`${product} ${version} has no action ${name}`)
  return route
}
