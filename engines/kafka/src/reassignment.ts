/** Where partitions go whose brokers are to leave. Pure. */
import type { KafkaMetadata, Partition, Reassignment } from './protocol.ts'

export interface Leaving {
  readonly metadata: KafkaMetadata
  /** Those under way. */
  readonly reassignments: readonly Reassignment[]
  /** Ids of the brokers that are to leave, and of those that are not, served by now or not. */
  readonly leaving: ReadonlySet<number>
  readonly staying: ReadonlySet<number>
}

/** Every partition that shall not stay as it is, with the replicas that it is to have; those already on their way are left out. */
export function movesOf(it: Leaving): readonly Partition[] {
  const wanted = wantedPartitions(it)
  const stay = it.metadata.brokers.filter((id) => it.staying.has(id))
  const counts = new Map(stay.map((id) => [id, 0]))
  const add = (id: number) => counts.has(id) && counts.set(id, (counts.get(id) ?? 0) + 1)
  for (const { replicas } of wanted) for (const id of replicas) add(id)
  const moves: Partition[] = []
  for (const partition of wanted) {
    if (!partition.replicas.some((id) => it.leaving.has(id))) continue
    const taken = new Set(partition.replicas)
    const replicas = partition.replicas.map((id) => {
      if (!it.leaving.has(id)) return id
      const [least] = stay
        .filter((each) => !taken.has(each))
        .toSorted((one, other) => (counts.get(one) ?? 0) - (counts.get(other) ?? 0))
      // It stays where it is, for want of another one.
      if (least === undefined) return id
      taken.add(least)
      add(least)
      return least
    })
    if (replicas.every((id) => !it.leaving.has(id))) moves.push({ ...partition, replicas })
  }
  return moves
}

/** Why the brokers cannot leave, in a sentence; undefined when nothing keeps them. */
export function lackOfBrokers(it: Leaving): string | undefined {
  const stay = it.staying.size
  const large = wantedPartitions(it).find(
    ({ replicas }) => replicas.length > stay && replicas.some((id) => it.leaving.has(id)),
  )
  if (!large) return undefined
  return `${stay} brokers cannot keep the ${large.replicas.length} copies of the topic ${large.topic}`
}

/** The most brokers that a partition has a copy on. */
export function mostCopies({ partitions }: KafkaMetadata): number {
  return partitions.reduce((most, { replicas }) => Math.max(most, replicas.length), 0)
}

/** As they will be when what is under way is done. */
function wantedPartitions({ metadata, reassignments }: Leaving): readonly Partition[] {
  const keyOf = ({ topic, number }: Partition) => `${number} ${topic}`
  const moving = new Map(reassignments.map((each) => [keyOf(each), each]))
  return metadata.partitions.map((partition) => {
    const own = moving.get(keyOf(partition))
    if (!own) return partition
    return { ...partition, replicas: own.replicas.filter((id) => !own.removing.includes(id)) }
  })
}
