/**
 * What the operation log says of each kind of operation: its number, what it is about, how dangerous it is. Only `创建集群` with 1,
 * `集群` and `一般` was seen (reference: tencent-emr.md api.json example); the rest is chosen, and numbers stay what they are.
 */
import type { Verb } from '../../../../domain/operation.ts'

export type Operand = 'cluster' | 'node' | 'component'
export type Level = 'normal' | 'risky' | 'dangerous'

type Row = readonly [number: number, operand: Operand, level: Level]

/** Exhaustive: a verb added to the core does not compile until it has its row. */
export const logRows: { readonly [verb in Verb]: Row } = {
  create: [1, 'cluster', 'normal'],
  delete: [2, 'cluster', 'dangerous'],
  isolate: [3, 'cluster', 'dangerous'],
  restore: [4, 'cluster', 'normal'],
  renew: [5, 'cluster', 'normal'],
  subscribe: [6, 'cluster', 'normal'],
  unsubscribe: [7, 'cluster', 'risky'],
  'set-renewal': [8, 'cluster', 'normal'],
  rename: [9, 'cluster', 'normal'],
  move: [10, 'cluster', 'normal'],
  tag: [11, 'cluster', 'normal'],
  untag: [12, 'cluster', 'normal'],
  'set-scripts': [18, 'cluster', 'risky'],
  'set-description': [13, 'cluster', 'normal'],
  'set-maintenance': [14, 'cluster', 'normal'],
  'restore-backup': [15, 'cluster', 'risky'],
  backup: [16, 'cluster', 'normal'],
  'delete-backup': [17, 'cluster', 'risky'],
  'scale-out': [20, 'node', 'normal'],
  'scale-in': [21, 'node', 'dangerous'],
  'elastic-scale-out': [22, 'node', 'normal'],
  'elastic-scale-in': [23, 'node', 'risky'],
  'add-group': [24, 'node', 'normal'],
  'add-agent': [25, 'node', 'normal'],
  'remove-group': [26, 'node', 'dangerous'],
  'resize-up': [27, 'node', 'risky'],
  'resize-down': [28, 'node', 'risky'],
  'switch-zone': [29, 'node', 'risky'],
  restart: [40, 'component', 'risky'],
  'plan-restart': [41, 'component', 'normal'],
  configure: [42, 'component', 'risky'],
  'set-password': [43, 'component', 'risky'],
  upgrade: [44, 'component', 'risky'],
  downgrade: [45, 'component', 'risky'],
  'change-gateway': [46, 'component', 'normal'],
  'change-exposure': [47, 'component', 'risky'],
  'open-network': [48, 'component', 'risky'],
  'close-network': [49, 'component', 'normal'],
  'change-access': [50, 'component', 'normal'],
  'start-service': [51, 'component', 'normal'],
  'stop-service': [52, 'component', 'dangerous'],
  'restart-service': [53, 'component', 'risky'],
  'enter-maintenance': [54, 'component', 'risky'],
  'exit-maintenance': [55, 'component', 'normal'],
  install: [56, 'component', 'risky'],
  'change-directory': [57, 'cluster', 'risky'],
  'change-node-specs': [58, 'node', 'normal'],
  'change-strategies': [59, 'node', 'normal'],
  'draft-schedule': [60, 'component', 'normal'],
  'run-job-flow': [61, 'cluster', 'normal'],
  'sync-pods': [62, 'cluster', 'normal'],
  'set-inspection': [63, 'cluster', 'normal'],
}

export const operandWords: { readonly [operand in Operand]: Words } = {
  component: { zh: '组件', en: 'Component' },
  node: { zh: '节点', en: 'Node' },
  cluster: { zh: '集群', en: 'Cluster' },
}

export const levelWords: { readonly [level in Level]: Words } = {
  normal: { zh: '一般', en: 'General' },
  risky: { zh: '危险', en: 'Risky' },
  dangerous: { zh: '高危', en: 'Dangerous' },
}

export interface Words {
  readonly zh: string
  readonly en: string
}
