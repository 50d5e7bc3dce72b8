/** What carries the clusters of one family on Kubernetes, by the operator of its product. Every verb is idempotent, and keeps nothing. */
import type { UnmetRequirement, Prospect } from '../../domain/cluster/capability.ts'
import type { Capabilities, Seen, Wanted } from '../port.ts'
import type { ResourceType } from './resource.ts'

export interface Carrier {
  readonly family: string
  /** What people call it, and what runs it. */
  readonly title: string
  readonly operator: string
  readonly capabilities: Capabilities
  /** The custom resources that its operator brings: without them nothing of the family can be made. */
  readonly types: readonly ResourceType[]
  /** What its settings lack for any cluster of the family, in a sentence; absent where they lack nothing. */
  readonly remark?: string | undefined
  /** What cannot be carried out of what is asked for. */
  unmet(prospect: Prospect): UnmetRequirement | undefined
  observe(id: string): Promise<Seen>
  apply(wanted: Wanted): Promise<void>
  /** Begins to make nodes safe to lose; absent where none are ever lost. */
  drain?(wanted: Wanted, nodes: readonly string[]): Promise<void>
  remove(id: string): Promise<void>
  /** Does what is due beside telling the operator. Whether it has to be called again. */
  converge(id: string): Promise<boolean>
}
