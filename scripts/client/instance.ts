/** A StarRocks instance on this machine, created and released by an official client, for as long as a client works with it. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Endpoint } from '../../src/domain/cluster/status.ts'
import type { Server } from '../../src/server/server.ts'
import { endpointsOf } from '../demo/endpoint.ts'
import { ADMIN_PASSWORD, starrocksInstance } from '../demo/starrocks-instance.ts'

/** What a client needs to reach the instance, as its environment. */
export interface InstanceEnvironment {
  readonly EMRYS_SQL_HOST: string
  readonly EMRYS_SQL_PORT: string
  readonly EMRYS_HTTP_PORT: string
  readonly EMRYS_SQL_USER: string
  readonly EMRYS_SQL_PASSWORD: string
}

export const BUCKET = 'lake'

/** What a client of object storage needs to reach the objects that the instance reaches, as its environment. */
export async function bucketEnvironment({
  objectStorage,
}: Pick<Server, 'objectStorage'>): Promise<Readonly<Record<string, string>>> {
  const found = await objectStorage.access('starrocks')
  if (!found) throw new Error('the server has no object storage')
  return {
    AWS_ENDPOINT_URL: found.endpoint,
    AWS_REGION: found.region,
    AWS_ACCESS_KEY_ID: found.keyId,
    AWS_SECRET_ACCESS_KEY: found.secret,
    AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
    EMRYS_BUCKET: BUCKET,
  }
}

/** It answers within about a second; a machine that is busy with other things takes longer. */
const TIMEOUT_MS = 60_000
const LOOK_MS = 50

interface InstanceServer extends Pick<Server, 'port'> {
  /** Where an instance of it answers. */
  endpointsOf(id: string): Promise<readonly Endpoint[]>
}

export const serverHere = (server: Pick<Server, 'port' | 'store'>): InstanceServer => ({
  port: server.port,
  endpointsOf: (id) => endpointsOf(server, id),
})

/** The instance is released also when `work` fails. */
export async function withInstance<T>(
  server: InstanceServer,
  work: (environment: InstanceEnvironment) => Promise<T>,
): Promise<T> {
  const act = starrocksInstance(server.port)
  const id = await act.create()
  const until = async (phase: string): Promise<void> => {
    const endMs = performance.now() + TIMEOUT_MS
    for (;;) {
      const { phase: seen, said } = await act.look()
      if (seen === phase) return
      if (seen === 'failed' || performance.now() > endMs)
        throw new Error(`the instance is ${said}, not ${phase}`)
      await pause(LOOK_MS)
    }
  }
  try {
    await until('running')
    const endpoints = await server.endpointsOf(id)
    const named = (name: string) => {
      const endpoint = endpoints.find((each) => each.name === name)
      if (!endpoint) throw new Error(`the instance has no endpoint ${name}`)
      return endpoint
    }
    const { host, port } = named('mysql')
    return await work({
      EMRYS_SQL_HOST: host,
      EMRYS_SQL_PORT: String(port),
      EMRYS_HTTP_PORT: String(named('fe-http').port),
      EMRYS_SQL_USER: 'admin',
      EMRYS_SQL_PASSWORD: ADMIN_PASSWORD,
    })
  } finally {
    await act.release()
    await until('gone')
  }
}
