/**
 * Each kind of change of a small cluster, with what it makes of the cluster: for tests that let calls fail meanwhile. A group `a`
 * of one node and a group `b` of one node with 4 cores is what they begin and end with, when they are carried out in their order.
 */
import { changeCluster, type ChangeStarted } from '../../src/app/cluster/change.ts'
import type { NodesToAdd, NodesToRemove } from '../../src/app/cluster/scale.ts'
import { newAccess } from '../../src/domain/cluster/access.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { NodeSize } from '../../src/domain/cluster/node-group.ts'
import {
  highestNodes,
  withAccess,
  withConfiguration,
  type ClusterSpec,
} from '../../src/domain/cluster/spec.ts'
import type { ChangeVerb } from '../../src/domain/operation.ts'
import { nodesSeen } from '../../src/reconcile/cluster/gap.ts'
import type { Seen } from '../../src/substrate/port.ts'
import { changingCall as call, reservationsOf, termsOf } from '../support/fixture/changing-world.ts'
import { clusterOf, type FailingCore } from '../support/fixture/failing-core.ts'
import { sampleGroup, sampleNode } from '../support/fixture/sample.ts'

/** One request, under the token of its number. */
export interface Request {
  readonly core: FailingCore
  readonly id: string
  readonly number: number
}

export interface ChangeCase {
  readonly name: string
  readonly verb: ChangeVerb
  /** As a client sends it, who sends the same when it is not answered. */
  readonly request: (it: Request) => Promise<ChangeStarted>
  /** How many nodes `b` has more or less, and how many cores each of them has; without them, what it had. */
  readonly nodes?: number
  readonly cpu?: number
  /** How many groups there are more or less. */
  readonly groups?: number
  /** The first part of its new version; without it, it keeps its version. */
  readonly version?: string
  /** Whether it comes with an order. */
  readonly bought: boolean
  /** How often the process of a node that stays is restarted, in `a` and in `b`. */
  readonly starts: { readonly a: number; readonly b: number }
  /** Makes it go back, while it holds of what is seen. */
  readonly problem?: (seen: Seen) => boolean
}

function scaled(nodes: (was: Cluster, number: number) => NodesToAdd | NodesToRemove) {
  return ({ core, id, number }: Request) =>
    core.app.scale(call, id, {
      key: keyOf(number),
      terms: termsOf(core.clock.now(), `o-${number}`),
      nodes: (was) => nodes(was, number),
    })
}

function resized(cpu: number, direction: 'up' | 'down') {
  return ({ core, id, number }: Request) =>
    core.app.resize(call, id, {
      key: keyOf(number),
      aspect: 'compute',
      rolling: true,
      resize: () => ({
        scope: { of: 'group', group: `${id}-b` },
        direction,
        size: (was: NodeSize) => ({ ...was, cpu }),
      }),
      terms: termsOf(core.clock.now(), `o-${number}`),
    })
}

function groupAdded({ core, id, number }: Request) {
  return core.app.addGroup(call, id, {
    key: keyOf(number),
    kind: 'add-group',
    group: () => ({ ...sampleGroup(`${id}-c`, 1), subnet: 's-1' }),
    terms: termsOf(core.clock.now(), `o-${number}`),
  })
}

function groupRemoved({ core, id, number }: Request) {
  return core.app.removeGroup(call, id, {
    key: keyOf(number),
    group: `${id}-c`,
    require: () => undefined,
    terms: termsOf(core.clock.now(), `o-${number}`),
  })
}

/** No action of a dialect configures yet. */
function configured({ core, id, number }: Request) {
  const properties = { number: String(number) }
  const file = { service: 'x', version: '1', file: 'x.conf', properties }
  return changeCluster(core.parts, {
    call,
    id,
    key: keyOf(number),
    propose: ({ spec }) => ({
      action: { kind: 'configure' },
      scope: { of: 'cluster' },
      spec: withConfiguration(spec, [file]),
    }),
  })
}

/** Of `b` when it serves in `a`. */
const upgraded =
  (major: string) =>
  ({ core, id, number }: Request) =>
    core.app.upgrade(call, id, {
      rolling: true,
      target: () => ({ version: `${major}.${number}`, last: [`${id}-b`] }),
    })

/** A gateway of the number. */
function withGateway({ core, id, number }: Request) {
  const access = newAccess({ id: `g-${number}`, name: 'default', balanced: true })
  return changeCluster(core.parts, {
    call,
    id,
    key: keyOf(number),
    propose: ({ spec }) => ({
      action: { kind: 'access', aspect: 'gateway' },
      scope: { of: 'cluster' },
      spec: withAccess(spec, access),
    }),
  })
}

function keyOf(number: number) {
  return { token: `t-${number}`, parameters: { number } }
}

const scaleOut: ChangeCase = {
  name: 'more nodes',
  verb: 'scale-out',
  request: scaled(({ id }, number) => {
    const group = `${id}-b`
    const node = { ...sampleNode(group, number), id: `${group}-${number}` }
    return { add: [{ group, nodes: [node] }] }
  }),
  nodes: 1,
  bought: true,
  starts: { a: 0, b: 0 },
}

const resizeUp: ChangeCase = {
  name: 'more cores',
  verb: 'resize-up',
  request: resized(8, 'up'),
  cpu: 8,
  bought: true,
  starts: { a: 0, b: 1 },
}

const scaleIn: ChangeCase = {
  name: 'fewer nodes',
  verb: 'scale-in',
  request: scaled(({ spec }) => ({ remove: highestNodes(spec.groups[1]!, 1) })),
  nodes: -1,
  bought: true,
  starts: { a: 0, b: 0 },
}

const addGroup: ChangeCase = {
  name: 'one more group',
  verb: 'add-group',
  request: groupAdded,
  groups: 1,
  bought: true,
  starts: { a: 0, b: 0 },
}

/** For a cluster with two nodes in `b`: whatever can be under way when it is released. */
export const interruptedCases: readonly ChangeCase[] = [scaleOut, scaleIn, resizeUp, addGroup]

/** Those that cost something, and then go back to what they were. */
const boughtCases: readonly ChangeCase[] = [
  scaleOut,
  resizeUp,
  scaleIn,
  { ...resizeUp, name: 'fewer cores', verb: 'resize-down', request: resized(4, 'down'), cpu: 4 },
  {
    ...scaleOut,
    name: 'a node that is refused',
    nodes: 0,
    problem: (seen) => nodesSeen(seen).length > 2,
  },
  {
    ...resizeUp,
    name: 'cores that are refused',
    cpu: 4,
    starts: { a: 0, b: 2 },
    problem: (seen) => nodesSeen(seen).some(({ runs }) => runs?.cpu === 8),
  },
  addGroup,
  { ...addGroup, name: 'one group less', verb: 'remove-group', request: groupRemoved, groups: -1 },
  {
    ...addGroup,
    name: 'a group that is refused',
    groups: 0,
    problem: (seen) => nodesSeen(seen).length > 2,
  },
]

export const casesOf: { readonly [charge in Cluster['charge']['mode']]: readonly ChangeCase[] } = {
  prepaid: boughtCases,
  postpaid: [
    ...boughtCases,
    {
      name: 'a restart',
      verb: 'restart',
      request: ({ core, id }) =>
        core.app.restart(call, id, { scope: { of: 'cluster' }, rolling: true }),
      bought: false,
      starts: { a: 1, b: 1 },
    },
    {
      name: 'a new password',
      verb: 'set-password',
      request: ({ core, id, number }) =>
        core.app.setPassword(call, id, { secret: 'password', password: `Secret-${number}` }),
      bought: false,
      starts: { a: 0, b: 0 },
    },
    {
      name: 'another zone',
      verb: 'switch-zone',
      async request({ core, id }) {
        const { spec } = await clusterOf(core, id)
        const zone = spec.network.zone === 'z' ? 'z-2' : 'z'
        const terms = (_was: Cluster, next: ClusterSpec) => ({ reservations: reservationsOf(next) })
        return core.app.switchZone(call, id, { zone, terms })
      },
      bought: false,
      starts: { a: 1, b: 1 },
    },
    {
      name: 'a configuration',
      verb: 'configure',
      request: configured,
      bought: false,
      starts: { a: 1, b: 1 },
    },
    {
      name: 'a version',
      verb: 'upgrade',
      request: upgraded('2'),
      version: '2',
      bought: false,
      starts: { a: 1, b: 1 },
    },
    {
      name: 'a version that is refused',
      verb: 'upgrade',
      request: upgraded('3'),
      bought: false,
      starts: { a: 2, b: 0 },
      problem: (seen) => nodesSeen(seen).some(({ runs }) => runs?.version.startsWith('3.')),
    },
    {
      name: 'a gateway',
      verb: 'change-gateway',
      request: withGateway,
      bought: false,
      starts: { a: 0, b: 0 },
    },
    {
      name: 'a gateway that is refused',
      verb: 'change-gateway',
      request: withGateway,
      bought: false,
      starts: { a: 0, b: 0 },
      problem: (seen) => !seen.answering,
    },
  ],
}
