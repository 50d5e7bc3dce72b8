/**
 * The environment in force: what is declared, what was adopted or created since, and what accounts use of stock, quotas
 * and places.
 */
import { resourceKinds } from '../domain/environment.ts'
import { limits } from '../limits.ts'
import type { AdminContext } from './context.ts'
import { AdminProblem, json, timeOf, wholeOf, type Page } from './page.ts'

type EnvironmentContext = Pick<AdminContext, 'store' | 'environmentOf' | 'dialects'>

export function environmentPages(context: EnvironmentContext): readonly Page[] {
  const { store } = context
  return [
    {
      method: 'GET',
      path: '/_emrys/environment',
      does: 'what is declared: resources, stock and quotas, by cloud',
      query: ['cloud', 'kind', 'region'],
      run: async ({ query }) => json({ environments: environmentsOf(context, query) }),
    },
    {
      method: 'GET',
      path: '/_emrys/environment/known',
      does: 'resources that were adopted or created, newest first',
      query: ['account', 'kind', 'limit', 'after'],
      async run({ query }) {
        const behindSeq = wholeOf(query, 'after', { min: 1, max: Number.MAX_SAFE_INTEGER })
        const kind = kindOf(query)
        const limit = limitOf(query)
        const { total, rows } = await store.read((tx) =>
          tx.list('resource', {
            account: query.get('account') ?? undefined,
            order: 'newest',
            limit,
            offset: 0,
            ...(kind === undefined ? {} : { resourceKind: kind }),
            ...(behindSeq === undefined ? {} : { behindSeq }),
          }),
        )
        const known = rows.map(({ document: { account, origin, createdMs, resource } }) => ({
          ...resource,
          account,
          origin,
          created: timeOf(createdMs),
        }))
        return json({
          total,
          known,
          next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null,
        })
      },
    },
    {
      method: 'GET',
      path: '/_emrys/environment/holdings',
      does: 'what accounts use of stock and quotas',
      query: ['account', 'limit'],
      async run({ query }) {
        const account = query.get('account') ?? undefined
        return json({
          holdings: await store.read((tx) => tx.reservations(account, limitOf(query))),
        })
      },
    },
  ]
}

function environmentsOf(
  { environmentOf, dialects }: EnvironmentContext,
  query: URLSearchParams,
): readonly object[] {
  const products = dialects.flatMap(({ actions }) => actions.map(({ product }) => product))
  const all = new Set([...new Set(products)].flatMap((product) => environmentOf(product) ?? []))
  const cloud = query.get('cloud')
  const region = query.get('region')
  const kind = kindOf(query)
  return [...all]
    .filter((each) => cloud === null || each.name === cloud)
    .map((each) => ({
      ...each,
      resources: [...each.resources.values()].filter(
        (resource) =>
          (kind === undefined || resource.kind === kind) &&
          (region === null || resource.region === region),
      ),
    }))
}

function kindOf(query: URLSearchParams): string | undefined {
  const requested = query.get('kind')
  if (requested === null) return undefined
  const known = resourceKinds.find((kind) => kind === requested)
  if (known) return known
  throw new AdminProblem(`kind must be one of ${resourceKinds.join(', ')}`)
}

function limitOf(query: URLSearchParams): number {
  return wholeOf(query, 'limit', { min: 1, max: limits.adminRows }) ?? limits.pageSize
}
