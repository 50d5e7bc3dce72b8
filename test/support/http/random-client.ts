/**
 * A client that creates, changes, renames and deletes at random and writes down what it was promised, so that a test can hold a
 * server to it after the server was killed.
 */
import type { Client } from './client.ts'
import {
  createExpected,
  isBusy,
  newExpectedCluster,
  Refused,
  type ExpectedCluster,
} from './expected-cluster.ts'
import { changeAtRandom } from './random-change.ts'

export interface RandomClient {
  /** What it took over, and what it created. */
  readonly ledger: readonly ExpectedCluster[]
  /** Acts until the connection breaks; `onAnswer` is called after each. Rejects only when an answer is a refusal. */
  run(client: Client, onAnswer: () => void): Promise<void>
}

export interface RandomClientOptions {
  /** No other client has it. */
  readonly name: string
  readonly fraction: () => number
  /** Clusters of earlier clients of which nothing is in doubt; no other client acts on them meanwhile. */
  readonly takesOver?: readonly ExpectedCluster[]
}

const CREATES = 0.25
const CHANGES = 0.85
const RENAMES = 0.93

export function randomClient({ name, fraction, takesOver }: RandomClientOptions): RandomClient {
  const ledger: ExpectedCluster[] = [...(takesOver ?? [])]
  let made = 0
  const pick = (): ExpectedCluster | undefined => {
    const fit = ledger.filter((each) => each.id !== undefined && each.deletion === 'none')
    return fit[Math.floor(fraction() * fit.length)]
  }
  const act = async (client: Client): Promise<void> => {
    const dice = fraction()
    const target = dice < CREATES ? undefined : pick()
    const unique = `${name}-${made}`
    made++
    if (!target) {
      const entry = newExpectedCluster(unique, made % 2 === 0 ? 'alibaba' : 'tencent')
      ledger.push(entry)
      entry.id = await createExpected(client, entry)
      return
    }
    if (dice < CHANGES) return changeAtRandom(client, target, { fraction, token: unique })
    if (dice < RENAMES && target.dialect === 'alibaba')
      return rename(client, target, `${unique}-renamed`)
    return remove(client, target)
  }
  return {
    ledger,
    async run(client, onAnswer) {
      for (;;) {
        try {
          await act(client)
          onAnswer()
        } catch (problem) {
          if (problem instanceof Refused) throw problem
          return // The connection broke: the server was killed.
        }
      }
    },
  }
}

/** Whether everything that was asked of it was answered, so that another client may continue with it. */
export function isCertain({ id, names, deletion, doubt }: ExpectedCluster): boolean {
  return id !== undefined && names.size === 1 && deletion === 'none' && doubt === undefined
}

async function rename(client: Client, it: ExpectedCluster, name: string): Promise<void> {
  const before = it.names
  it.names = new Set([...before, name])
  const query = { InstanceId: it.id ?? '', ClusterName: name }
  const { status, body } = await client.alibaba('/webapi/cluster/update_name', { query })
  if (status === 200) it.names = new Set([name])
  else if (isBusy(body['Code'])) it.names = before
  else throw new Refused(body)
}

async function remove(client: Client, it: ExpectedCluster): Promise<void> {
  it.deletion = 'requested'
  const code = it.dialect === 'tencent' ? await terminate(client, it) : await release(client, it)
  it.deletion = code === undefined ? 'acknowledged' : 'none'
}

/** The refusal's code when the cluster is not ready to go yet; undefined when it goes. */
async function terminate(client: Client, it: ExpectedCluster): Promise<string | undefined> {
  const answer = await client.tencent('TerminateInstance', { InstanceId: it.id })
  const code = (answer['Error'] as { Code: string } | undefined)?.Code
  if (code !== undefined && !isBusy(code)) throw new Refused(answer)
  return code
}

async function release(client: Client, it: ExpectedCluster): Promise<string | undefined> {
  const { status, body } = await client.alibaba('/webapi/cluster/release', {
    query: { InstanceId: it.id ?? '' },
  })
  if (status === 200) return undefined
  if (!isBusy(body['Code'])) throw new Refused(body)
  return String(body['Code'])
}
