/** What one cluster is to its clients, as a sequential object: created under a token, renamed, tagged, released, and looked at. */
import type { Model } from './linearizability.ts'

export type ClusterAction =
  | { readonly does: 'create'; readonly name: string; readonly id?: string }
  | { readonly does: 'rename'; readonly name: string; readonly refused?: boolean }
  | {
      readonly does: 'tag'
      readonly tag: string
      readonly value: string
      readonly refused?: boolean
    }
  | { readonly does: 'release'; readonly refused?: boolean }
  | { readonly does: 'describe'; readonly found: Description | undefined }

/** As it is shown while it is there. */
export interface Description {
  readonly phase: 'creating' | 'running' | 'deleting'
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
}

export interface ClusterView {
  readonly phase: Description['phase'] | 'absent' | 'deleted'
  readonly id: string
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
}

export const clusterModel: Model<ClusterView, ClusterAction> = {
  initial: { phase: 'absent', id: '', name: '', tags: {} },
  key: keyOf,
  next(before, action, known) {
    // Whatever it does by itself, it may have done at any time: it becomes ready, and what was released goes.
    return [before, settled(before)]
      .filter((state) => state !== undefined)
      .flatMap((state) => (known ? [outcome(state, action)] : [state, effect(state, action)]))
      .filter((state) => state !== undefined)
  },
}

function settled(state: ClusterView): ClusterView | undefined {
  if (state.phase === 'creating') return { ...state, phase: 'running' }
  if (state.phase === 'deleting') return { ...state, phase: 'deleted' }
  return undefined
}

/** The state after it, where it can have come out as it did. */
function outcome(state: ClusterView, action: ClusterAction): ClusterView | undefined {
  const after = effect(state, action)
  switch (action.does) {
    case 'create':
      return after && after.id === action.id ? after : undefined
    case 'describe':
      return isSeen(state, action.found) ? state : undefined
    case 'rename':
    case 'tag':
    case 'release':
      if (action.refused !== true) return after
      return after ? undefined : state
    default:
      return action satisfies never
  }
}

/** The state after it, where it is done and not refused. */
function effect(state: ClusterView, action: ClusterAction): ClusterView | undefined {
  if (action.does === 'create')
    return state.phase === 'absent' ? createdAs(state, action) : againAs(state, action)
  if (action.does === 'describe') return state
  if (state.phase !== 'creating' && state.phase !== 'running') return undefined
  if (action.does === 'rename') return { ...state, name: action.name }
  if (action.does === 'release') return { ...state, phase: 'deleting' }
  return { ...state, tags: { ...state.tags, [action.tag]: action.value } }
}

type Creation = Extract<ClusterAction, { readonly does: 'create' }>

/** Of one that was never answered the id is whatever a later answer says. */
function createdAs(state: ClusterView, { name, id = '' }: Creation): ClusterView {
  return { ...state, phase: 'creating', id, name }
}

/** Its token was there already: it is answered as before. */
function againAs(state: ClusterView, { id = '' }: Creation): ClusterView {
  return state.id === '' ? { ...state, id } : state
}

function isSeen(state: ClusterView, found: Description | undefined): boolean {
  if (state.phase === 'absent' || state.phase === 'deleted') return found === undefined
  return found !== undefined && keyOf({ ...state, ...found }) === keyOf(state)
}

function keyOf({ phase, id, name, tags }: ClusterView): string {
  const sorted = Object.entries(tags).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([phase, id, name, sorted])
}
