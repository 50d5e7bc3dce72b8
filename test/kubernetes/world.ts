/** What tests of instances stand on: a real control plane, the definition of StarRocksCluster, a node agent and the operator's stand-in. */
import { join } from 'node:path'
import type { Ending } from '../support/process/clean-up.ts'
import { askerOf, type Ask } from './api.ts'
import { startControlPlane, type ControlPlane } from './control-plane.ts'
import { startKubelet, type Kubelet, type Runner } from './kubelet.ts'
import { startOperator } from './operator.ts'
import { defineStarrocks } from './starrocks-definition.ts'

export interface World extends ControlPlane {
  readonly ask: Ask
  readonly kubelet: Kubelet
}

/** `runnerOf`: what runs in pods; nothing without it. */
export async function startWorld(
  t: Ending,
  runnerOf?: (plane: ControlPlane) => Runner,
): Promise<World> {
  const plane = await startControlPlane(t, { controllers: true })
  await defineStarrocks(plane.client)
  const ask = askerOf(t, plane.access)
  const kubelet = startKubelet(t, {
    ask,
    directory: join(plane.directory, 'claims'),
    ...(runnerOf && { runner: runnerOf(plane) }),
  })
  startOperator(t, plane.client, ask)
  return { ...plane, ask, kubelet }
}
