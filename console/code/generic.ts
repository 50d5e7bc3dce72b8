/**
 * Requests of Alibaba Cloud. By the generic client that every SDK of this cloud is made of (darabonba-openapi): it takes any action by its
 * path, so that what is copied needs no package for the product, and does what the SDK does.
 */
import type { Form } from '../../src/console/form.ts'
import { textOf, type Parameters } from '../value.ts'
import { literal, quoted, shellWord } from './literal.ts'
import type { CodeRequest, CodeText } from './text.ts'

interface Sent {
  readonly query: Readonly<Record<string, string>>
  /** Undefined where all stands in the query. */
  readonly body: Parameters | undefined
}

/** POST carries all but the region in its body; what reads or deletes has only a query, where lists are JSON. */
function sentBy({ parameters, region }: CodeRequest, method: string): Sent {
  const place = region === '' ? {} : { RegionId: region }
  if (method === 'POST') return { query: place, body: parameters }
  const texts = Object.entries(parameters).map(([name, value]) => [name, textOf(value)])
  return { query: { ...place, ...Object.fromEntries(texts) }, body: undefined }
}

export function generic(it: CodeRequest, route: NonNullable<Form['route']>): readonly CodeText[] {
  const sent = sentBy(it, route.method)
  const origin = new URL(it.origin)
  const facts = {
    ...it,
    ...route,
    ...sent,
    host: origin.host,
    protocol: origin.protocol.slice(0, -1),
  }
  return [
    { name: 'aliyun CLI', text: commandLine(facts) },
    { name: 'Python', text: python(facts) },
    { name: 'Node', text: node(facts) },
    { name: 'Go', text: go(facts) },
    { name: 'Java', text: java(facts) },
  ]
}

type Facts = CodeRequest & Sent & NonNullable<Form['route']> & { host: string; protocol: string }

function commandLine({ action, query, body, region, host, protocol }: Facts): string {
  const lines = [
    `aliyun starrocks ${action}`,
    `--region ${shellWord(region)}`,
    `--endpoint ${shellWord(host)}`,
    ...(protocol === 'http' ? ['--insecure'] : []),
    ...Object.entries(query).map(([name, value]) => `--${name} ${shellWord(value)}`),
    ...(body ? [`--body ${shellWord(JSON.stringify(body))}`] : []),
  ]
  const note =
    '# The key: aliyun configure, or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET'
  return `${note}\n${lines.join(' \\\n    ')}\n`
}

function python(it: Facts): string {
  return `# pip install alibabacloud-tea-openapi
import os

from alibabacloud_tea_openapi import models
from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_util.models import RuntimeOptions

client = Client(
    models.Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        endpoint=${quoted(it.host)},
        protocol=${quoted(it.protocol)},
        region_id=${quoted(it.region)},
    )
)
params = models.Params(
    action=${quoted(it.action)},
    version=${quoted(it.version)},
    protocol=${quoted(it.protocol.toUpperCase())},
    method=${quoted(it.method)},
    pathname=${quoted(it.path)},
    auth_type="AK",
    style="ROA",
    req_body_type="json",
    body_type="json",
)
request = models.OpenApiRequest(
    query=${literal('python', it.query, '    ')},
${it.body ? `    body=${literal('python', it.body, '    ')},\n` : ''})
print(client.call_api(params, request, RuntimeOptions())["body"])
`
}

function node(it: Facts): string {
  return `// npm install @alicloud/openapi-core
import openApi, { $OpenApiUtil } from '@alicloud/openapi-core'

const client = new openApi.default(
    new $OpenApiUtil.Config({
        accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
        accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
        endpoint: ${quoted(it.host)},
        protocol: ${quoted(it.protocol)},
        regionId: ${quoted(it.region)},
    }),
)
const params = new $OpenApiUtil.Params({
    action: ${quoted(it.action)},
    version: ${quoted(it.version)},
    protocol: ${quoted(it.protocol.toUpperCase())},
    method: ${quoted(it.method)},
    pathname: ${quoted(it.path)},
    authType: 'AK',
    style: 'ROA',
    reqBodyType: 'json',
    bodyType: 'json',
})
const request = new $OpenApiUtil.OpenApiRequest({
    query: ${literal('node', it.query, '    ')},
${it.body ? `    body: ${literal('node', it.body, '    ')},\n` : ''}})
console.log((await client.callApi(params, request, {})).body)
`
}

function go(it: Facts): string {
  const entries = Object.entries(it.query).map(
    ([name, value]) => `\t\t\t${quoted(name)}: tea.String(${quoted(value)}),\n`,
  )
  return `// go get github.com/alibabacloud-go/darabonba-openapi/v2
package main

import (
	"fmt"
	"os"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
)

func main() {
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId:     tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID")),
		AccessKeySecret: tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")),
		Endpoint:        tea.String(${quoted(it.host)}),
		Protocol:        tea.String(${quoted(it.protocol)}),
		RegionId:        tea.String(${quoted(it.region)}),
	})
	if err != nil {
		panic(err)
	}
	answer, err := client.CallApi(&openapi.Params{
		Action:      tea.String(${quoted(it.action)}),
		Version:     tea.String(${quoted(it.version)}),
		Protocol:    tea.String(${quoted(it.protocol.toUpperCase())}),
		Method:      tea.String(${quoted(it.method)}),
		Pathname:    tea.String(${quoted(it.path)}),
		AuthType:    tea.String("AK"),
		Style:       tea.String("ROA"),
		ReqBodyType: tea.String("json"),
		BodyType:    tea.String("json"),
	}, &openapi.OpenApiRequest{
		Query: map[string]*string{
${entries.join('')}		},
${it.body ? `\t\tBody: ${literal('go', it.body, '\t\t')},\n` : ''}	}, &dara.RuntimeOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Println(answer["body"])
}
`
}

function java(it: Facts): string {
  return `// com.aliyun:tea-openapi
import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import java.util.List;
import java.util.Map;

public class Main {
    public static void main(String[] args) throws Exception {
        Client client = new Client(new Config()
            .setAccessKeyId(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"))
            .setAccessKeySecret(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET"))
            .setEndpoint(${quoted(it.host)})
            .setProtocol(${quoted(it.protocol)})
            .setRegionId(${quoted(it.region)}));
        Params params = new Params()
            .setAction(${quoted(it.action)})
            .setVersion(${quoted(it.version)})
            .setProtocol(${quoted(it.protocol.toUpperCase())})
            .setMethod(${quoted(it.method)})
            .setPathname(${quoted(it.path)})
            .setAuthType("AK")
            .setStyle("ROA")
            .setReqBodyType("json")
            .setBodyType("json");
        OpenApiRequest request = new OpenApiRequest()
            .setQuery(${literal('java', it.query, '            ')})${it.body ? `\n            .setBody(${literal('java', it.body, '            ')})` : ''};
        System.out.println(client.callApi(params, request, new RuntimeOptions()).get("body"));
    }
}
`
}
