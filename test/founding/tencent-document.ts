/** The founding document of Tencent Cloud: CreateInstance, 2019-01-03. */
import type { FoundingDocument } from './row.ts'
import { codesOfEnvironment } from './tencent-code-environment.ts'
import { codesOfRequests } from './tencent-code-request.ts'
import { answer, common } from './tencent-common.ts'
import * as names from './tencent-names.ts'
import { node, resourceSpec } from './tencent-node.ts'
import { order } from './tencent-order.ts'
import { place } from './tencent-place.ts'
import { script } from './tencent-script.ts'
import { tencentStage, type TencentStage } from './tencent-stage.ts'

export const tencentDocument: FoundingDocument<TencentStage> = {
  title: 'Tencent Cloud: CreateInstance (2019-01-03)',
  stage: tencentStage,
  sections: [
    {
      title: 'Common parameters',
      names: names.commonParameters,
      areas: [{ file: 'tencent-common.ts', rows: common }],
    },
    {
      title: 'Parameters',
      names: names.parameters,
      areas: [
        { file: 'tencent-order.ts', rows: order },
        { file: 'tencent-place.ts', rows: place },
        { file: 'tencent-node.ts', rows: resourceSpec },
        { file: 'tencent-script.ts', rows: script },
      ],
    },
    {
      title: 'Parameters of nodes',
      names: names.resourceParameters,
      areas: [{ file: 'tencent-node.ts', rows: node }],
    },
    {
      title: 'Answer',
      names: names.answers,
      areas: [{ file: 'tencent-common.ts', rows: answer }],
    },
    {
      title: 'Error codes',
      names: names.errorCodes,
      areas: [
        { file: 'tencent-code-request.ts', rows: codesOfRequests },
        { file: 'tencent-code-environment.ts', rows: codesOfEnvironment },
      ],
    },
  ],
}
