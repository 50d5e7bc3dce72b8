/**
 * The bytes of a request, gathered as they come: into one buffer, so that a body in millions of pieces costs no more than its bytes.
 * What the head announced is reserved when the body continues beyond its first bytes; the system gives memory for what is written.
 */
import type { Readable } from 'node:stream'
import { Fault } from '../domain/fault.ts'
import { limits } from '../limits.ts'

const FIRST_BYTES = 16 * 1024

/** Throws RequestTooLarge beyond the bound, RequestMalformed for a body that comes in crumbs or ends early. */
export async function readBody(stream: Readable, announced: number | undefined): Promise<Buffer> {
  if ((announced ?? 0) > limits.bodyBytes) throw tooLarge()
  let bytes: Buffer = Buffer.allocUnsafe(Math.min(announced ?? FIRST_BYTES, FIRST_BYTES))
  let length = 0
  let pieces = 0
  const take = (piece: Buffer): void => {
    const wanted = length + piece.length
    if (wanted > limits.bodyBytes) throw tooLarge()
    if (++pieces > limits.bodyPieces && wanted < pieces * limits.bodyPieceBytes)
      throw malformed('the body comes in too many pieces')
    if (wanted > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(wanted, announced ?? 2 * bytes.length))
      bytes.copy(larger, 0, 0, length)
      bytes = larger
    }
    piece.copy(bytes, length)
    length = wanted
  }
  await eachPiece(stream, take)
  if (announced !== undefined && length !== announced) throw malformed('the body is not whole')
  return bytes.subarray(0, length)
}

/** By events: awaiting each piece would cost a turn of the loop for each. */
function eachPiece(stream: Readable, take: (piece: Buffer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // Of one that broke off before anybody looked, no event tells.
  if (stream.destroyed) reject(malformed('the body is not whole'))
  const onData = (piece: Buffer): void => {
    try {
      take(piece)
    } catch (problem) {
      stream.off('data', onData)
      reject(problem)
    }
  }
  stream.on('data', onData)
  stream.once('end', resolve)
  stream.once('error', () => reject(malformed('the body is not whole')))
  return promise
}

function tooLarge(): Fault {
  return new Fault('RequestTooLarge', { limitBytes: limits.bodyBytes })
}

function malformed(detail: string): Fault {
  return new Fault('RequestMalformed', { detail })
}
