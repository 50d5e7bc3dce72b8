/**
 * Node's `http`, by its own object. An `import` of it reads every property that it has, `WebSocket` among them, and so loads all
 * of Node's fetch: 40 ms of processor time and megabytes of memory in each process that only wants a server.
 */
import type { IncomingMessage } from 'node:http'

export const { Agent, createServer, get, request } = process.getBuiltinModule('node:http')

export type { IncomingMessage }

/** The whole of an answer as text. Throws when it is longer than so many characters; `from` says then whose it was. */
export async function answerText(
  answer: IncomingMessage,
  { most, from }: { readonly most: number; readonly from: string },
): Promise<string> {
  answer.setEncoding('utf8')
  let text = ''
  for await (const piece of answer) {
    text += String(piece)
    if (text.length > most) throw new Error(`${from} answers at too great length`)
  }
  return text
}
