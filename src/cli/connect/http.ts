/** One request to a server of SQL by HTTP. Answers may be as long as results are, and are read piece by piece. */
import { once } from 'node:events'
import { request, type IncomingMessage } from '../../kernel/http.ts'
import { CommandProblem } from '../problem.ts'

export interface HttpAsked {
  readonly host: string
  readonly port: number
  readonly path: string
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Throws CommandProblem where nobody answers. */
export async function answerOf(asked: HttpAsked): Promise<IncomingMessage> {
  const { host, port, path, method = 'GET', headers = {}, body = '' } = asked
  const length = { 'content-length': Buffer.byteLength(body) }
  const sent = request({ host, port, path, method, headers: { ...headers, ...length } })
  sent.end(body)
  try {
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    answer.setEncoding('utf8')
    return answer
  } catch (problem) {
    const { code, message } = problem as NodeJS.ErrnoException
    const cause = { cause: problem }
    throw new CommandProblem(`nothing answers at ${host}:${port} (${code ?? message})`, cause)
  }
}

/** Its lines, the last one too if it has no end. */
export async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of answer) {
    const lines = `${rest}${String(piece)}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
