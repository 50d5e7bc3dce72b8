/** A request of this wire as its clients send it by v3, without a signature: a POST with parameters in a JSON body. */
import type { Action } from '../../../gateway/action.ts'
import type { Composition } from '../../../gateway/dialect.ts'
import type { SignedRequest } from '../../../gateway/signed-request.ts'

export function compose(
  { product, name, version }: Action,
  { region, language, parameters }: Composition,
): SignedRequest {
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: {
      // The first label says which service is meant.
      host: `${product}.localhost`,
      'x-tc-action': name,
      'x-tc-version': version,
      'x-tc-language': language === 'zh' ? 'zh-CN' : 'en-US',
      ...(region === '' ? {} : { 'x-tc-region': region }),
      'content-type': 'application/json',
    },
    body: Buffer.from(JSON.stringify(parameters)),
  }
}
