/**
 * What keeps a pod from serving, by what its node and the scheduler say of it. The operator calls none of this failed. Each has a time
 * after which waiting is taken to be of no use: images and configurations do not mend themselves, machines may be added.
 */
import { listOf, recordOf } from '../../../kernel/json.ts'
import type { GroupProblem } from '../../port.ts'
import { textOf, type KubernetesObject } from '../resource.ts'
import { conditionOf } from './look.ts'

const MINUTE_MS = 60_000
const IMAGE_MS = 5 * MINUTE_MS
const CRASH_MS = 10 * MINUTE_MS
const PLACE_MS = 15 * MINUTE_MS
/** Fewer are what a start may need. */
const CRASHES = 5

/** By the words of the kubelet. */
const REFUSED: readonly string[] = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
]

export function problemOf(pod: KubernetesObject, nowMs: number): GroupProblem | undefined {
  const { name } = pod.metadata
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    const { message, sinceMs } = scheduled
    const reason = `${name} finds no machine: ${message}`
    return { kind: 'unplaceable', reason, sinceMs, persists: nowMs - sinceMs > PLACE_MS }
  }
  const sinceMs = conditionOf(pod, 'Ready')?.sinceMs ?? nowMs
  const forMs = nowMs - sinceMs
  for (const container of listOf(recordOf(pod['status'])['containerStatuses']).map(recordOf)) {
    const waiting = recordOf(recordOf(container['state'])['waiting'])
    const word = textOf(waiting['reason'])
    const message = textOf(waiting['message'])
    const reason = `${name}: ${word}${message === '' ? '' : `, ${message}`}`
    if (REFUSED.includes(word))
      return { kind: 'refused', reason, sinceMs, persists: forMs > IMAGE_MS }
    const crashes = Number(container['restartCount'] ?? 0)
    if (word === 'CrashLoopBackOff')
      return { kind: 'crash', reason, sinceMs, persists: crashes >= CRASHES && forMs > CRASH_MS }
  }
  return undefined
}
