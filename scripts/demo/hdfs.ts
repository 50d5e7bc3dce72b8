/** WebHDFS as any client of it speaks it: a NameNode names the DataNode, which takes or gives the bytes. */
import { request } from 'node:http'

export interface Hdfs {
  put(path: string, content: Uint8Array): Promise<void>
  get(path: string): Promise<Buffer>
  setReplication(path: string, copies: number): Promise<void>
}

export function hdfs(host: string, port = 9870): Hdfs {
  const url = (path: string, query: string) =>
    `http://${host}:${port}/webhdfs/v1${path}?user.name=hadoop&${query}`
  return {
    async put(path, content) {
      const { location } = await send('PUT', url(path, 'op=CREATE&overwrite=true'))
      await send('PUT', location, content)
    },
    async get(path) {
      const { location } = await send('GET', url(path, 'op=OPEN'))
      return (await send('GET', location)).body
    },
    async setReplication(path, copies) {
      await send('PUT', url(path, `op=SETREPLICATION&replication=${copies}`))
    },
  }
}

/** One that is being started may take a request and never answer it. */
const ANSWER_MS = 30_000

/** A DataNode says that it may continue, asked or not, which Node's own `fetch` takes for an answer. */
function send(method: string, address: string, content?: Uint8Array) {
  return new Promise<{ location: string; body: Buffer }>((resolve, reject) => {
    const signal = AbortSignal.timeout(ANSWER_MS)
    const sent = request(address, { method, agent: false, signal }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('error', reject)
      answer.on('end', () => {
        const body = Buffer.concat(pieces)
        const { statusCode = 0, headers } = answer
        if (statusCode < 400) resolve({ location: headers.location ?? '', body })
        else reject(new Error(`${method} ${address}: ${statusCode} ${body.toString('utf8')}`))
      })
    })
    sent.on('error', reject)
    sent.end(content)
  })
}
