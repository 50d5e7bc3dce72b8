/** An operation as a flow with stages, in both languages where clients have shown both (reference: tencent-emr.md 4.2, 5.9). */
import type { Operation, OperationStep } from '../../../../domain/operation.ts'
import { flowStatusOf, stageStatusOf, stageStatusText } from '../../states.ts'
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

export interface FlowReading {
  readonly language: 'zh' | 'en'
  readonly extra: boolean
}

export function viewFlow(operation: Operation, { language, extra }: FlowReading): FlowView {
  const steps = operation.steps.length > 0 ? operation.steps : [onlyStep(operation)]
  const details = [
    { PKey: 'FlowId', PValue: String(operation.flow) },
    { PKey: 'TraceId', PValue: operation.trace },
  ]
  return {
    StageDetails: steps.map((step, index) => viewStage(step, index, { language, operation })),
    FlowDesc: [{ PKey: 'ClusterId', PValue: operation.cluster }],
    FlowName: flowNames.get(operation.verb)?.[language] ?? operation.verb,
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

const flowNames: ReadonlyMap<string, Name> = new Map([
  ['create', { zh: '创建集群', en: 'Create Cluster' }],
  ['delete', { zh: '销毁集群', en: 'Terminate Cluster' }],
  ['isolate', { zh: '隔离集群', en: 'Isolate Cluster' }],
  ['restore', { zh: '恢复集群', en: 'Restore Cluster' }],
  ['renew', { zh: '续费集群', en: 'Renew Cluster' }],
  ['rename', { zh: '修改集群名称', en: 'Rename Cluster' }],
  ['move', { zh: '修改集群项目', en: 'Move Cluster' }],
  ['tag', { zh: '修改标签', en: 'Modify Tags' }],
  ['untag', { zh: '修改标签', en: 'Modify Tags' }],
])

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
  ['stop', { key: 'stopService', zh: '停止服务', en: 'Stop service' }],
  ['remove', { key: 'releaseResources', zh: '释放资源', en: 'Release resources' }],
  ['tag', { key: 'bindTags', zh: '绑定标签', en: 'Bind tag' }],
])

/** An operation that was done with its commit has no steps of its own. */
function onlyStep({ verb, status, startedMs, endedMs }: Operation): OperationStep {
  return { name: verb, status, startedMs, ...(endedMs === undefined ? {} : { endedMs }) }
}

function viewStage(
  step: OperationStep,
  index: number,
  { language, operation }: { language: 'zh' | 'en'; operation: Operation },
): NonNullable<FlowView['StageDetails']>[number] {
  const { startedMs, endedMs } = step
  const stage = stages.get(step.name)
  const key = stage?.key ?? step.name
  const name = stage ?? flowNames.get(step.name)
  return {
    Stage: key,
    Name: name?.[language] ?? step.name,
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
