/** What is waited for, in words: which daemon of which node, where that is known, and never a start while something stops. Pure. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { DaemonState, DaemonStatus } from '../../domain/cluster/daemon.ts'
import { nodesOf } from '../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import type { Script } from '../../domain/script.ts'
import type { Seen, SeenNode } from '../../substrate/port.ts'
import { gapOf, nodesSeen } from './gap.ts'
import type { Step, Wait } from './step.ts'

export type Execution = Extract<Step, { do: 'apply' | 'drain' | 'run' | 'remove' }>

type Waiting = Pick<Wait, 'reason' | 'during'>

/** What is waited for once a step was executed and changes nothing any more. */
export function waitAfter(step: Execution, cluster: Cluster, seen: Seen): Waiting {
  switch (step.do) {
    case 'remove':
      return { reason: 'stopping' }
    case 'drain':
      return waitForDrain(step.nodes.length)
    case 'run':
      return waitForScript(step.script)
    case 'apply':
      return step.wait ?? { reason: afterApply(step.spec, cluster, seen) }
  }
}

export function waitForDrain(nodes: number): Waiting {
  return { reason: `waiting for ${nodeCount(nodes)} to be drained`, during: 'drain' }
}

export function waitForScript({ name }: Script): Waiting {
  return { reason: `waiting for the script ${name}` }
}

/** The daemon that is not up, where one is known, and of how much: `2 of 3 nodes`. */
export function waitForStart(share: string, spec: ClusterSpec, nodes: readonly SeenNode[]): string {
  const awaited = awaitedDaemon(spec, nodes)
  return awaited === undefined ? `waiting for ${share}` : `waiting for ${awaited} (${share})`
}

/** The one that keeps nodes from serving; undefined where none is known, as while all were begun together and none is further than another. */
export function awaitedDaemon(spec: ClusterSpec, nodes: readonly SeenNode[]): string | undefined {
  const [first, ...others] = nodes.flatMap(({ daemons = [] }) => daemons)
  const isLikeFirst = ({ state, sinceMs: since }: DaemonStatus) =>
    state === first?.state && since === first.sinceMs
  if (first?.state === 'starting' && others.length > 0 && others.every(isLikeFirst))
    return undefined
  const found = findDaemon(nodes, ['failed', 'starting'])
  return found && daemonText(spec, found)
}

/** One that runs, or is stopped, is where it is for another reason than what was applied to it. */
function afterApply(wanted: ClusterSpec, { status, spec }: Cluster, seen: Seen): string {
  const { state, reason } = status
  if (state !== 'creating' && state !== 'resuming' && state !== 'changing') return reason
  const nodes = nodesSeen(seen)
  const stopping = findDaemon(nodes, ['stopping'])
  if (stopping) return `waiting for ${daemonText(spec, stopping)} to stop`
  const { missing, different, pending, extra } = gapOf(wanted, seen)
  if (missing.length + different.length + pending.length === 0 && extra.length > 0)
    return `waiting for ${nodeCount(extra.length)} to stop`
  const awaited = awaitedDaemon(spec, nodes)
  return awaited === undefined ? 'starting' : `waiting for ${awaited}`
}

interface Found {
  readonly node: string
  readonly daemon: DaemonStatus
}

/** In the first of these states that any has, the one that was started first: what was not started yet waits for others itself. */
function findDaemon(nodes: readonly SeenNode[], states: readonly DaemonState[]): Found | undefined {
  const all = nodes.flatMap(({ id, daemons = [] }) =>
    daemons.map((daemon) => ({ node: id, daemon })),
  )
  for (const state of states) {
    const [first] = all
      .filter(({ daemon }) => daemon.state === state)
      .toSorted((one, other) => sinceMs(one) - sinceMs(other))
    if (first) return first
  }
  return undefined
}

const sinceMs = ({ daemon }: Found): number => daemon.sinceMs ?? Number.MAX_SAFE_INTEGER

function daemonText({ groups }: ClusterSpec, { node, daemon: { service, name } }: Found): string {
  const shown = nodesOf(groups).find(({ id }) => id === node)?.name ?? node
  return `${service} ${name} on ${shown}`
}

const nodeCount = (count: number): string => (count === 1 ? '1 node' : `${count} nodes`)
