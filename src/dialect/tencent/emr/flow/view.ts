/** An operation as a flow with stages, in both languages where clients have shown both (reference: tencent-emr.md 4.2, 5.9). */
import type { Operation, OperationStep, Verb } from '../../../../domain/operation.ts'
import { flowStatusOf, roleOf, stageStatusOf, stageStatusText } from '../../states.ts'
import type { FlowView } from './shape.ts'
import { noTime, timeText } from '../time-text.ts'

/** What the real service was seen to answer for a flow that it does not know. */
export const unknownFlow: FlowView = {
  StageDetails: null,
  FlowDesc: null,
  FlowName: '',
  FlowTotalProgress: 0,
  FlowTotalStatus: 0,
  FlowExtraDetail: null,
  FlowInfo: '等待计费处理资源申请中',
}

export interface FlowViewContext {
  readonly language: 'zh' | 'en'
  readonly extra: boolean
}

export function viewFlow(operation: Operation, { language, extra }: FlowViewContext): FlowView {
  const steps = operation.steps.length > 0 ? operation.steps : [onlyStep(operation)]
  const { role } = subjectOf(operation)
  const details = [
    { PKey: 'FlowId', PValue: String(operation.flow) },
    { PKey: 'TraceId', PValue: operation.trace },
  ]
  return {
    StageDetails: steps.map((step, index) => viewStage(step, index, { language, operation })),
    FlowDesc: [
      { PKey: 'ClusterId', PValue: operation.cluster },
      ...(role === undefined ? [] : [{ PKey: 'Node Type', PValue: role }]),
    ],
    FlowName: flowNameOf(operation, language),
    FlowTotalProgress: operation.progress / 100,
    FlowTotalStatus: flowStatusOf[operation.status],
    FlowExtraDetail: extra ? [{ Title: operation.verb, Detail: details }] : null,
    FlowInfo: operation.detail ?? '',
  }
}

interface Name {
  readonly zh: string
  readonly en: string
}

/** Changes of nodes of one role add its name, as the vendor's `Scale Out Core` does. */
export const flowNames: { readonly [verb in Verb]: Name } = {
  create: { zh: '创建集群', en: 'Create Cluster' },
  delete: { zh: '销毁集群', en: 'Terminate Cluster' },
  isolate: { zh: '隔离集群', en: 'Isolate Cluster' },
  restore: { zh: '恢复集群', en: 'Restore Cluster' },
  renew: { zh: '续费集群', en: 'Renew Cluster' },
  subscribe: { zh: '按量计费转包年包月', en: 'Switch To Subscription' },
  unsubscribe: { zh: '包年包月转按量计费', en: 'Switch To Pay As You Go' },
  'set-scripts': { zh: '修改引导脚本', en: 'Modify Bootstrap Scripts' },
  'set-renewal': { zh: '修改自动续费', en: 'Modify Auto Renewal' },
  'restore-backup': { zh: '从备份恢复集群', en: 'Restore Backup' },
  backup: { zh: '备份集群', en: 'Back Up Cluster' },
  'delete-backup': { zh: '删除备份', en: 'Delete Backup' },
  rename: { zh: '修改集群名称', en: 'Rename Cluster' },
  move: { zh: '修改集群项目', en: 'Move Cluster' },
  tag: { zh: '修改标签', en: 'Modify Tags' },
  untag: { zh: '修改标签', en: 'Modify Tags' },
  'set-description': { zh: '修改描述', en: 'Modify Description' },
  'set-maintenance': { zh: '修改可维护时间段', en: 'Modify Maintenance Window' },
  'change-directory': { zh: '用户管理', en: 'Manage Users' },
  'change-node-specs': { zh: '规格管理', en: 'Manage Specifications' },
  'change-strategies': { zh: '修改自动伸缩规则', en: 'Modify Autoscaling Rules' },
  'draft-schedule': { zh: '修改资源调度', en: 'Modify Resource Schedule' },
  'run-job-flow': { zh: '运行作业', en: 'Run Job Flow' },
  'set-inspection': { zh: '修改巡检配置', en: 'Modify Inspection Settings' },
  'sync-pods': { zh: '同步Pod状态', en: 'Sync Pod State' },
  'plan-restart': { zh: '预约重启', en: 'Schedule Restart' },
  restart: { zh: '重启服务', en: 'Restart Service' },
  'scale-out': { zh: '扩容', en: 'Scale Out' },
  'scale-in': { zh: '缩容', en: 'Scale In' },
  'elastic-scale-out': { zh: '扩容', en: 'Scale Out' },
  'elastic-scale-in': { zh: '缩容', en: 'Scale In' },
  'add-group': { zh: '扩容', en: 'Scale Out' },
  'add-agent': { zh: '扩容', en: 'Scale Out' },
  'remove-group': { zh: '缩容', en: 'Scale In' },
  'resize-up': { zh: '变配', en: 'Modify Configuration' },
  'resize-down': { zh: '变配', en: 'Modify Configuration' },
  configure: { zh: '配置下发', en: 'Deliver Configuration' },
  'switch-zone': { zh: '切换可用区', en: 'Switch Zone' },
  'set-password': { zh: '重置密码', en: 'Reset Password' },
  upgrade: { zh: '升级集群', en: 'Upgrade Cluster' },
  downgrade: { zh: '降级集群', en: 'Downgrade Cluster' },
  'change-gateway': { zh: '修改网关', en: 'Modify Gateway' },
  'change-exposure': { zh: '修改公网访问', en: 'Modify Public Access' },
  'open-network': { zh: '开启公网访问', en: 'Enable Public Access' },
  'close-network': { zh: '关闭公网访问', en: 'Disable Public Access' },
  'change-access': { zh: '修改访问控制', en: 'Modify Access Control' },
  'start-service': { zh: '启动服务', en: 'Start Service' },
  'stop-service': { zh: '停止服务', en: 'Stop Service' },
  'restart-service': { zh: '重启服务', en: 'Restart Service' },
  'enter-maintenance': { zh: '进入维护', en: 'Enter Maintenance' },
  'exit-maintenance': { zh: '退出维护', en: 'Exit Maintenance' },
  install: { zh: '新增服务', en: 'Install Service' },
}

/** The stage of larger disks is one that the vendor was seen to have; more of them have one like it. */
const diskStages: ReadonlyMap<string, Name & { readonly key: string }> = new Map([
  ['disk-size', { key: 'resizeDisk', zh: '扩容云盘', en: 'Resize Disk' }],
  ['disk-count', { key: 'attachDisk', zh: '挂载云盘', en: 'Attach Disk' }],
])

/** What an operation is about: a role, and of a resize of disks also what of them. */
function subjectOf({ subject = '' }: Operation): {
  readonly role?: string
  readonly disks?: Name & { readonly key: string }
} {
  const [name = '', aspect = ''] = subject.split('.')
  const title = roleOf.get(name)?.title
  const disks = diskStages.get(aspect)
  return { ...(title === undefined ? {} : { role: title }), ...(disks && { disks }) }
}

export function flowNameOf(operation: Operation, language: 'zh' | 'en'): string {
  const { role, disks } = subjectOf(operation)
  const name = (disks ?? flowNames[operation.verb])[language]
  if (role === undefined) return name
  return language === 'zh' ? `${name}${role}` : `${name} ${role}`
}

/** The vendor's stage for each step of ours; the keys are those of its own flows where it has one. */
const stages: ReadonlyMap<string, Name & { readonly key: string }> = new Map([
  ['allocate', { key: 'applyCvm', zh: '申请资源', en: 'Apply For Resource' }],
  // The real flow has no stages of its own for bootstrap scripts that anybody has seen.
  [
    'scripts-before',
    { key: 'bootstrapBefore', zh: '启动前引导脚本', en: 'Bootstrap before start' },
  ],
  ['scripts-after', { key: 'bootstrapAfter', zh: '启动后引导脚本', en: 'Bootstrap after start' }],
  ['start', { key: 'initializeService', zh: '初始化服务', en: 'Initialize service' }],
  ['verify', { key: 'endPoint', zh: '结束任务', en: 'End task' }],
  ['restart-service', { key: 'restartService', zh: '重启服务', en: 'Restart service' }],
  ['start-service', { key: 'startService', zh: '启动服务', en: 'Start service' }],
  ['stop-service', { key: 'stopService', zh: '停止服务', en: 'Stop service' }],
  ['enter-maintenance', { key: 'enterMaintenance', zh: '进入维护', en: 'Enter maintenance' }],
  ['exit-maintenance', { key: 'exitMaintenance', zh: '退出维护', en: 'Exit maintenance' }],
  ['install', { key: 'installService', zh: '安装服务', en: 'Install service' }],
  ['restart', { key: 'restartService', zh: '重启服务', en: 'Restart service' }],
  ['drain', { key: 'decommission', zh: '下线节点', en: 'Decommission nodes' }],
  ['resize', { key: 'modifyCvm', zh: '变更配置', en: 'Modify configuration' }],
  ['configure', { key: 'deliverConfiguration', zh: '下发配置', en: 'Deliver configuration' }],
  ['upgrade', { key: 'upgradeService', zh: '升级服务', en: 'Upgrade service' }],
  ['stop', { key: 'stopService', zh: '停止服务', en: 'Stop service' }],
  ['remove', { key: 'releaseResources', zh: '释放资源', en: 'Release resources' }],
  ['sync-users', { key: 'syncUsers', zh: '同步用户', en: 'Sync users' }],
  ['tag', { key: 'bindTags', zh: '绑定标签', en: 'Bind tag' }],
])

/** An operation that was done with its commit has no steps of its own. */
function onlyStep({ verb, status, startedMs, endedMs }: Operation): OperationStep {
  return { name: verb, status, startedMs, ...(endedMs === undefined ? {} : { endedMs }) }
}

function stageOf(step: OperationStep, operation: Operation): Name & { readonly key: string } {
  const { disks } = subjectOf(operation)
  if (step.name === 'resize' && disks) return disks
  return stages.get(step.name) ?? { key: step.name, ...flowNames[operation.verb] }
}

function viewStage(
  step: OperationStep,
  index: number,
  { language, operation }: { language: 'zh' | 'en'; operation: Operation },
): NonNullable<FlowView['StageDetails']>[number] {
  const { startedMs, endedMs } = step
  const stage = stageOf(step, operation)
  const { key } = stage
  return {
    Stage: key,
    Name: stage[language],
    IsShow: true,
    IsSubFlow: false,
    SubFlowFlag: '',
    Status: stageStatusOf[step.status],
    Desc: stageStatusText[step.status][language],
    Progress: step.status === 'completed' ? 1 : 0,
    Starttime: startedMs === undefined ? noTime : timeText(startedMs),
    Endtime: endedMs === undefined ? noTime : timeText(endedMs),
    HadWoodDetail: false,
    WoodJobId: 0,
    LanguageKey: key,
    FailedReason: step.status === 'failed' ? (step.reason ?? operation.detail ?? '') : '',
    TimeConsuming: consuming(startedMs, endedMs, language),
    Id: index + 1,
  }
}

function consuming(
  startedMs: number | undefined,
  endedMs: number | undefined,
  language: 'zh' | 'en',
): string {
  if (startedMs === undefined || endedMs === undefined) return ''
  const seconds = Math.max(0, Math.round((endedMs - startedMs) / 1000))
  return language === 'zh' ? `耗时${seconds}秒` : `takes ${seconds}s`
}
