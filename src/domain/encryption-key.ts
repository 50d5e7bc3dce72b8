/**
 * A key that wraps other keys. What it wraps can be opened while it is enabled; `deleted` is for ever: its material is gone,
 * and whatever was encrypted with it is too.
 */
import { Fault } from './fault.ts'

/** The name under which a cluster's secrets hold its wrapped data key. */
export const DATA_KEY = 'dataKey'

export const keyStates = ['enabled', 'disabled', 'deleted'] as const
export type KeyState = (typeof keyStates)[number]

/** Which key: ids of keys are unique within a region of an account. */
export interface KeyReference {
  readonly account: string
  readonly region: string
  readonly id: string
}

export interface EncryptionKey {
  /** The reference as one text, unique among all accounts. */
  readonly id: string
  readonly account: string
  readonly region: string
  /** What clients call it. */
  readonly name: string
  readonly state: KeyState
  readonly description: string
  /** `made` by the server's administrator, or `adopted` when it was first used. */
  readonly origin: 'made' | 'adopted'
  readonly createdMs: number
  /** Sealed; empty once it is deleted. */
  readonly material: string
  /** What it had before it was rotated, sealed: it opens what was being wrapped at that moment, and nothing new is wrapped with it. */
  readonly former?: string
}

export function keyDocumentId({ account, region, id }: KeyReference): string {
  return `${account}/${region}/${id}`
}

/** Throws ResourceMissing or ResourceUnfit unless the key can be used. */
export function assertUsable(id: string, state: KeyState | undefined): void {
  const what = 'encryption-key'
  if (state === undefined || state === 'deleted') throw new Fault('ResourceMissing', { what, id })
  if (state === 'disabled')
    throw new Fault('ResourceUnfit', { what, id, problem: 'it is disabled' })
}

/** Why a cluster cannot have its data key, for those who look at the cluster; `lost`: only another state of the key helps. */
export function keyLoss(
  fault: Fault,
  id: string,
): { readonly reason: string; readonly lost: boolean } {
  const key = `the encryption key ${id}`
  const lost = fault.code === 'ResourceMissing' || fault.code === 'ResourceUnfit'
  if (!lost) return { lost, reason: `the key service does not open ${key}` }
  const problem =
    'problem' in fault.facts ? `cannot be used: ${fault.facts.problem}` : 'does not exist any more'
  return { lost, reason: `${key} ${problem}` }
}
