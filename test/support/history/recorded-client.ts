/** A client that creates, renames, tags, releases and looks at clusters which others act on too, and records when it asked and was answered. */
import { setTimeout as pause } from 'node:timers/promises'
import { instanceBody } from '../http/body.ts'
import type { Answer, Client } from '../http/client.ts'
import type { ClusterAction, Description } from './cluster-model.ts'
import type { Operation } from './linearizability.ts'

/** A cluster by its token. */
export interface Recorded {
  readonly token: string
  id?: string
  readonly history: Operation<ClusterAction>[]
}

export interface RecordedClientOptions {
  /** No other client has it. */
  readonly name: string
  readonly fraction: () => number
  readonly clusters: readonly Recorded[]
  /** A moment: each call is later than all before, over all clients. */
  readonly moment: () => number
}

const LOOKS = 0.4
const RENAMES = 0.65
const TAGS = 0.9
const CREATES = 0.96
const TAG_KEYS = 3
/** Nothing was sent. */
const UNSENT = 'ECONNREFUSED'
const UNSENT_PAUSE_MS = 50

export interface RecordedClient {
  /** One action, with whoever answers now. */
  act(connection: Client): Promise<void>
}

export function recordedClient(options: RecordedClientOptions): RecordedClient {
  const { name, fraction, clusters, moment } = options
  let made = 0
  return {
    async act(connection) {
      const cluster = clusters[Math.floor(fraction() * clusters.length)]!
      const action = actionAtRandom(cluster, fraction, `${name}-${made++}`)
      const calledAt = moment()
      try {
        const answered = await ask(connection, cluster, action)
        if (answered) cluster.history.push({ action: answered, calledAt, returnedAt: moment() })
        else record(cluster, action, calledAt)
      } catch (problem) {
        if ((problem as { code?: string }).code === UNSENT) await pause(UNSENT_PAUSE_MS)
        else record(cluster, action, calledAt)
      }
    },
  }
}

/** One that was never answered. Looking changes nothing. */
function record(cluster: Recorded, action: ClusterAction, calledAt: number): void {
  if (action.does !== 'describe') cluster.history.push({ action, calledAt, returnedAt: Infinity })
}

function actionAtRandom(it: Recorded, fraction: () => number, unique: string): ClusterAction {
  const dice = it.id === undefined ? 1 : fraction()
  if (dice < LOOKS) return { does: 'describe', found: undefined }
  if (dice < RENAMES) return { does: 'rename', name: unique }
  if (dice < TAGS)
    return { does: 'tag', tag: `k${Math.floor(fraction() * TAG_KEYS)}`, value: unique }
  if (dice < CREATES || it.id === undefined) return { does: 'create', name: it.token }
  return { does: 'release' }
}

/** The action with its outcome; undefined when the answer leaves it open. */
async function ask(
  connection: Client,
  cluster: Recorded,
  action: ClusterAction,
): Promise<ClusterAction | undefined> {
  const { status, body } = await send(connection, cluster, action)
  if (status >= 500) return undefined
  if (action.does === 'create') {
    if (status !== 200) throw new Error(`a creation was refused: ${JSON.stringify(body)}`)
    const id = String((body['Data'] as Record<string, unknown>)['InstanceId'])
    cluster.id ??= id
    return { ...action, id }
  }
  if (action.does !== 'describe') return { ...action, refused: status !== 200 }
  if (status !== 200) throw new Error(`a look was refused: ${JSON.stringify(body)}`)
  const [found] = body['Data'] as readonly Instance[]
  return { ...action, found: found && descriptionOf(found) }
}

interface Instance {
  readonly InstanceStatus: string
  readonly InstanceName: string
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[]
}

function descriptionOf({ InstanceStatus, InstanceName, Tags }: Instance): Description {
  return {
    phase: InstanceStatus as Description['phase'],
    name: InstanceName,
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
  }
}

function send(
  connection: Client,
  { id = '', token }: Recorded,
  action: ClusterAction,
): Promise<Answer> {
  const region = { RegionId: 'cn-hangzhou' }
  switch (action.does) {
    case 'create':
      return connection.alibaba('/webapi/cluster/createV1', {
        body: instanceBody(action.name, token),
      })
    case 'rename': {
      const query = { InstanceId: id, ClusterName: action.name }
      return connection.alibaba('/webapi/cluster/update_name', { query })
    }
    case 'tag': {
      const Tag = [{ Key: action.tag, Value: action.value }]
      const body = { ...region, ResourceId: [id], ResourceType: 'instance', Tag }
      return connection.alibaba('/webapi/tags', { body })
    }
    case 'release':
      return connection.alibaba('/webapi/cluster/release', { query: { InstanceId: id } })
    case 'describe':
      return connection.alibaba('/webapi/starrocks/describeInstances', {
        query: { ...region, InstanceId: id },
      })
    default:
      return action satisfies never
  }
}
