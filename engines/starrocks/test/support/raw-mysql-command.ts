/** Commands and whole answers over the raw client: the payloads of COM_STMT_, and packets up to the end of a list. */
import { errorOf } from './raw-mysql-client.ts'
import type { RawClient, RawPacket } from './raw-mysql-client.ts'

export function isOk(packet: RawPacket | undefined): boolean {
  return packet?.payload[0] === 0x00
}

/** All packets up to the last of `ends` EOFs. */
export async function answerOf(client: RawClient, payload: Buffer, ends = 1): Promise<RawPacket[]> {
  client.send(0, payload)
  return readAnswer(client, ends)
}

export async function readAnswer(client: RawClient, ends: number): Promise<RawPacket[]> {
  const packets: RawPacket[] = []
  for (let seen = 0; seen < ends;) {
    const packet = await client.read()
    if (!packet) throw new Error('closed')
    packets.push(packet)
    if (packet.payload[0] === 0xff) errorOf(packet)
    if (packet.payload[0] === 0xfe && packet.payload.length < 9) seen++
  }
  return packets
}

/** Reads away what follows: parameters and columns with their EOFs. */
export async function prepare(client: RawClient, text: string): Promise<number> {
  const first = await client.ask(Buffer.from(`\x16${text}`))
  const payload = first?.payload ?? Buffer.alloc(12)
  const lists = [payload.readUInt16LE(7), payload.readUInt16LE(5)].filter((count) => count > 0)
  await readAnswer(client, lists.length)
  return payload.readUInt32LE(1)
}

export function withId(code: number, id: number): Buffer {
  const payload = Buffer.alloc(5)
  payload[0] = code
  payload.writeUInt32LE(id, 1)
  return payload
}

export function execute(id: number, head: string, values: string, cursor = 0): Buffer {
  return Buffer.concat([
    withId(0x17, id),
    Buffer.from([cursor, 1, 0, 0, 0]),
    Buffer.from(head + values, 'hex'),
  ])
}

export function longData(id: number, parameter: number, text: string): Buffer {
  return Buffer.concat([withId(0x18, id), Buffer.from([parameter, 0]), Buffer.from(text)])
}
