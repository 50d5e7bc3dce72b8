/** What each vendor brings, by its name or its API product: rules, documents, what it declares and what its cloud has. */
import type { ElasticRules } from '../app/scaling-rule/scale-by-rule.ts'
import type { BillingRules } from '../domain/billing.ts'
import type { BuiltIn } from '../domain/environment.ts'
import type { IdentityRules } from '../domain/account.ts'
import type { DeclaredActions } from '../admin/coverage.ts'
import { billingRules as alibabaBilling } from '../dialect/alibaba/billing-rules.ts'
import { strategyRules as tencentStrategies } from '../dialect/tencent/strategy-rules.ts'
import { elasticRules as alibabaElastic } from '../dialect/alibaba/elastic-rules.ts'
import { builtIn as alibabaEnvironment } from '../dialect/alibaba/environment.ts'
import { identityRules as alibabaIdentity } from '../dialect/alibaba/identity/identity-rules.ts'
import { knownActions as alibabaActions } from '../dialect/alibaba/wire/known-actions.ts'
import { storageRules as alibabaStorage } from '../dialect/alibaba/storage-rules.ts'
import { versionRules as alibabaVersions } from '../dialect/alibaba/version-rules.ts'
import {
  billingRules as tencentBilling,
  serverlessBillingRules as tencentServerlessBilling,
} from '../dialect/tencent/billing-rules.ts'
import { extensionDecoder as tencentExtensions } from '../dialect/tencent/emr/cluster/extension.ts'
import { extensionDecoder as alibabaExtensions } from '../dialect/alibaba/starrocks/instance/extension.ts'
import { serverlessDecoder as tencentServerlessExtensions } from '../dialect/tencent/emr/serverless/extension.ts'
import { builtIn as tencentEnvironment } from '../dialect/tencent/environment.ts'
import { identityRules as tencentIdentity } from '../dialect/tencent/identity/identity-rules.ts'
import { scriptPlace } from '../dialect/tencent/script-place.ts'
import { services } from '../dialect/tencent/service.ts'
import { backupDecoder, clusterDecoder } from '../store/cluster-document.ts'
import type { Decoders } from '../store/decoder.ts'

/** What the clouds have when nobody declares anything. */
export const builtInEnvironments: readonly BuiltIn[] = [alibabaEnvironment, tencentEnvironment]

/** What each cloud prescribes of identities. */
export const identityRules: ReadonlyMap<string, IdentityRules> = new Map(
  [alibabaIdentity, tencentIdentity].map((rules) => [rules.dialect, rules]),
)

const extensionDecoders = new Map([
  [alibabaBilling.product, alibabaExtensions],
  [tencentBilling.product, tencentExtensions],
  [tencentServerlessBilling.product, tencentServerlessExtensions],
])

/** How documents are read: what dialects add to clusters is checked by them. */
export const decoders: Decoders = {
  cluster: clusterDecoder(extensionDecoders),
  backup: backupDecoder(extensionDecoders),
}

/** How each cloud bills, by API product. */
export const billingRules: ReadonlyMap<string, BillingRules> = new Map(
  [alibabaBilling, tencentBilling, tencentServerlessBilling].map((rules) => [rules.product, rules]),
)

/** How nodes come and go by scaling rules, by API product. */
export const elasticRules: ReadonlyMap<string, ElasticRules> = new Map([
  [alibabaElastic.product, alibabaElastic],
])

/** How nodes come and go by scaling strategies, by API product. */
export const strategyRules = new Map([[tencentStrategies.product, tencentStrategies]])

/** Which versions come by themselves, by API product. */
export const versionRules = new Map([[alibabaVersions.product, alibabaVersions]])

/** How clusters come to object storage, by API product. */
export const storageRules = new Map([[alibabaStorage.product, alibabaStorage]])

/** Where a script of a client's lies, by API product. */
export const scriptPlaces = new Map([[tencentBilling.product, scriptPlace]])

/** What the vendors declare, built or not. */
export const declaredActions: DeclaredActions = {
  alibaba: { starrocks: alibabaActions.map((action) => action.name) },
  tencent: Object.fromEntries(services.map(({ name, declared }) => [name, [...declared]])),
}
