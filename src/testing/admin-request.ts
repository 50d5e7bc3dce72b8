/** Asks the admin pages of a server of a suite. */
import { request } from 'node:http'
import type { Admin } from './testing.ts'

export function adminPages(url: string, token: string): Admin {
  const send = async (method: string, page: string, members?: object): Promise<unknown> => {
    const body = members === undefined ? undefined : JSON.stringify(members)
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const { status, type, text } = await exchange(
      new URL(`_emrys/${page}`, `${url}/`),
      { method, headers },
      body,
    )
    const answer = type.includes('json') ? (JSON.parse(text) as unknown) : text
    if (status < 400) return answer
    const said = (answer as { readonly error?: unknown }).error
    throw new Error(
      `${method} /_emrys/${page}: ${typeof said === 'string' ? said : `status ${status}`}`,
    )
  }
  return { get: (page) => send('GET', page), send }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

function exchange(
  url: URL,
  head: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
  body: string | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...head, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          text,
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
