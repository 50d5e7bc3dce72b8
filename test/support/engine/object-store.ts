/**
 * A real server of the S3 protocol on loopback, for tests that read and write objects: S3Proxy as `emrys engines fetch s3proxy` brings
 * it. A bucket is a folder of `directory`. Where the file or a Java of 17 or newer is not there, tests are skipped and say so.
 */
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cleanUp } from '../process/clean-up.ts'
import type { Ending } from '../process/clean-up.ts'
import {
  clearUnfinished,
  UNFINISHED_UMASK,
} from '../../../src/substrate/local/unfinished-object.ts'
import { temporaryDirectory } from '../process/directory.ts'
import { cachedModule, skipWithout } from './module.ts'

export interface ObjectStoreServer {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string
  readonly region: string
  readonly keyId: string
  readonly secret: string
  /** Its buckets are folders of it. */
  readonly directory: string
  /** `kill -9`; another one may be started on its directory when this resolves. */
  kill(): Promise<void>
}

const PART = 's3proxy'
const JAVA_MIN = 17

/** For the option of a test. */
export function skipWithoutObjectStore(): string | false {
  const lacks = skipWithout(PART)
  if (lacks !== false || javaVersion() >= JAVA_MIN) return lacks
  const how = `a test of object storage needs Java ${JAVA_MIN} or newer on the path`
  if (process.env['CI']) throw new Error(how)
  process.stderr.write(`SKIPPED: ${how}\n`)
  return how
}

/** 0 where there is none. */
function javaVersion(): number {
  try {
    // Printed on the error output by all of them; the name of the property is the same for all.
    const said = execFileSync('/bin/sh', ['-c', 'java -XshowSettings:properties -version 2>&1'])
    return Number(/java\.specification\.version = (\d+)/.exec(said.toString())?.[1] ?? 0)
  } catch {
    return 0
  }
}

const KEY_ID = 'test-key-id'
const SECRET = 'test-key-secret'

/** Starts one with these buckets, new ones or those that another one had; it ends with the test. */
export async function objectStoreServer(
  t: Ending,
  buckets: readonly string[],
  directory: string = temporaryDirectory(t),
): Promise<ObjectStoreServer> {
  const jar = cachedModule(PART)
  if (jar === undefined) throw new Error(`${PART} is not there`)
  for (const bucket of buckets) mkdirSync(join(directory, bucket), { recursive: true })
  // Java opens no socket as a file, which is what Node's pipes are: the shell makes a real one. Nothing of the keys is on the disk.
  await clearUnfinished({ buckets: directory, aside: temporaryDirectory(t) })
  // One compiler of Java's two: a start takes half the processor time.
  const java = `java -Xmx192m -XX:TieredStopAtLevel=1 -jar '${jar}'`
  const start = `${UNFINISHED_UMASK}; cat | exec ${java} --properties /dev/stdin`
  const child = spawn('/bin/sh', ['-c', start], {
    cwd: directory,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const ended = once(child, 'exit')
  const kill = async () => {
    const runs = child.exitCode === null && child.signalCode === null
    if (runs && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  cleanUp(t, kill)
  child.stdin.end(
    [
      's3proxy.endpoint=http://127.0.0.1:0',
      's3proxy.authorization=aws-v2-or-v4',
      `s3proxy.identity=${KEY_ID}`,
      `s3proxy.credential=${SECRET}`,
      'jclouds.provider=filesystem-nio2',
      `jclouds.filesystem.basedir=${directory}`,
    ].join('\n'),
  )
  const port = await portOf(child)
  const endpoint = `http://127.0.0.1:${port}`
  return { endpoint, region: 'us-east-1', keyId: KEY_ID, secret: SECRET, directory, kill }
}

/** As it says when it listens. A loaded machine may take long to start it. */
async function portOf({ stdout, stderr }: ChildProcessWithoutNullStreams): Promise<number> {
  let said = ''
  stderr.setEncoding('utf8').on('data', (piece: string) => (said += piece))
  for await (const piece of stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += String(piece)
    const [, port] = /Started ServerConnector.*\{127\.0\.0\.1:(\d+)\}/.exec(said) ?? []
    if (port === undefined) continue
    // It keeps talking.
    stdout.resume()
    return Number(port)
  }
  throw new Error(`the object store ended: ${said}`)
}
