/** What events are called. The documents list no names: these are chosen, one for each kind of incident that is recorded. */
import type { IncidentKind } from '../../../../domain/cluster/incident.ts'

interface EventName {
  readonly zh: string
  readonly en: string
}

/** Exhaustive: a kind added to the core does not compile until it has its name. */
export const eventNames: { readonly [kind in IncidentKind]: EventName } = {
  'node-ended': { zh: '节点进程退出', en: 'Process of a node ended' },
  'node-unresponsive': { zh: '节点进程无响应', en: 'Process of a node does not answer' },
  'node-lost': { zh: '节点丢失', en: 'Node lost' },
  impaired: { zh: '集群服务异常', en: 'Cluster does not serve' },
  'change-undone': { zh: '集群变更回退', en: 'Change of the cluster undone' },
  'backup-failed': { zh: '备份失败', en: 'Backup failed' },
  stopped: { zh: '集群停服', en: 'Cluster stopped' },
}
