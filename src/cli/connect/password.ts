/** Asks for a password on the terminal and shows nothing of it. */
import { CommandProblem } from '../problem.ts'

const ENTER = /[\r\n]/
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
  let typed = ''
  const done = () => {
    input.setRawMode(false)
    input.pause()
    input.off('data', take)
    output.write('\n')
  }
  const take = (piece: Buffer) => {
    for (const sign of piece.toString('utf8')) {
      if (ENTER.test(sign)) {
        done()
        return resolve(typed)
      }
      if (sign === INTERRUPT || sign === END) {
        done()
        return reject(new CommandProblem('no password was given'))
      }
      typed = ERASE.test(sign) ? [...typed].slice(0, -1).join('') : typed + sign
    }
  }
  input.setRawMode(true)
  input.on('data', take)
  input.resume()
  return promise
}
