/** Asks for a password on the terminal and shows nothing of it. What was typed ahead stays in the terminal's stream. */
import { StringDecoder } from 'node:string_decoder'
import { CommandProblem } from '../problem.ts'

const CARRIAGE_RETURN = 13
const LINE_FEED = 10
const INTERRUPT = '\u0003'
const END = '\u0004'
const ERASE = /[\u007f\b]/

/** Throws CommandProblem when there is no terminal to ask on, or when the user gives up. */
export function askPassword(
  question: string,
  input = process.stdin,
  output = process.stderr,
): Promise<string> {
  if (!input.isTTY)
    throw new CommandProblem(
      'a password is needed: put it into EMRYS_PASSWORD, or run the command on a terminal to be asked',
    )
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  output.write(question)
  const decoder = new StringDecoder('utf8')
  let typed = ''
  const done = () => {
    input.setRawMode(false)
    input.pause()
    input.off('data', take)
    output.write('\n')
  }
  const take = (piece: Buffer) => {
    const end = piece.findIndex((byte) => byte === CARRIAGE_RETURN || byte === LINE_FEED)
    for (const sign of decoder.write(end < 0 ? piece : piece.subarray(0, end))) {
      if (sign === INTERRUPT || sign === END) {
        done()
        return reject(new CommandProblem('no password was given'))
      }
      typed = ERASE.test(sign) ? [...typed].slice(0, -1).join('') : typed + sign
    }
    if (end < 0) return
    done()
    const pair = piece[end] === CARRIAGE_RETURN && piece[end + 1] === LINE_FEED
    const ahead = piece.subarray(end + (pair ? 2 : 1))
    if (ahead.length > 0) input.unshift(ahead)
    resolve(typed)
  }
  input.setRawMode(true)
  input.on('data', take)
  input.resume()
  return promise
}
