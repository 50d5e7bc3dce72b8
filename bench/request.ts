/** Signed requests as whole HTTP texts, made before the clock starts. */
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../src/gateway/development.ts'
import { hadoopBody } from '../test/support/http/body.ts'
import { signTc3 } from '../test/support/http/sign.ts'

/** A small Hadoop cluster as the official clients send it, under a token of its own. */
export function createBody(n: number): object {
  return hadoopBody(`bench-${n}`, `bench-${process.pid}-${n}`)
}

export interface Key {
  readonly keyId: string
  readonly secret: string
}

const developmentKey: Key = { keyId: DEVELOPMENT_KEY_ID, secret: DEVELOPMENT_SECRET }

export function wireRequest(
  port: number,
  action: string,
  parameters: object,
  key: Key = developmentKey,
): Uint8Array {
  const body = JSON.stringify(parameters)
  const { headers } = signTc3({
    host: `127.0.0.1:${port}`,
    ...key,
    timestamp: Math.floor(Date.now() / 1000),
    action,
    region: 'ap-guangzhou',
    body,
  })
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(
    `POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
