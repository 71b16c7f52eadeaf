// SPDX-License-Identifier: Apache-2.0
// Microsoft's own client drives the fake; nothing of it is changed but the base URL. It shows its token to https only, so the fake has a
// certificate here.
//
//   node client.mjs --url=https://localhost:N
import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';
import { argument } from '../http.mjs';

const require = createRequire(import.meta.url);
const { Client, PageIterator, GraphError, ResponseType } = require('@microsoft/microsoft-graph-client');
const url = argument('url');
const order = async (what, orders = {}) => (await fetch(`${url}/control/${what}`, { method: 'POST', body: JSON.stringify(orders) })).json();

async function accessToken() {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'client', client_secret: 'client-secret', scope: `${url}/.default` });
  const answer = await fetch(`${url}/tenant/oauth2/v2.0/token`, { method: 'POST', body: form });
  return (await answer.json()).access_token;
}

const graph = Client.initWithMiddleware({ authProvider: { getAccessToken: accessToken }, baseUrl: `${url}/`, customHosts: new Set(['localhost']) });
const user = '/users/support@acme.example';
const immutable = ['Prefer', 'IdType="ImmutableId"'];
const MARKER = 'String {7d6a3c1e-52f0-4b8e-9c57-0e9f6a21b4d3} Name ResoluteEffect';
const mime = 'From: support@acme.example\r\nTo: ann@customer.example\r\nSubject: Hello\r\nMessage-ID: <m1@acme.example>\r\n\r\nHello\r\n';

// Folders.
const inbox = await graph.api(`${user}/mailFolders/inbox`).get();
assert.equal(inbox.displayName, 'Inbox');
const folders = [];
await new PageIterator(graph, await graph.api(`${user}/mailFolders`).top(3).get(), (one) => folders.push(one.displayName) > 0).iterate();
assert.ok(folders.includes('Sent Items') && folders.length === 7, 'paging by the next link');

// A round of delta queries, and what came since.
for (let i = 0; i < 25; ++i) await order('deliver', { raw: Buffer.from(`From: a@b.example\r\nTo: support@acme.example\r\nSubject: ${i}\r\n\r\n${i}\r\n`).toString('base64') });
const seen = [];
const round = new PageIterator(graph, await graph.api(`${user}/mailFolders/inbox/messages/delta`).query({ changeType: 'created' }).select(['id', 'subject']).header(...immutable).get(), (one) => seen.push(one) > 0);
await round.iterate();
assert.equal(seen.length, 25);
const deltaLink = round.getDeltaLink();
assert.ok(deltaLink);
await order('deliver', { raw: Buffer.from('From: a@b.example\r\nSubject: late\r\n\r\nlate\r\n').toString('base64') });
const news = await graph.api(deltaLink).header(...immutable).get();
assert.deepEqual(news.value.map((one) => one.subject), ['late']);

// A mail as it came; its id stays where it is moved, the plain one does not.
const id = news.value[0].id;
assert.match(await graph.api(`${user}/messages/${id}/$value`).responseType(ResponseType.TEXT).get(), /^From: a@b\.example\r\nSubject: late/);
const plain = (await graph.api(`${user}/messages/${id}`).get()).id;
await graph.api(`${user}/messages/${id}/move`).header(...immutable).post({ destinationId: 'archive' });
assert.equal((await graph.api(`${user}/messages/${id}`).header(...immutable).get()).id, id);
assert.notEqual((await graph.api(`${user}/messages/${id}`).get()).id, plain);

// A draft of MIME, its mark, the search for it, the sending.
const draft = await graph.api(`${user}/messages`).header('Content-Type', 'text/plain').headers({ Prefer: immutable[1], 'Content-Type': 'text/plain' }).post(Buffer.from(mime).toString('base64'));
assert.equal(draft.isDraft, true);
await graph.api(`${user}/messages/${draft.id}`).patch({ singleValueExtendedProperties: [{ id: MARKER, value: 'e1' }] });
const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${MARKER}' and ep/value eq 'e1')`;
const marked = await graph.api(`${user}/messages`).filter(filter).expand(`singleValueExtendedProperties($filter=id eq '${MARKER}')`).header(...immutable).get();
assert.deepEqual(marked.value.map((one) => [one.id, one.singleValueExtendedProperties[0].value]), [[draft.id, 'e1']]);
assert.equal((await graph.api(`${user}/messages`).filter("internetMessageId eq '<m1@acme.example>'").get()).value.length, 1);
await graph.api(`${user}/messages/${draft.id}/send`).post({});
assert.equal((await graph.api(`${user}/messages/${draft.id}`).header(...immutable).get()).isDraft, false);
assert.equal((await order('state')).sent.length, 1);

// Refusals as the client tells them.
const refusal = (what) => what.then(() => assert.fail('it was taken'), (error) => (assert.ok(error instanceof GraphError), error));
assert.equal((await refusal(graph.api(`${user}/messages/none`).get())).code, 'ErrorItemNotFound');
const again = await refusal(graph.api(`${user}/messages/${draft.id}/send`).post({}));
assert.equal(again.statusCode, 400);
assert.equal((await refusal(graph.api('/users/other@acme.example/mailFolders').get())).statusCode, 404);
await order('settings', { forgets: true });
assert.equal((await refusal(graph.api(deltaLink).get())).statusCode, 410);

// The client waits and repeats where it is asked to.
await order('faults', { list: [{ method: 'GET', path: '/mailFolders/inbox', times: 1, do: { status: 429, headers: { 'Retry-After': '1' }, body: { error: { code: 'TooManyRequests', message: 'wait' } } } }] });
assert.equal((await graph.api(`${user}/mailFolders/inbox`).get()).displayName, 'Inbox');

// A subscription is made only where the address answers as it must.
const listener = http.createServer((request, response) => {
  const token = new URL(request.url, 'http://127.0.0.1').searchParams.get('validationToken');
  response.writeHead(200, { 'Content-Type': 'text/plain' }).end(request.url.startsWith('/right') ? token : 'no');
});
await new Promise((done) => listener.listen(0, '127.0.0.1', done));
const wish = (path) => ({ changeType: 'created', resource: `${user}/mailFolders('inbox')/messages`, notificationUrl: `http://127.0.0.1:${listener.address().port}${path}`, expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(), clientState: 'secret' });
const subscription = await graph.api('/subscriptions').post(wish('/right'));
assert.equal((await graph.api(`/subscriptions/${subscription.id}`).get()).clientState, 'secret');
assert.equal((await refusal(graph.api('/subscriptions').post(wish('/wrong')))).code, 'ValidationError');
listener.close();
console.log('all was as it should be');
