/** Trino's workers, on core and task nodes: they carry out what the coordinator plans, and keep nothing but what they are at. */
import { propertiesText } from '../../../src/kernel/properties.ts'
import type { Daemon, DaemonPlan, Probe } from '../../../src/substrate/local/service.ts'
import { activeNodes } from './active.ts'
import { catalogPreparation } from './catalog.ts'
import { figuresOf } from './figure.ts'
import {
  addressOf,
  announcedWorkers,
  COORDINATOR,
  coordinatorsOf,
  nodeFiles,
  nodeProgram,
  startingProbe,
  WORKER,
} from './node.ts'
import { findText, getJson } from './rest.ts'

const ACCESS_FILE = 'access-control.properties'
const STATE = '/v1/info/state'

export const worker: Daemon = {
  name: WORKER,
  process: 'PrestoSqlWorker',
  runsOn: ({ role }) => role === 'core' || role === 'task',
  ports: [8080],
  after: ['hive-metastore', 'hdfs-namenode'],
  needs: [COORDINATOR],
  heapMib: 640,
  heapShare: 0.3,
  residentMib: 860,
  files: (plan) => ({
    ...nodeFiles(plan, {
      coordinator: false,
      'access-control.config-files': `${plan.directory}/${ACCESS_FILE}`,
    }),
    // Otherwise nobody may drain it. Statements are let in by the coordinator.
    [ACCESS_FILE]: propertiesText({ 'access-control.name': 'allow-all' }),
  }),
  prepare: catalogPreparation,
  program: nodeProgram,
  probe,
  drain,
  // It has nothing to lose but what it works on.
  drained: async (_, runs) => !runs,
  figures: figuresOf,
}

/** It works when the coordinator gives it work. */
async function probe(plan: DaemonPlan): Promise<Probe> {
  const address = addressOf(plan)
  const starting = await startingProbe(address)
  if (starting) return starting
  const state = await getJson(address, STATE)
  if (isLeaving(plan)) return { answering: true, drained: state === 'DRAINED' }
  // It was to go, and is not any more: it takes up work again once it is started again.
  if (state !== 'ACTIVE') return { answering: false, reason: `it is ${String(state)}` }
  const [coordinator] = coordinatorsOf(plan)
  const waiting = { answering: false, waiting: true }
  if (!coordinator) return { ...waiting, reason: 'there is no coordinator' }
  try {
    // It says that it is there as soon as it is, and a coordinator answers nothing while it has no worker.
    if (!(await announcedWorkers(coordinator)).has(plan.node))
      return { ...waiting, reason: 'the coordinator does not know it' }
    if ((await activeNodes(coordinator, plan.node)).has(plan.node)) return { answering: true }
    return { ...waiting, reason: 'the coordinator gives it no work yet' }
  } catch (problem) {
    return { ...waiting, reason: `the coordinator does not answer: ${(problem as Error).message}` }
  }
}

function isLeaving({ node, peers }: DaemonPlan): boolean {
  return peers.some((peer) => peer.daemon === WORKER && peer.node === node && peer.leaving)
}

/** What it is at it does to its end, and nothing new is given to it. */
async function drain(plan: DaemonPlan): Promise<undefined> {
  const address = addressOf(plan)
  if ((await getJson(address, STATE)) !== 'ACTIVE') return
  await findText(address, STATE, { method: 'PUT', body: '"DRAINING"' })
}
