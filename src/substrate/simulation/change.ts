/**
 * Brings a simulated cluster to what is wanted, node by node: only a node that is new, or differs from its template, changes
 * its phase; what is there already stays the same object. Pure but for the addresses that new nodes take.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Node, NodeGroup } from '../../domain/cluster/node-group.ts'
import { accessDigest } from '../../domain/cluster/access.ts'
import { daemonsOf, type WantedDaemon } from '../../domain/cluster/daemon.ts'
import { templateOf, type NodeTemplate } from '../../domain/cluster/spec.ts'
import type { Wanted } from '../port.ts'
import { begun, differsInDaemons, turned } from './daemon.ts'
import type { World } from './world.ts'
import type {
  WorldAccess,
  WorldCluster,
  WorldGroup,
  WorldNode,
  WorldPhase,
} from './world-cluster.ts'

type Addresses = Pick<World, 'nextAddress'>

/** The cluster on its way to what is wanted; the same object when it is there. Nodes that are not safe to lose stay. */
export function applied(
  was: WorldCluster,
  wanted: Wanted,
  { addresses, nowMs }: { readonly addresses: Addresses; readonly nowMs: number },
): WorldCluster {
  const { spec } = wanted
  const held = (nodes: readonly WorldNode[], kept: readonly Node[]) =>
    wanted.graceOver ? [] : heldNodes(nodes, kept)
  const known = new Map(was.groups.map((group) => [group.id, group]))
  const present = spec.groups.map((group) => {
    const before = known.get(group.id)?.nodes ?? []
    const wantedNodes = group.nodes.map((node) => {
      const found =
        before.find(({ id }) => id === node.id) ?? newNode(group, node, { addresses, nowMs })
      const template = templateOf(spec, group, node)
      return wantedNode(moved(found, node), {
        template,
        daemons: daemonsOf(spec, group, node),
        running: spec.running,
        hold: wanted.hold,
        nowMs,
      })
    })
    return { id: group.id, nodes: [...wantedNodes, ...held(before, group.nodes)] }
  })
  const ids = new Set(spec.groups.map(({ id }) => id))
  const others = was.groups
    .filter(({ id }) => !ids.has(id))
    .map((group) => ({ id: group.id, nodes: held(group.nodes, []) }))
    .filter(({ nodes }) => nodes.length > 0)
  const groups = [...present, ...others]
  const count = spec.groups.reduce((sum, group) => sum + group.nodes.length, 0)
  const whole = nodesIn(groups).length === count
  const generation = whole ? spec.generation : was.generation
  const access = accessOf(was, wanted, nowMs)
  if (generation === was.generation && access === was.access && isSame(groups, was.groups))
    return was
  return { ...was, generation, groups, ...(access && { access }), ...runsOf(was, groups) }
}

/** A new cluster, and one of before there was any, has its access with its nodes. */
function accessOf(
  { access: was, generation }: WorldCluster,
  { spec }: Wanted,
  nowMs: number,
): WorldAccess | undefined {
  const digest = accessDigest(spec.access)
  if (digest === (was?.digest ?? '')) return was
  return { digest, opening: generation > 0, sinceMs: nowMs, looks: 0 }
}

/** The cluster with these nodes on their way to be safe to lose; the same object when they all are. */
export function drained(was: WorldCluster, nodes: readonly string[], nowMs: number): WorldCluster {
  const chosen = new Set(nodes)
  const due = ({ id, phase }: WorldNode) =>
    chosen.has(id) && phase !== 'draining' && phase !== 'drained'
  if (!nodesIn(was.groups).some(due)) return was
  const groups = was.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map((node) => (due(node) ? inPhase(node, 'draining', nowMs) : node)),
  }))
  return { ...was, groups }
}

/** A node that was given another address stands under it from now on. */
function moved(was: WorldNode, { address = was.address }: Node): WorldNode {
  return address === was.address ? was : { ...was, address }
}

interface NodeTarget {
  readonly template: NodeTemplate
  readonly daemons: readonly WantedDaemon[] | undefined
  readonly running: boolean
  readonly hold: boolean | undefined
  readonly nowMs: number
}

function wantedNode(was: WorldNode, target: NodeTarget): WorldNode {
  const { template, daemons, running, hold, nowMs } = target
  switch (was.phase) {
    case 'stopping':
    case 'stopped':
    case 'allocating':
    case 'prepared':
      if (running) return hold ? was : started(was, target)
      return was.phase === 'stopped' ? was : inPhase(was, 'stopping', nowMs)
    case 'draining':
    case 'drained':
      // Its process continued all the time.
      return wantedNode(inPhase(was, 'serving', nowMs), target)
    case 'starting':
    case 'serving':
      if (!running) return inPhase(was, 'stopping', nowMs)
      if (was.template === undefined) return { ...was, template }
      if (hold || (!was.turn && isDeepStrictEqual(was.template, template))) return was
      if (was.phase === 'serving' && daemons && differsInDaemons(was.template, template))
        return turned(was, { template, daemons, nowMs })
      return started(was, target)
  }
}

/** One that is stopping keeps stopping: its time has begun. */
function inPhase(node: WorldNode, phase: WorldPhase, nowMs: number): WorldNode {
  return node.phase === phase ? node : { ...node, phase, sinceMs: nowMs, looks: 0 }
}

function started({ turn: _over, ...node }: WorldNode, target: NodeTarget): WorldNode {
  const { template, daemons, nowMs } = target
  const starts = node.starts + 1
  const own = daemons && { daemons: begun(daemons, nowMs) }
  return { ...node, phase: 'starting', template, ...own, starts, sinceMs: nowMs, looks: 0 }
}

function newNode(
  group: NodeGroup,
  node: Node,
  { addresses, nowMs }: { readonly addresses: Addresses; readonly nowMs: number },
): WorldNode {
  const exposed = group.exposed === true
  return {
    id: node.id,
    index: node.index,
    address: node.address ?? nextAddress(addresses),
    ...(exposed ? { publicAddress: node.publicAddress ?? nextPublicAddress(addresses) } : {}),
    phase: 'allocating',
    starts: 0,
    sinceMs: nowMs,
    looks: 0,
  }
}

/** Those that are not wanted and not safe to lose yet. */
function heldNodes(before: readonly WorldNode[], wanted: readonly Node[]): readonly WorldNode[] {
  const ids = new Set(wanted.map(({ id }) => id))
  return before.filter(({ id, phase }) => !ids.has(id) && !SAFE_TO_LOSE.has(phase))
}

/** Nodes whose engine was never started hold nothing. */
const SAFE_TO_LOSE: ReadonlySet<WorldPhase> = new Set(['drained', 'allocating', 'prepared'])

function isSame(now: readonly WorldGroup[], before: readonly WorldGroup[]): boolean {
  const sameNodes = (one: WorldGroup, other: WorldGroup | undefined) =>
    one.id === other?.id &&
    one.nodes.length === other.nodes.length &&
    one.nodes.every((node, at) => node === other.nodes[at])
  return now.length === before.length && now.every((group, at) => sameNodes(group, before[at]))
}

/** A node that is gone takes the record of its scripts with it. */
function runsOf({ runs }: WorldCluster, groups: readonly WorldGroup[]): Pick<WorldCluster, 'runs'> {
  if (!runs) return {}
  const there = new Set(nodesIn(groups).map(({ id }) => id))
  return { runs: runs.filter(({ node }) => there.has(node)) }
}

function nodesIn(groups: readonly WorldGroup[]): readonly WorldNode[] {
  return groups.flatMap(({ nodes }) => nodes)
}

/** Simulated nodes without a reserved address get one of 10.0.0.0/8, in order, never the same twice. */
function nextAddress(addresses: Addresses): string {
  const number = addresses.nextAddress() % 0xffffff
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
}

/** Public addresses come from 198.18.0.0/15, which is set aside for tests and routed nowhere. They return after 131,072. */
function nextPublicAddress(addresses: Addresses): string {
  const number = addresses.nextAddress() & 0x1ffff
  return `198.${18 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`
}
