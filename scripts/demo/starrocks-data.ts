/** What a user does with a StarRocks instance once it runs: logs in by MySQL, makes a table, loads a file by Stream Load, and asks. */
import { request, type IncomingMessage } from 'node:http'
import { text as readAll } from 'node:stream/consumers'
import type { Endpoint } from '../../src/domain/cluster/status.ts'
import { resultWriter } from '../../src/cli/connect/result.ts'
import { openSession } from '../../src/cli/connect/session.ts'
import { ADMIN_PASSWORD } from './starrocks-instance.ts'

const USER = 'admin'

const TABLE = `create table shop.orders (
  day date, city varchar(20), item varchar(20), price decimal(10, 2), quantity int
) duplicate key (day) distributed by hash (day)`

const QUERY =
  'select city, count(*) as orders, sum(price * quantity) as revenue from shop.orders group by city order by revenue desc'

const CSV = `2026-03-01,Hangzhou,tea,12.50,4
2026-03-01,Guangzhou,dim sum,8.80,10
2026-03-02,Hangzhou,silk,199.00,1
2026-03-02,Chengdu,pepper,6.25,8
2026-03-03,Guangzhou,tea,11.90,3
2026-03-03,Chengdu,tea,12.00,5
2026-03-04,Hangzhou,tea,12.50,2
`

export interface Show {
  readonly line: (text: string) => void
  readonly dim: (text: string) => string
}

export async function useInstance(endpoints: readonly Endpoint[], show: Show): Promise<void> {
  const { host, port } = named(endpoints, 'mysql')
  const session = await openSession({ host, port, user: USER, password: ADMIN_PASSWORD })
  const silent = { fields() {}, row() {}, end() {} }
  try {
    await session.run('create database shop', silent)
    await session.run(TABLE, silent)
    show.line(`MySQL at ${host}:${port}: logged in as ${USER}, made the table shop.orders`)
    const front = named(endpoints, 'fe-http')
    const path = '/api/shop/orders/_stream_load'
    const rows = await streamLoad(`http://${front.host}:${front.port}${path}`)
    show.line(`Stream Load at ${front.host}:${front.port}: loaded a CSV file of ${rows} rows`)
    show.line('')
    show.line(show.dim(QUERY))
    const { line, dim } = show
    const writer = resultWriter({ form: 'table', width: undefined, vertical: false, line, dim })
    await session.run(QUERY, writer)
  } finally {
    session.close()
  }
}

function named(endpoints: readonly Endpoint[], name: string): Endpoint {
  const found = endpoints.find((endpoint) => endpoint.name === name)
  if (!found) throw new Error(`the instance tells no ${name} endpoint`)
  return found
}

/** As `curl --location-trusted -T` does it: the front end sends the load on to a back end, with the credentials. */
async function streamLoad(url: string): Promise<number> {
  const first = await put(url)
  const { statusCode, headers } = first
  const answer = statusCode === 307 ? await put(headers.location ?? '') : first
  const text = await readAll(answer)
  const { Status, Message, NumberLoadedRows } = JSON.parse(text) as Record<string, unknown>
  if (Status !== 'Success') throw new Error(`the load failed: ${String(Message)}`)
  return Number(NumberLoadedRows)
}

function put(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'PUT',
      agent: false,
      auth: `${USER}:${ADMIN_PASSWORD}`,
      headers: {
        expect: '100-continue',
        column_separator: ',',
        'content-length': Buffer.byteLength(CSV),
      },
    })
    sent.on('continue', () => sent.end(CSV))
    sent.on('response', (response) => {
      if (response.statusCode === 307) response.resume()
      resolve(response)
    })
    sent.on('error', reject)
    sent.flushHeaders()
  })
}
