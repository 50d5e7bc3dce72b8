/** The texts of the cluster status codes. Codes: reference tencent-emr.md 4.1; texts other than `running` are ours. */

import data from './statuses.json' with { type: 'json' }
import type { ClusterStatus } from './schema.ts'

export type Language = 'zh' | 'en'

export const statuses: readonly Pick<ClusterStatus, 'code' | 'zh' | 'en'>[] = data.statuses

const byCode = new Map(statuses.map((status) => [status.code, status]))

export function statusText(code: number, language: Language): string | undefined {
  return byCode.get(code)?.[language]
}
