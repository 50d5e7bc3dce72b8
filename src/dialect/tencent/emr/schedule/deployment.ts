/** Deploying the drafts: the files of YARN's masters say what was drafted, and the ResourceManagers start again with them, one after the other. */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { isSameDaemon, type ChosenDaemon } from '../../../../domain/cluster/daemon.ts'
import { invalid } from '../refusal.ts'
import { daemonsOfCluster, daemonsOfNode } from '../service/placement.ts'
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

const MANAGER = { service: 'YARN', name: 'ResourceManager' }

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
    return {
      configuration: deployed(was),
      restart: { chosen: managersOf(was), daemons: daemonsOfCluster(was) },
      rolling: true,
      values: { after: scheduler, before: files.join(',') },
    }
  })
  return flow
}

function managersOf(cluster: Cluster): readonly ChosenDaemon[] {
  return cluster.spec.groups.flatMap((group) =>
    group.nodes.flatMap((node) =>
      daemonsOfNode(cluster, group, node)
        .filter((each) => isSameDaemon(each, MANAGER))
        .map(() => ({ node: node.id, ...MANAGER })),
    ),
  )
}
