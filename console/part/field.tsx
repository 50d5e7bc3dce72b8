/**
 * The fields of a shape: one for each parameter, named as the cloud names it, with what may stand in it. Nothing here knows a parameter;
 * what is needed and what the form began with stands first, the rest is unfolded.
 */
import type { InputHTMLAttributes } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../texts.ts'
import {
  beginning,
  isList,
  isNeeded,
  isObject,
  offerAt,
  textOf,
  TOKEN,
  type Offer,
  type Offers,
  type Path,
  type Schema,
  type Value,
} from '../value.ts'

export interface FieldContext {
  readonly offers: Offers
  /** By the path of the parameter. */
  readonly refusals: ReadonlyMap<string, readonly string[]>
  /** Parameters that are said elsewhere. */
  readonly hidden: readonly string[]
  readonly idPrefix: string
  readonly change: (path: Path, value: Value | undefined) => void
}

interface FieldProps {
  readonly schema: Schema
  readonly value: Value | undefined
  readonly path: Path
  readonly needed: boolean
  readonly context: FieldContext
}

export function Fields(props: {
  readonly schema: Schema
  readonly value: Value | undefined
  readonly path: Path
  readonly context: FieldContext
}) {
  const { schema, value, path, context } = props
  const [isOpen, setOpen] = useState(false)
  // As it began: a field does not move while it is typed in.
  const [first] = useState(() => new Set(isObject(value) ? Object.keys(value) : []))
  const shown = Object.entries(schema.properties ?? {}).filter(
    ([name]) => path.length > 0 || (!context.hidden.includes(name) && name !== TOKEN),
  )
  const isFirst = (name: string) => isNeeded(schema, name) || first.has(name)
  const draw = ([name, member]: readonly [string, Schema]) => (
    <Field
      key={name}
      schema={member}
      value={isObject(value) ? value[name] : undefined}
      path={[...path, name]}
      needed={isNeeded(schema, name)}
      context={context}
    />
  )
  const rest = shown.filter(([name]) => !isFirst(name))
  const prefix = path.length === 0 ? '' : `${path.join('.')}.`
  const isRefused = rest.some(([name]) =>
    [...context.refusals.keys()].some((each) => `${each}.`.startsWith(`${prefix}${name}.`)),
  )
  return (
    <>
      {shown.filter(([name]) => isFirst(name)).map(draw)}
      {rest.length > 0 && (
        <details
          class="more"
          open={isOpen || isRefused}
          onToggle={(event) => setOpen(event.currentTarget.open)}
        >
          <summary>{t('form.more', rest.length)}</summary>
          {(isOpen || isRefused) && rest.map(draw)}
        </details>
      )}
    </>
  )
}

function Field(props: FieldProps) {
  const { schema, value, path, context } = props
  const items = schema.items ?? {}
  if (schema.type === 'object') return <Group {...props} />
  if (schema.type !== 'array') return <Single {...props} />
  const offer = offerAt(context.offers, [...path, 0])
  if (offer?.only && items.type === 'string')
    return <Choices {...props} offer={offer} value={isList(value) ? value : []} />
  return <Items {...props} value={isList(value) ? value : []} />
}

function Group(props: FieldProps) {
  const { schema, value, path, needed, context } = props
  if (value === undefined)
    return (
      <p>
        <button type="button" onClick={() => context.change(path, beginning(schema))}>
          {t('form.add', String(path.at(-1)))}
        </button>
        <Refusals {...props} />
      </p>
    )
  return (
    <fieldset>
      <legend>{path.at(-1)}</legend>
      <Refusals {...props} />
      <Fields schema={schema} value={value} path={path} context={context} />
      {!needed && (
        <Remove name={String(path.at(-1))} remove={() => context.change(path, undefined)} />
      )}
    </fieldset>
  )
}

/** A list whose items are any number of values or groups. */
function Items(props: FieldProps & { readonly value: readonly Value[] }) {
  const { schema, value, path, context } = props
  const items = schema.items ?? {}
  const name = String(path.at(-1))
  return (
    <fieldset>
      <legend>{name}</legend>
      <Refusals {...props} />
      {value.map((item, at) => (
        <div class="item" key={at}>
          {items.type === 'object' ? (
            <fieldset>
              <legend>
                {name} {at + 1}
              </legend>
              <Refusals {...props} path={[...path, at]} />
              <Fields schema={items} value={item} path={[...path, at]} context={context} />
            </fieldset>
          ) : (
            <Single {...props} schema={items} value={item} path={[...path, at]} needed={false} />
          )}
          <Remove
            name={`${name} ${at + 1}`}
            remove={() => context.change([...path, at], undefined)}
          />
        </div>
      ))}
      <button
        type="button"
        onClick={() => context.change([...path, value.length], beginning(items))}
      >
        {t('form.add', name)}
      </button>
    </fieldset>
  )
}

function Remove({ name, remove }: { readonly name: string; readonly remove: () => void }) {
  return (
    <button type="button" onClick={remove} aria-label={t('form.removeThis', name)}>
      {t('form.remove')}
    </button>
  )
}

/** Of a list whose items are all known: each is taken or not. */
function Choices(props: FieldProps & { readonly value: readonly Value[]; readonly offer: Offer }) {
  const { value, path, offer, context } = props
  const toggle = (each: string | number) =>
    context.change(
      path,
      value.includes(each) ? value.filter((it) => it !== each) : [...value, each],
    )
  return (
    <fieldset>
      <legend>{path.at(-1)}</legend>
      <Refusals {...props} />
      <div class="choices">
        {offer.values.map(({ value: each, text }) => (
          <label key={each}>
            <input type="checkbox" checked={value.includes(each)} onChange={() => toggle(each)} />
            {each} {text}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function Single(props: FieldProps) {
  const { path, needed, context, schema } = props
  const id = `${context.idPrefix}-${path.join('-')}`
  const name = path.at(-1)
  const label = typeof name === 'number' ? `${String(path.at(-2))} ${name + 1}` : name
  const refused = context.refusals.has(path.join('.'))
  return (
    <div class="field">
      <label for={id}>
        {label}
        {needed && <span aria-hidden="true"> *</span>}
      </label>
      <Control {...props} id={id} isRefused={refused} />
      {schema.description !== undefined && <small>{schema.description}</small>}
      <Refusals {...props} />
    </div>
  )
}

function Control(props: FieldProps & { readonly id: string; readonly isRefused: boolean }) {
  const { schema, value, path, needed, context, id, isRefused } = props
  const offer = offerAt(context.offers, path)
  const common = {
    id,
    'aria-required': needed,
    'aria-invalid': isRefused,
    'aria-describedby': isRefused ? `${id}-refusal` : undefined,
  }
  const enumerated = schema.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : undefined)
  const values = offer?.only ? offer.values : enumerated?.map((each) => ({ value: each }))
  const read = (text: string): Value | undefined => {
    if (text === '') return needed || schema.writeOnly ? '' : undefined
    if (schema.type === 'boolean') return text === 'true'
    const isNumber = schema.type === 'integer' || schema.type === 'number'
    return isNumber && Number.isFinite(Number(text)) ? Number(text) : text
  }
  if (values) {
    const shown = textOf(value)
    const isKnown = shown === '' || values.some((each) => String(each.value) === shown)
    return (
      <select
        {...common}
        value={shown}
        onChange={(event) => context.change(path, read(event.currentTarget.value))}
      >
        {(!needed || shown === '') && <option value="">{emptyText(schema)}</option>}
        {!isKnown && <option value={shown}>{shown}</option>}
        {values.map((each) => (
          <option key={each.value} value={String(each.value)}>
            {each.value} {'text' in each && each.text ? `(${each.text})` : ''}
          </option>
        ))}
      </select>
    )
  }
  const typed = {
    ...common,
    type: typeOf(schema),
    autocomplete: schema.writeOnly ? 'new-password' : 'off',
    list: offer ? `${id}-offers` : undefined,
    placeholder: emptyText(schema),
    value: textOf(value),
    onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
      context.change(path, read(event.currentTarget.value)),
  } as InputHTMLAttributes
  return (
    <>
      <input {...typed} />
      {offer && (
        <datalist id={`${id}-offers`}>
          {offer.values.map((each) => (
            <option key={each.value} value={String(each.value)}>
              {each.text}
            </option>
          ))}
        </datalist>
      )}
    </>
  )
}

function typeOf(schema: Schema): 'text' | 'number' | 'password' {
  if (schema.writeOnly) return 'password'
  return schema.type === 'integer' || schema.type === 'number' ? 'number' : 'text'
}

/** What stands for nothing: the value that the server takes then, else an example. */
function emptyText(schema: Schema): string {
  if (schema.default !== undefined) return t('form.default', textOf(schema.default))
  const [example] = schema.examples ?? []
  return example === undefined || typeof example === 'object'
    ? ''
    : t('form.example', String(example))
}

function Refusals({ path, context }: Pick<FieldProps, 'path' | 'context'>) {
  const texts = context.refusals.get(path.join('.'))
  if (!texts) return null
  return (
    <p class="problem" id={`${context.idPrefix}-${path.join('-')}-refusal`}>
      {texts.join(' ')}
    </p>
  )
}
