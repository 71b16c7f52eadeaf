// SPDX-License-Identifier: Apache-2.0
// Holds what was said to the fake and answered by it (its --record) against the service's published descriptions: paths and methods against the OpenAPI
// description, bodies against the types. MIME, headers and links are in neither.
//
//   node check.mjs --record=FILE --descriptions=FOLDER
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { argument } from '../http.mjs';

const { default: Ajv } = createRequire(import.meta.url)('ajv/dist/2020.js');
const folder = argument('descriptions');
const read = (ending) => {
  const name = fs.readdirSync(folder).filter((one) => one.startsWith('msgraph-mail') && one.endsWith(ending)).sort().pop();
  return JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
};
const types = read('.schema.json');
const operations = Object.entries(read('.openapi.json').paths).map(([template, methods]) => {
  const plain = template.replace('microsoft.graph.', '').replace('()', '');
  return { path: new RegExp(`^${plain.replace(/[.$]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`), methods: Object.keys(methods) };
});
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema(types, 'graph');
const validators = new Map();
const validator = (type) => {
  if (!validators.has(type)) validators.set(type, ajv.compile({ $ref: `graph#/$defs/${type}` }));
  return validators.get(type);
};

const wrong = [];
let checked = 0;
const hold = (value, type, where) => {
  ++checked;
  const check = validator(type);
  if (!check(value)) wrong.push(`${where}: ${type} ${ajv.errorsText(check.errors)}`);
};
const typeOf = (at) => (at.includes('/messages') ? 'message' : at.includes('/mailFolders') ? 'mailFolder' : at.startsWith('/subscriptions') ? 'subscription' : null);

for (const line of fs.readFileSync(argument('record'), 'utf8').split('\n').filter(Boolean)) {
  const { method, path: whole, request, status, answer } = JSON.parse(line);
  if (!whole.startsWith('/v1.0/')) continue;
  const at = decodeURIComponent(whole.slice('/v1.0'.length));
  const where = `${method} ${at} ${status}`;
  if (!operations.some((one) => one.path.test(at) && one.methods.includes(method.toLowerCase()))) wrong.push(`${where}: no such operation is described`);
  const type = typeOf(at);
  if (request && method !== 'GET' && !/\/(send|move|sendMail)$/.test(at)) hold(request, type, `${where}: request`);
  if (status >= 300) {
    ++checked;
    if (status >= 400 && typeof answer?.error?.code !== 'string') wrong.push(`${where}: an error without a code`);
  } else if (Array.isArray(answer?.value)) {
    for (const one of answer.value) if (!('@removed' in one)) hold(one, type, where);
  } else if (answer && !at.endsWith('/$value')) {
    hold(answer, type, where);
  }
}
if (checked === 0) wrong.push('nothing was recorded');
for (const one of wrong.slice(0, 20)) console.log(one);
console.log(`${checked} bodies held against the descriptions, ${wrong.length} wrong`);
process.exitCode = wrong.length > 0 ? 1 : 0;
