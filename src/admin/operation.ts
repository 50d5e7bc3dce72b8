/** The latest operations on clusters and their progress, over all accounts, newest first. */
import { limits } from '../limits.ts'
import type { AdminContext } from './context.ts'
import { AdminProblem, json, timeOf, wholeOf, type Page } from './page.ts'

const STATUSES = ['running', 'completed', 'failed']

export function operationsPage({ store }: Pick<AdminContext, 'store'>): Page {
  return {
    method: 'GET',
    path: '/_emrys/operations',
    does: 'the latest operations of every account',
    query: ['cluster', 'status', 'limit'],
    async run({ query }) {
      const statuses = query.getAll('status')
      const strange = statuses.find((status) => !STATUSES.includes(status))
      if (strange !== undefined)
        throw new AdminProblem(`status must be one of ${STATUSES.join(', ')}`)
      const cluster = query.get('cluster')
      const limit = wholeOf(query, 'limit', { min: 1, max: limits.adminRows }) ?? limits.pageSize
      const { total, rows } = await store.read((tx) =>
        tx.list('operation', {
          account: undefined,
          order: 'newest',
          limit,
          offset: 0,
          ...(cluster === null ? {} : { parent: cluster }),
          ...(statuses.length > 0 ? { states: statuses } : {}),
        }),
      )
      const operations = rows.map(({ document: { startedMs, endedMs, ...it } }) => ({
        id: it.id,
        cluster: it.cluster,
        account: it.account,
        verb: it.verb,
        status: it.status,
        progress: it.progress,
        started: timeOf(startedMs),
        ended: endedMs === undefined ? null : timeOf(endedMs),
        steps: it.steps.map(({ name, status }) => ({ name, status })),
      }))
      return json({ total, operations })
    },
  }
}
