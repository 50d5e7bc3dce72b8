/** Where partitions go whose brokers are to leave. Pure. */
import type { KafkaMetadata, Partition, Reassignment } from './protocol.ts'

export interface Knowledge {
  readonly metadata: KafkaMetadata
  /** Those under way; asked for before the metadata, which are never older then. */
  readonly reassignments: readonly Reassignment[]
}

export interface Leaving extends Knowledge {
  /** Ids of the brokers that are to leave, and of those that are not, served by now or not. */
  readonly leaving: ReadonlySet<number>
  readonly staying: ReadonlySet<number>
}

export interface Move extends Partition {
  /** It would have fewer copies than before, as there are no more brokers: Kafka refuses that, if it is true. */
  readonly short: boolean
}

/**
 * Every partition that shall not stay as it is, with the replicas that it is to have; those already on their way are left out. What a
 * broker knows of them may be old: one whose move has just ended seems to have replicas of both ends, and so more than it is to have.
 */
export function movesOf(it: Leaving): readonly Move[] {
  const wanted = wantedPartitions(it)
  const serving = it.metadata.brokers.filter((id) => it.staying.has(id))
  const counts = new Map(serving.map((id) => [id, 0]))
  const add = (id: number) => counts.has(id) && counts.set(id, (counts.get(id) ?? 0) + 1)
  for (const { replicas } of wanted) for (const id of replicas) add(id)
  const moves: Move[] = []
  for (const partition of wanted) {
    if (!partition.replicas.some((id) => it.leaving.has(id))) continue
    const taken = new Set(partition.replicas)
    const replicas = partition.replicas.flatMap((id) => {
      if (!it.leaving.has(id)) return id
      const [least] = serving
        .filter((each) => !taken.has(each))
        .toSorted((one, other) => (counts.get(one) ?? 0) - (counts.get(other) ?? 0))
      if (least === undefined) return []
      taken.add(least)
      add(least)
      return least
    })
    const short = replicas.length < partition.replicas.length
    // Those that do not serve now may take it later.
    const isForNow = [...it.staying].some((id) => !taken.has(id))
    if (replicas.length > 0 && !(short && isForNow)) moves.push({ ...partition, replicas, short })
  }
  return moves
}

/** Why the brokers cannot leave, in a sentence, by what was refused for its number of copies; undefined when nothing keeps them. */
export function unmetBrokers(refused: readonly Move[], { staying }: Leaving): string | undefined {
  const large = refused.find(({ short }) => short)
  if (!large) return undefined
  return `${staying.size} brokers cannot keep all copies of the topic ${large.topic}`
}

/** The most brokers that a partition has a copy on, once what is under way is done: meanwhile one has those of both ends. */
export function mostCopies(it: Knowledge): number {
  return wantedPartitions(it).reduce((most, { replicas }) => Math.max(most, replicas.length), 0)
}

/** As they will be when what is under way is done. */
function wantedPartitions({ metadata, reassignments }: Knowledge): readonly Partition[] {
  const moving = new Map(reassignments.map((each) => [keyOf(each), each]))
  return metadata.partitions.map((partition) => {
    const own = moving.get(keyOf(partition))
    if (!own) return partition
    return { ...partition, replicas: own.replicas.filter((id) => !own.removing.includes(id)) }
  })
}

function keyOf({ topic, number }: Partition): string {
  return `${number} ${topic}`
}
