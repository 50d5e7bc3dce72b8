/** The cluster's name and how its nodes are entered (reference: tencent-emr.md 2.1 InstanceName, 2.3 LoginSettings). */
import type { CreationInput } from './create-shape.ts'
import { example } from './example.ts'
import { given, invalid } from '../refusal.ts'

export interface Login {
  readonly password: string | undefined
  readonly publicKeyId: string | undefined
}

export function readName(name: string): string {
  if (NAME.test(name)) return name
  throw invalid({
    name: 'InstanceName',
    code: 'InvalidParameter.InvalidInstanceName',
    rule: 'it must have 6 to 36 Chinese characters, letters, digits, - or _',
    value: name,
    example: example.InstanceName,
  })
}

/** Throws InvalidLoginSetting or InvalidPassword. */
export function readLogin(settings: CreationInput['LoginSettings']): Login {
  const password = settings.Password === '' ? undefined : settings.Password
  const publicKeyId = given(settings.PublicKeyId)
  if (password === undefined && publicKeyId === undefined) {
    throw invalid({
      name: 'LoginSettings',
      code: 'InvalidParameter.InvalidLoginSetting',
      rule: 'Password or PublicKeyId must be given',
      example: { Password: example.Password },
    })
  }
  if (publicKeyId !== undefined && !KEY_ID.test(publicKeyId)) {
    throw invalid({
      name: 'LoginSettings.PublicKeyId',
      code: 'InvalidParameter.InvalidLoginSetting',
      rule: 'it must be skey- and 8 lower-case letters or digits',
      value: publicKeyId,
      example: example.PublicKeyId,
    })
  }
  if (password !== undefined && !isStrong(password)) {
    throw invalid({
      name: 'LoginSettings.Password',
      code: 'InvalidParameter.InvalidPassword',
      rule: 'it must have 8 to 16 characters: upper-case and lower-case letters, digits and !@%^*, each at least once, and not begin with one of !@%^*',
      example: example.Password,
    })
  }
  return { password, publicKeyId }
}

const NAME = /^[\p{Script=Han}A-Za-z0-9_-]{6,36}$/u
const KEY_ID = /^skey-[0-9a-z]{8}$/
const PASSWORD = /^[A-Za-z0-9][A-Za-z0-9!@%^*]{7,15}$/

function isStrong(password: string): boolean {
  return (
    PASSWORD.test(password) &&
    [/[A-Z]/, /[a-z]/, /[0-9]/, /[!@%^*]/].every((kind) => kind.test(password))
  )
}
