// Runs the browser's evaluator over cases that Go has computed and prints what
// differs: node compare.mjs <bundle of frontend/src/expr> <cases.jsonl>.
// Each case is {expr, tree, record, zone, now, kind, want} or {…, fault}.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { pathToFileURL } from 'node:url';

const [bundle, cases] = process.argv.slice(2);
const { evaluateValue, Fault, Unsupported, functions, toJson, kindOf } = await import(pathToFileURL(bundle));

if (!cases) {
  console.log(JSON.stringify([...functions.keys()]));
  process.exit(0);
}

const same = (a, b) => isDeepStrictEqual(a, b);
let count = 0;
let failed = 0;
const unsupported = {};
for await (const line of createInterface({ input: createReadStream(cases) })) {
  const c = JSON.parse(line);
  count++;
  let got;
  try {
    const v = evaluateValue(c.tree, { ...c.env, record: c.record, zone: c.zone, now: c.now });
    got = { kind: kindOf(v), want: toJson(v) };
  } catch (e) {
    if (e instanceof Unsupported) {
      unsupported[e.message] = (unsupported[e.message] ?? 0) + 1;
      continue;
    }
    got = e instanceof Fault ? { fault: e.code } : { fault: String(e.stack) };
  }
  const want = c.fault ? { fault: c.fault } : { kind: c.kind, want: c.want };
  if (!same(got, want) && failed++ < 20) {
    console.log(JSON.stringify({ expr: c.expr, zone: c.zone, now: c.now, go: want, ts: got, record: c.record }));
  }
}
console.log(JSON.stringify({ count, failed, unsupported }));
