/** A form for one page of the administration, made from what the server says of it, with the same request as code and what was answered. */
import { useState } from 'preact/hooks'
import { administer, ApiProblem } from '../api.ts'
import { requestOf, shapeOf, type Operation } from '../operation.ts'
import { t } from '../texts.ts'
import { sendable, withValue, type Parameters, type Path, type Value } from '../value.ts'
import { AdministrationCode } from './administration-code.tsx'
import { Fields } from './field.tsx'

export function OperationForm(props: {
  readonly operation: Operation
  /** What it begins with, of what it takes. */
  readonly start?: Parameters
  readonly onDone?: () => void
}) {
  const { operation, start = {}, onDone } = props
  const schema = shapeOf(operation)
  const [value, setValue] = useState<Parameters>(() =>
    Object.fromEntries(
      Object.keys(schema.properties ?? {}).map((name) => [name, start[name] ?? '']),
    ),
  )
  const [answer, setAnswer] = useState<string | undefined>()
  const [problem, setProblem] = useState('')
  const request = requestOf(operation, sendable(schema, value))
  const send = async () => {
    setProblem('')
    setAnswer(undefined)
    try {
      const found = await administer<object>(request.method, request.page, request.body)
      setAnswer(JSON.stringify(found, null, 2))
      onDone?.()
    } catch (it) {
      setProblem(it instanceof ApiProblem && it.status !== 0 ? it.message : t('live.away'))
    }
  }
  const context = {
    offers: {},
    refusals: new Map<string, readonly string[]>(),
    hidden: [],
    idPrefix: operation.operationId.replaceAll(/\W+/g, '-'),
    change: (path: Path, next: Value | undefined) =>
      setValue((was) => withValue(was, path, next) as Parameters),
  }
  return (
    <form
      class="action"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <Fields schema={schema} value={value} path={[]} context={context} />
      {problem !== '' && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
      <button type="submit" class="main">
        {t('admin.send')}
      </button>
      <AdministrationCode requests={[request]} />
      {answer !== undefined && <Answer text={answer} />}
    </form>
  )
}

export function Answer({ text }: { readonly text: string }) {
  return (
    <pre class="log" tabIndex={0} role="region" aria-label={t('admin.answer')}>
      {text}
    </pre>
  )
}
