/** The founding document of Alibaba Cloud: CreateInstanceV1 of EMR Serverless StarRocks, 2022-10-19. */
import { answer, refusal } from './alibaba-answer.ts'
import { group } from './alibaba-group.ts'
import * as names from './alibaba-names.ts'
import { option } from './alibaba-option.ts'
import { parameter } from './alibaba-parameter.ts'
import { alibabaStage, type AlibabaStage } from './alibaba-stage.ts'
import type { FoundingDocument } from './row.ts'

export const alibabaDocument: FoundingDocument<AlibabaStage> = {
  title: 'Alibaba Cloud: CreateInstanceV1 (2022-10-19)',
  stage: alibabaStage,
  sections: [
    {
      title: 'Parameters',
      names: names.parameters,
      areas: [
        { file: 'alibaba-parameter.ts', rows: parameter },
        { file: 'alibaba-option.ts', rows: option },
      ],
    },
    {
      title: 'Parameters of node groups',
      names: names.groupParameters,
      areas: [{ file: 'alibaba-group.ts', rows: group }],
    },
    {
      title: 'Answer',
      names: names.answers,
      areas: [{ file: 'alibaba-answer.ts', rows: answer }],
    },
    {
      title: 'Permission and refusals',
      names: names.refusals,
      areas: [{ file: 'alibaba-answer.ts', rows: refusal }],
    },
  ],
}
