/**
 * A client that creates, renames and deletes at random and writes down what it was answered, so that a test can hold a server to
 * it after the server was killed. What was requested but never answered may have happened or not; all else must be exactly so.
 */
import type { Client } from './client.ts'
import { instanceBody, hadoopBody } from './body.ts'

export interface Promised {
  readonly dialect: 'alibaba' | 'tencent'
  readonly token: string
  /** Set once its creation was acknowledged. */
  id?: string
  /** The names it may have: one when the last rename was acknowledged, more while one is in doubt. */
  names: Set<string>
  deletion: 'none' | 'requested' | 'acknowledged'
}

export interface RandomClient {
  readonly ledger: readonly Promised[]
  /** Acts until the connection breaks. Rejects only when an answer is a refusal. */
  run(client: Client): Promise<void>
}

export function randomClient(name: string, fraction: () => number): RandomClient {
  const ledger: Promised[] = []
  let made = 0
  const pick = (): Promised | undefined => {
    const fit = ledger.filter((each) => each.id !== undefined && each.deletion === 'none')
    return fit[Math.floor(fraction() * fit.length)]
  }
  const act = async (client: Client): Promise<void> => {
    const dice = fraction()
    const target = dice < 0.6 ? undefined : pick()
    if (!target)
      return create(client, ledger, {
        name: `${name}-${made}`,
        dialect: made++ % 2 === 0 ? 'alibaba' : 'tencent',
      })
    if (dice < 0.8 && target.dialect === 'alibaba')
      return rename(client, target, `${name}-renamed-${made++}`)
    return remove(client, target)
  }
  return {
    ledger,
    async run(client) {
      for (;;) {
        try {
          await act(client)
        } catch (problem) {
          if (problem instanceof Refused) throw problem
          return // The connection broke: the server was killed.
        }
      }
    },
  }
}

/** Creates under the entry's token; repeating it answers with the same id. */
export async function createPromised(client: Client, it: Promised): Promise<string> {
  const [name = ''] = it.names
  if (it.dialect === 'tencent') {
    const answer = await client.tencent('CreateInstance', hadoopBody(name, it.token))
    if (answer['Error']) throw new Refused(answer)
    return String(answer['InstanceId'])
  }
  const { status, body } = await client.alibaba('/webapi/cluster/createV1', {
    body: instanceBody(name, it.token),
  })
  if (status !== 200) throw new Refused(body)
  return String((body['Data'] as Record<string, unknown>)['InstanceId'])
}

async function create(
  client: Client,
  ledger: Promised[],
  it: { name: string; dialect: Promised['dialect'] },
): Promise<void> {
  const entry: Promised = {
    dialect: it.dialect,
    token: `token-${it.name}`,
    names: new Set([it.name]),
    deletion: 'none',
  }
  ledger.push(entry)
  entry.id = await createPromised(client, entry)
}

async function rename(client: Client, it: Promised, name: string): Promise<void> {
  const before = it.names
  it.names = new Set([...before, name])
  const query = { InstanceId: it.id ?? '', ClusterName: name }
  const { status, body } = await client.alibaba('/webapi/cluster/update_name', { query })
  if (status === 200) it.names = new Set([name])
  else if (isBusy(body['Code'])) it.names = before
  else throw new Refused(body)
}

async function remove(client: Client, it: Promised): Promise<void> {
  it.deletion = 'requested'
  const code = it.dialect === 'tencent' ? await terminate(client, it) : await release(client, it)
  it.deletion = code === undefined ? 'acknowledged' : 'none'
}

/** The refusal's code when the cluster is not ready to go yet; undefined when it goes. */
async function terminate(client: Client, it: Promised): Promise<string | undefined> {
  const answer = await client.tencent('TerminateInstance', { InstanceId: it.id })
  const code = (answer['Error'] as { Code: string } | undefined)?.Code
  if (code !== undefined && !isBusy(code)) throw new Refused(answer)
  return code
}

async function release(client: Client, it: Promised): Promise<string | undefined> {
  const { status, body } = await client.alibaba('/webapi/cluster/release', {
    query: { InstanceId: it.id ?? '' },
  })
  if (status === 200) return undefined
  if (!isBusy(body['Code'])) throw new Refused(body)
  return String(body['Code'])
}

/** Both vendors refuse changes of a cluster that is still on its way; that is an answer like any other. */
function isBusy(code: unknown): boolean {
  return code === 'ResourceInUse.InstanceInProcess' || code === 'OperationDenied.InstanceStatus'
}

class Refused extends Error {
  constructor(answer: unknown) {
    super(`refused: ${JSON.stringify(answer)}`)
    this.name = 'Refused'
  }
}
