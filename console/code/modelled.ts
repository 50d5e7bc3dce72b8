/** Requests of Tencent Cloud: each SDK's own class of the action, which reads the parameters as JSON, as the cloud's own explorer writes it. */
import { textOf } from '../value.ts'
import { literal, quoted, shellWord } from './literal.ts'
import type { CodeRequest, CodeText } from './text.ts'

interface Facts extends CodeRequest {
  /** `v20190103` */
  readonly release: string
  /** `Emr`, as classes are named. */
  readonly title: string
  readonly host: string
  readonly protocol: string
  readonly json: string
}

export function modelled(it: CodeRequest): readonly CodeText[] {
  const origin = new URL(it.origin)
  const facts = {
    ...it,
    release: `v${it.version.replaceAll('-', '')}`,
    title: `${it.product.charAt(0).toUpperCase()}${it.product.slice(1)}`,
    host: origin.host,
    protocol: origin.protocol.slice(0, -1),
    json: JSON.stringify(it.parameters, undefined, 4),
  }
  return [
    { name: 'tccli', text: commandLine(facts) },
    { name: 'Python', text: python(facts) },
    { name: 'Node', text: node(facts) },
    { name: 'Go', text: go(facts) },
    { name: 'Java', text: java(facts) },
  ]
}

function commandLine({ product, action, region, origin, parameters }: Facts): string {
  const lines = [
    `tccli ${product} ${action}`,
    `--region ${shellWord(region)}`,
    `--endpoint ${shellWord(origin)}`,
    ...Object.entries(parameters).map(([name, value]) => `--${name} ${shellWord(textOf(value))}`),
  ]
  const note = '# The key: tccli configure, or TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY'
  return `${note}\n${lines.join(' \\\n    ')}\n`
}

function python(it: Facts): string {
  const { product, action, release, title, region, host, protocol, parameters } = it
  return `# pip install tencentcloud-sdk-python-${product}
import json
import os

from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.${product}.${release} import ${product}_client, models

keys = credential.Credential(
    os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]
)
http = HttpProfile(protocol=${quoted(protocol)}, endpoint=${quoted(host)})
client = ${product}_client.${title}Client(keys, ${quoted(region)}, ClientProfile(httpProfile=http))
request = models.${action}Request()
request.from_json_string(
    json.dumps(
        ${literal('python', parameters, '        ')}
    )
)
print(client.${action}(request).to_json_string())
`
}

function node({ product, action, release, region, host, protocol, parameters }: Facts): string {
  return `// npm install tencentcloud-sdk-nodejs-${product}
import sdk from 'tencentcloud-sdk-nodejs-${product}'

const client = new sdk.${product}.${release}.Client({
    credential: {
        secretId: process.env.TENCENTCLOUD_SECRET_ID,
        secretKey: process.env.TENCENTCLOUD_SECRET_KEY,
    },
    region: ${quoted(region)},
    profile: { httpProfile: { protocol: ${quoted(`${protocol}://`)}, endpoint: ${quoted(host)} } },
})
console.log(await client.${action}(${literal('node', parameters)}))
`
}

function go(it: Facts): string {
  const { product, action, release, region, host, protocol, json } = it
  const text = json.includes('`') ? quoted(json) : `\`${json}\``
  const root = 'github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud'
  return `// go get ${root}/common ${root}/${product}
package main

import (
	"fmt"
	"os"

	"${root}/common"
	"${root}/common/profile"
	${product} "${root}/${product}/${release}"
)

func main() {
	keys := common.NewCredential(os.Getenv("TENCENTCLOUD_SECRET_ID"), os.Getenv("TENCENTCLOUD_SECRET_KEY"))
	settings := profile.NewClientProfile()
	settings.HttpProfile.Scheme = ${quoted(protocol.toUpperCase())}
	settings.HttpProfile.Endpoint = ${quoted(host)}
	client, err := ${product}.NewClient(keys, ${quoted(region)}, settings)
	if err != nil {
		panic(err)
	}
	request := ${product}.New${action}Request()
	if err := request.FromJsonString(${text}); err != nil {
		panic(err)
	}
	answer, err := client.${action}(request)
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.ToJsonString())
}
`
}

function java(it: Facts): string {
  const { product, action, release, title, region, host, protocol, parameters } = it
  const name = `com.tencentcloudapi.${product}.${release}`
  return `// com.tencentcloudapi:tencentcloud-sdk-java
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import ${name}.${title}Client;
import ${name}.models.${action}Request;
import ${name}.models.${action}Response;

public class Main {
    public static void main(String[] args) throws Exception {
        Credential keys = new Credential(
            System.getenv("TENCENTCLOUD_SECRET_ID"), System.getenv("TENCENTCLOUD_SECRET_KEY"));
        HttpProfile http = new HttpProfile();
        http.setProtocol(${quoted(`${protocol}://`)});
        http.setEndpoint(${quoted(host)});
        ClientProfile profile = new ClientProfile();
        profile.setHttpProfile(http);
        ${title}Client client = new ${title}Client(keys, ${quoted(region)}, profile);
        String parameters = ${quoted(JSON.stringify(parameters))};
        ${action}Request request = ${action}Request.fromJsonString(parameters, ${action}Request.class);
        System.out.println(${action}Response.toJsonString(client.${action}(request)));
    }
}
`
}
