/**
 * The states of a cluster. Two tables: the lifecycle says which change of state is legal, `stateTraits` says what is true of a
 * cluster while it is in a state. Every list of states in the program derives from the second one, so that a new state is
 * asked for everything at once, by the compiler.
 */
import { lifecycle } from '../lifecycle.ts'

export type ClusterState =
  | 'unpaid'
  | 'creating'
  | 'running'
  | 'changing'
  | 'impaired'
  | 'failed'
  | 'suspended'
  | 'resuming'
  | 'isolated'
  | 'deleting'
  | 'deleted'

export type ClusterEvent =
  | 'pay'
  | 'created'
  | 'fail'
  | 'change'
  | 'changed'
  | 'impair'
  | 'recover'
  | 'suspend'
  | 'resume'
  | 'resumed'
  | 'isolate'
  | 'restore'
  | 'release'
  | 'deleted'

export const clusterLifecycle = lifecycle<ClusterState, ClusterEvent>('cluster', {
  unpaid: { pay: 'creating', release: 'deleting' },
  creating: { created: 'running', fail: 'failed', release: 'deleting' },
  running: {
    change: 'changing',
    impair: 'impaired',
    suspend: 'suspended',
    isolate: 'isolated',
    release: 'deleting',
  },
  changing: { changed: 'running', impair: 'impaired', release: 'deleting' },
  // Its engine does not answer as it should, and is being started again.
  impaired: {
    recover: 'running',
    suspend: 'suspended',
    isolate: 'isolated',
    release: 'deleting',
  },
  failed: { release: 'deleting' },
  suspended: { resume: 'resuming', isolate: 'isolated', release: 'deleting' },
  resuming: { resumed: 'running', release: 'deleting' },
  isolated: { restore: 'resuming', release: 'deleting' },
  deleting: { deleted: 'deleted' },
  deleted: {},
})

export interface StateTraits {
  /** The reconciler has nothing to do; an unsettled cluster without a work item is found by the sweep. */
  readonly settled: boolean
  /** Pay as you go is charged for, and a subscription is renewed or stopped at its end. */
  readonly billed: boolean
  /** Its nodes are stopped, and it can be paid for again. */
  readonly stopped: boolean
  /** Can be stopped now; another billed state has to end first. */
  readonly stoppable: boolean
  /** Whether its owner may rename, tag or move it. */
  readonly modifiable: boolean
  /** Whether its owner finds it in listings. */
  readonly visible: boolean
  /** Something is under way or to be waited for: another change is refused. */
  readonly busy: boolean
  /** The event that ends it when what is wanted is there. */
  readonly arrival?: ClusterEvent
}

const traits = {
  settled: true,
  billed: false,
  stopped: false,
  stoppable: false,
  modifiable: true,
  visible: true,
  busy: true,
} as const

export const stateTraits: { readonly [state in ClusterState]: StateTraits } = {
  unpaid: traits,
  creating: { ...traits, settled: false, billed: true, arrival: 'created' },
  running: { ...traits, billed: true, stoppable: true, busy: false },
  changing: { ...traits, settled: false, billed: true, arrival: 'changed' },
  impaired: { ...traits, settled: false, billed: true, stoppable: true, arrival: 'recover' },
  failed: { ...traits, busy: false },
  suspended: { ...traits, stopped: true, busy: false },
  resuming: { ...traits, settled: false, billed: true, arrival: 'resumed' },
  isolated: { ...traits, stopped: true, busy: false },
  deleting: { ...traits, settled: false, modifiable: false, arrival: 'deleted' },
  deleted: { ...traits, modifiable: false, visible: false },
}

/** The states of which `holds` is true. */
export function statesWhere(holds: (traits: StateTraits) => boolean): readonly ClusterState[] {
  return clusterLifecycle.states.filter((state) => holds(stateTraits[state]))
}
