/** A small form that makes one request of the administration, with the same request as code while it is filled in. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { AdministrationCode, type AdministrationRequest } from './administration-code.tsx'

/** Those that are empty are left out. */
export type Fields = Readonly<Record<string, string>>

export function RequestForm(props: {
  readonly button: string
  readonly requestOf: (fields: Fields) => AdministrationRequest
  readonly send: (request: AdministrationRequest) => Promise<void>
  readonly children: ComponentChildren
}) {
  const form = useRef<HTMLFormElement>(null)
  const [fields, setFields] = useState<Fields>({})
  const read = () => setFields(form.current ? fieldsIn(form.current) : {})
  useEffect(read, [])
  return (
    <form
      ref={form}
      onInput={read}
      onSubmit={(event) => {
        event.preventDefault()
        void props.send(props.requestOf(fieldsIn(event.currentTarget)))
      }}
    >
      <div class="filters">
        {props.children}
        <button type="submit">{props.button}</button>
      </div>
      <AdministrationCode requests={[props.requestOf(fields)]} />
    </form>
  )
}

function fieldsIn(form: HTMLFormElement): Fields {
  return Object.fromEntries(
    [...new FormData(form).entries()].flatMap(([name, value]) =>
      typeof value === 'string' && value ? [[name, value]] : [],
    ),
  )
}
