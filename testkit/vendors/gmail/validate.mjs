// SPDX-License-Identifier: Apache-2.0
// What was said to the fake and what it answered, against the service's own description: methods, parameters, bodies, with no member in them
// that the description does not have.
//
//   node validate.mjs DESCRIPTIONS RECORD        (DESCRIPTIONS holds gmail.v1.discovery.json; NODE_PATH names the installed packages)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const Ajv = require('ajv/dist/2020').default;

const [descriptions, record] = process.argv.slice(2);
const discovery = JSON.parse(fs.readFileSync(path.join(descriptions, 'gmail.v1.discovery.json'), 'utf8'));

/** JSON Schema of the description's: `$ref` names a schema of it, and 64-bit numbers are text. */
function schemaOf(node) {
  if (Array.isArray(node)) return node.map(schemaOf);
  if (node === null || typeof node !== 'object') return node;
  const { $ref, type, properties, items, additionalProperties, enum: values } = node;
  if ($ref) return { $ref: `#/$defs/${$ref}` };
  const schema = { type };
  if (values) schema.enum = values;
  if (items) schema.items = schemaOf(items);
  if (properties) {
    schema.properties = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, schemaOf(one)]));
    schema.additionalProperties = additionalProperties ? schemaOf(additionalProperties) : false;
  }
  if (type === 'any') delete schema.type;
  return schema;
}
const $defs = Object.fromEntries(Object.entries(discovery.schemas).map(([name, one]) => [name, schemaOf(one)]));
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const validators = new Map();
const validator = (name) => {
  if (!validators.has(name)) validators.set(name, ajv.compile({ $defs, $ref: `#/$defs/${name}` }));
  return validators.get(name);
};

const methods = [];
(function collect(resources) {
  for (const one of Object.values(resources ?? {})) {
    methods.push(...Object.values(one.methods ?? {}));
    collect(one.resources);
  }
})(discovery.resources);
for (const method of methods) method.shape = new RegExp(`^/${method.path.replace(/\{[^}]+\}/g, '[^/]+')}$`);
// Where "drafts/send" is also "drafts/{id}", the one with fewer holes is meant.
methods.sort((a, b) => a.path.split('{').length - b.path.split('{').length);

const wrong = [];
let count = 0;
const used = new Set();
for (const line of fs.readFileSync(record, 'utf8').split('\n').filter((one) => one !== '')) {
  const call = JSON.parse(line);
  if (call.path === '/token') continue;
  ++count;
  const say = (what) => wrong.push(`${call.method} ${call.path}: ${what}`);
  const method = methods.find((one) => one.httpMethod === call.method && one.shape.test(call.path));
  if (!method) {
    say('no such method');
    continue;
  }
  used.add(method.id);
  for (const [name, value] of call.query) {
    const parameter = method.parameters?.[name] ?? discovery.parameters[name];
    if (!parameter) say(`no parameter "${name}"`);
    else if (parameter.enum && !parameter.enum.includes(value)) say(`"${name}" is never "${value}"`);
    else if (parameter.type === 'integer' && !/^[0-9]+$/.test(value)) say(`"${name}" is a number, not "${value}"`);
    else if (!parameter.repeated && call.query.filter(([one]) => one === name).length > 1) say(`"${name}" stands there twice`);
  }
  const check = (name, value, what) => {
    const validate = validator(name);
    if (!validate(value)) say(`${what} is no ${name}: ${ajv.errorsText(validate.errors)}`);
  };
  if (call.request !== undefined && method.request) check(method.request.$ref, call.request, 'the request');
  if (call.request !== undefined && !method.request) say('no body is expected');
  if (call.status < 300 && method.response) check(method.response.$ref, call.answer, 'the answer');
  if (call.status < 300 && !method.response && call.answer !== undefined) say('no answer is expected');
  if (call.status >= 400 && (call.answer?.error?.code !== call.status || !call.answer.error.errors?.[0]?.reason)) say('the refusal is not of the usual form');
}
for (const one of wrong.slice(0, 50)) console.log(one);
console.log(`${count} calls of ${used.size} methods: ${[...used].sort().join(' ')}`);
process.exit(wrong.length > 0 || count === 0 ? 1 : 0);
