/** A request of the administration as text to copy; the token is read from its file, and not in it. */
import { shellWord } from '../code/literal.ts'
import { t } from '../texts.ts'
import { Copy } from './copy.tsx'

export interface AdministrationRequest {
  readonly method: string
  readonly page: string
  readonly body?: object | undefined
}

export function AdministrationCode(request: AdministrationRequest) {
  const text = curlOf(request)
  return (
    <details class="code">
      <summary>{t('code.title')}</summary>
      <Copy text={text} label="curl" />
      <pre class="log" tabIndex={0} role="region" aria-label="curl">
        {text}
      </pre>
    </details>
  )
}

/** `DATA_DIR` is the server's data directory, which pages are not told. */
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
