/** A request of this wire as its clients send it, without a signature: parameters in a JSON body, the region in the query. */
import type { Action } from '../../../gateway/action.ts'
import type { Composition } from '../../../gateway/dialect.ts'
import type { SignedRequest } from '../../../gateway/signed-request.ts'

export function compose(
  { name, version, route }: Action,
  { region, language, parameters }: Composition,
): SignedRequest {
  if (!route) throw new Error(`${name} has no route`)
  return {
    method: route.method,
    path: route.path,
    query: region === '' ? '' : `RegionId=${encodeURIComponent(region)}`,
    headers: {
      'x-acs-action': name,
      'x-acs-version': version,
      'accept-language': language === 'zh' ? 'zh-CN' : 'en-US',
      'content-type': 'application/json',
    },
    body: Buffer.from(JSON.stringify(parameters)),
  }
}
