/** A request of the administration as text to copy; the token is read from its file, and not in it. */
import { shellWord } from '../code/literal.ts'
import { ShellText } from './shell-text.tsx'

export interface AdministrationRequest {
  readonly method: string
  readonly page: string
  readonly body?: object | undefined
}

export function AdministrationCode(props: { readonly requests: readonly AdministrationRequest[] }) {
  return <ShellText label="curl" text={props.requests.map(curlOf).join('\n\n')} />
}

/** `DATA_DIR` is the server's data directory, which pages do not know. */
function curlOf({ method, page, body }: AdministrationRequest): string {
  const words = [
    `curl -X ${method} ${shellWord(`${window.location.origin}/_emrys/${page}`)}`,
    '-H "Authorization: Bearer $(cat "$DATA_DIR/admin-token")"',
    ...(body
      ? ["-H 'Content-Type: application/json'", `-d ${shellWord(JSON.stringify(body))}`]
      : []),
  ]
  return words.join(' \\\n  ')
}
