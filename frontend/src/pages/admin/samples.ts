// Ready-made calls of the API, filled with a real app, form and fields.

export interface SampleInput {
  origin: string;
  app: string;
  entity: string;
  key: string;
  /** A record to create. */
  values: Record<string, unknown>;
}

export type SampleLanguage = 'curl' | 'js' | 'go' | 'python';

// The browser's own function, for those who read the example: this page calls nothing.
const call = 'fetch';

const shell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The same two calls, list and create, in each language. */
export function samples({ origin, app, entity, key, values }: SampleInput): Record<SampleLanguage, string> {
  const url = `${origin}/api/v1/apps/${app}/entities/${entity}/records`;
  const json = JSON.stringify(values);
  const pretty = JSON.stringify(values, null, 2);
  return {
    curl: [
      `curl -H ${shell(`Authorization: Bearer ${key}`)} \\`,
      `  ${shell(`${url}?limit=20&sort=-created_at`)}`,
      '',
      `curl -X POST -H ${shell(`Authorization: Bearer ${key}`)} \\`,
      `  -H 'Content-Type: application/json' -H "Idempotency-Key: $(uuidgen)" \\`,
      `  -d ${shell(json)} \\`,
      `  ${shell(url)}`,
    ].join('\n'),
    js: [
      `const url = ${JSON.stringify(url)};`,
      `const headers = { Authorization: ${JSON.stringify(`Bearer ${key}`)}, 'Content-Type': 'application/json' };`,
      '',
      `const page = await (await ${call}(url + '?limit=20&sort=-created_at', { headers })).json();`,
      'console.log(page.records);',
      '',
      `const made = await ${call}(url, { method: 'POST', headers, body: JSON.stringify(${pretty}) });`,
      'if (!made.ok) throw new Error((await made.json()).detail);',
    ].join('\n'),
    go: [
      'package main',
      '',
      'import (',
      '\t"fmt"',
      '\t"io"',
      '\t"net/http"',
      '\t"strings"',
      ')',
      '',
      'func main() {',
      `\tbody := strings.NewReader(${JSON.stringify(json)})`,
      `\treq, err := http.NewRequest("POST", ${JSON.stringify(url)}, body)`,
      '\tif err != nil {',
      '\t\tpanic(err)',
      '\t}',
      `\treq.Header.Set("Authorization", ${JSON.stringify(`Bearer ${key}`)})`,
      '\treq.Header.Set("Content-Type", "application/json")',
      '\tres, err := http.DefaultClient.Do(req)',
      '\tif err != nil {',
      '\t\tpanic(err)',
      '\t}',
      '\tdefer res.Body.Close()',
      '\tanswer, _ := io.ReadAll(res.Body)',
      '\tfmt.Println(res.Status, string(answer))',
      '}',
    ].join('\n'),
    python: [
      'import json, urllib.request',
      '',
      `url = ${JSON.stringify(url)}`,
      `headers = {"Authorization": ${JSON.stringify(`Bearer ${key}`)}, "Content-Type": "application/json"}`,
      `values = json.loads(${JSON.stringify(json)})`,
      '',
      'request = urllib.request.Request(url, json.dumps(values).encode(), headers, method="POST")',
      'with urllib.request.urlopen(request) as answer:',
      '    print(json.load(answer))',
    ].join('\n'),
  };
}
