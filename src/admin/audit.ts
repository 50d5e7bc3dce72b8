/** Who changed what: the latest entries of the audit trail, over all accounts or of one. */
import { limits } from '../limits.ts'
import type { AdminContext } from './context.ts'
import { json, timeOf, wholeOf, type Page } from './page.ts'

export function auditPage({ store }: Pick<AdminContext, 'store'>): Page {
  return {
    method: 'GET',
    path: '/_emrys/audit',
    does: 'the latest entries of the audit trail',
    query: ['account', 'limit'],
    async run({ query }) {
      const limit = wholeOf(query, 'limit', { min: 1, max: limits.adminRows }) ?? limits.pageSize
      const account = query.get('account') ?? undefined
      const entries = await store.read((tx) => tx.audit(account, limit))
      return json({ entries: entries.map(({ atMs, ...it }) => ({ at: timeOf(atMs), ...it })) })
    },
  }
}
