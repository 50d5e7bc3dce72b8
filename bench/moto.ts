/** moto's server (PyPI `moto[server]`), which stands for EMR elsewhere: where Python has it, measured in the same rounds. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Moto {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

/** Undefined where it is not there. */
export async function startMoto(): Promise<Moto | undefined> {
  const probe = spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore' })
  if (probe.status !== 0) return undefined
  const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines = createInterface({ input: child.stderr })
  const exited = once(child, 'exit')
  const ready = Promise.withResolvers<number>()
  // Read on, so that its log never holds it up.
  lines.on('line', (line) => {
    const [, port] = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? []
    if (port !== undefined) ready.resolve(Number(port))
  })
  void exited.then(() => ready.reject(new Error("moto's server ended early")))
  return {
    port: await ready.promise,
    pid: child.pid!,
    async stop() {
      child.kill()
      await exited
    },
  }
}

/** It asks for no proof of who sends a request, but for where it goes. */
export function motoRequest(port: number, action: string, parameters: object): Uint8Array {
  const body = JSON.stringify(parameters)
  return Buffer.from(
    [
      'POST / HTTP/1.1',
      `host: 127.0.0.1:${port}`,
      'content-type: application/x-amz-json-1.1',
      `x-amz-target: ElasticMapReduce.${action}`,
      'authorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/elasticmapreduce/aws4_request, SignedHeaders=host, Signature=0',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
}

/** A cluster of three nodes, as that of `createBody`. */
export function motoCluster(n: number): object {
  return {
    Name: `bench-${n}`,
    ReleaseLabel: 'emr-6.15.0',
    Instances: {
      MasterInstanceType: 'm5.xlarge',
      SlaveInstanceType: 'm5.xlarge',
      InstanceCount: 3,
      KeepJobFlowAliveWhenNoSteps: true,
    },
    JobFlowRole: 'EMR_EC2_DefaultRole',
    ServiceRole: 'EMR_DefaultRole',
  }
}
