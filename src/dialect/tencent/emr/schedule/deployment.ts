/** Deploying the drafts: the files of YARN's masters say what was drafted, and the masters start anew with them, one after the other. */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import { invalid } from '../refusal.ts'
import { checkQueues } from './queue-change.ts'
import {
  deployed,
  drafted,
  fileOf,
  latest,
  latestScheduler,
  requireYarn,
  type Scheduler,
} from './schedule.ts'

/** `files` are asked for; nothing else may be drafted. Returns the flow number. */
export async function deploy(
  core: Core,
  call: Call,
  id: string,
  check: (latest: Scheduler) => void = () => {},
): Promise<number> {
  const { flow } = await core.clusters.configure(call, id, (was) => {
    requireYarn(was)
    const scheduler = latestScheduler(was)
    check(scheduler)
    const files = drafted(was)
    if (files.length === 0) {
      const rule = 'nothing waits to be deployed'
      throw invalid({ name: 'InstanceId', code: 'FailedOperation', rule, value: id })
    }
    for (const each of ['capacity', 'fair'] as const) checkQueues(latest(was, fileOf[each]), each)
    const masters = was.spec.groups.filter(({ role }) => role === 'master')
    return {
      configuration: deployed(was),
      restart: masters.flatMap(({ nodes }) => nodes.map((node) => node.id)),
      rolling: true,
      values: { after: scheduler, before: files.join(',') },
    }
  })
  return flow
}
