/**
 * Which action a request is for. Verb and path decide; `x-acs-action` is optional (Terraform and the CLI send none), but must not
 * contradict them. What the service declares and this server has not built is refused by name.
 * Facts: reference alibaba-starrocks.md 0, 2.1, 14 (1).
 */
import { Fault } from '../../../domain/fault.ts'
import type { Action } from '../../../gateway/action.ts'
import { headerOf, type SignedRequest } from '../../../gateway/signed-request.ts'
import { actions } from '../actions.ts'
import { actionsAt } from './known-actions.ts'
import { version } from '../starrocks/action.ts'

const built: ReadonlyMap<string, Action> = new Map(actions.map((action) => [action.name, action]))

/** Throws ActionUnknown, VersionUnknown, MethodRefused or ActionNotBuilt. */
export function locate(request: SignedRequest): Action {
  const named = headerOf(request, 'x-acs-action')
  const here = actionsAt(request.path)
  if (here.length === 0) throw new Fault('ActionUnknown', { action: named ?? request.path })
  const requested = headerOf(request, 'x-acs-version') ?? ''
  if (requested !== version) throw new Fault('VersionUnknown', { version: requested })
  const known = here.find(({ method }) => method === request.method)
  if (!known) throw new Fault('MethodRefused', { method: request.method })
  if (named !== undefined && named !== known.name)
    throw new Fault('ActionUnknown', { action: named })
  const action = built.get(known.name)
  if (!action) throw new Fault('ActionNotBuilt', { action: known.name })
  return action
}

/** The action of a request, for its refusal; undefined where verb and path name none. */
export function actionNameOf(request: SignedRequest): string | undefined {
  return actionsAt(request.path).find(({ method }) => method === request.method)?.name
}
