/** The request of a form as others would make it. The request is the one that the form sends, so that what is copied does the same. */
import type { Form } from '../../src/console/form.ts'
import type { Parameters } from '../value.ts'
import { generic } from './generic.ts'
import { modelled } from './modelled.ts'
import { terraform } from './terraform.ts'

export interface CodeRequest extends Pick<Form, 'action' | 'product' | 'version' | 'route'> {
  readonly region: string
  readonly parameters: Parameters
  /** Of this server, as `http://127.0.0.1:4580`. */
  readonly origin: string
}

export interface CodeText {
  readonly name: string
  readonly text: string
}

/** Actions that have a path of their own are sent by the generic client of their cloud, others by the models of its SDK. */
export function codeTexts(it: CodeRequest): readonly CodeText[] {
  const resource = terraform(it)
  return [
    ...(it.route ? generic(it, it.route) : modelled(it)),
    ...(resource === undefined ? [] : [{ name: 'Terraform', text: resource }]),
  ]
}
