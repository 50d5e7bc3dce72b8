/** Trino's coordinator, on the first master: it takes statements, plans them, and has the workers carry them out. */
import type { Daemon, DaemonPlan, Probe } from '../../../src/substrate/local/service.ts'
import { activeNodes, forgetNodes } from './active.ts'
import { catalogPreparation } from './catalog.ts'
import { figuresOf } from './figure.ts'
import {
  addressOf,
  announcedWorkers,
  CONFIG_FILE,
  COORDINATOR,
  nodeFiles,
  nodeProgram,
  startingProbe,
  WORKER,
} from './node.ts'

export const coordinator: Daemon = {
  name: COORDINATOR,
  process: 'PrestoSqlCoordinator',
  runsOn: ({ role, place }) => role === 'master' && place === 0,
  ports: [8080],
  after: ['hive-metastore', 'hdfs-namenode'],
  needs: [WORKER],
  // The samples alone take 300 MiB of it, once somebody reads them.
  heapMib: 640,
  heapShare: 0.25,
  residentMib: 860,
  files: (plan) => nodeFiles(plan, { coordinator: true }),
  prepare: catalogPreparation,
  program: nodeProgram,
  probe,
  figures: figuresOf,
  endpoints: ({ ports: [port = 0] }) => [{ name: 'trino', port }],
}

async function probe(plan: DaemonPlan): Promise<Probe> {
  const address = addressOf(plan)
  const probed = await look(plan).catch((problem: unknown) => {
    forgetNodes(address)
    throw problem
  })
  if (!probed.answering) forgetNodes(address)
  return probed
}

/** It works when it answers a statement; without a worker it answers none. */
async function look(plan: DaemonPlan): Promise<Probe> {
  const address = addressOf(plan)
  const starting = await startingProbe(address)
  if (starting) return starting
  const workers = await announcedWorkers(address)
  const alone = plan.settings[CONFIG_FILE]?.['node-scheduler.include-coordinator'] === 'true'
  if (workers.size === 0 && !alone)
    return { answering: false, waiting: true, reason: 'no worker is there' }
  try {
    await activeNodes(address)
    return { answering: true }
  } catch (problem) {
    const reason = `it does not answer a statement: ${(problem as Error).message}`
    return { answering: false, waiting: true, reason }
  }
}
