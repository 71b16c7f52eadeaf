// SPDX-License-Identifier: Apache-2.0
// Google's own client drives the fake, with nothing changed but where the service is: what it makes of the answers is checked.
//
//   node client.mjs URL        (NODE_PATH names the installed packages)
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { gmail: makeGmail, auth } = require('@googleapis/gmail');

const url = process.argv[2];
const order = async (what, orders = {}) => {
  const answer = await fetch(`${url}/control/${what}`, { method: 'POST', body: JSON.stringify(orders) });
  assert.equal(answer.status, 200);
  return answer.json();
};
const oauth = new auth.OAuth2({ clientId: 'client', clientSecret: 'client-secret', forceRefreshOnFailure: true, endpoints: { oauth2TokenUrl: `${url}/token` } });
oauth.setCredentials({ refresh_token: 'refresh-0' });
// Its own repetitions are off: a test wants to see each answer.
const gmail = makeGmail({ version: 'v1', auth: oauth, rootUrl: `${url}/`, retry: false });
const me = { userId: 'me' };
const base64url = (text) => Buffer.from(text).toString('base64url');
const mail = (subject, id) => `From: support@acme.example\r\nTo: ann@customer.example\r\nSubject: ${subject}\r\nMessage-ID: <${id}@acme.example>\r\nX-Resolute-Effect: ${id}\r\n\r\nHello\r\n`;
const refused = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return { status: error.response?.status ?? error.status, reason: error.errors?.[0]?.reason ?? error.response?.data?.error?.errors?.[0]?.reason };
  }
  return assert.fail('it was not refused');
};

const profile = (await gmail.users.getProfile(me)).data;
assert.equal(profile.emailAddress, 'support@acme.example');

// Labels
const label = (await gmail.users.labels.create({ ...me, requestBody: { name: 'Orders', labelListVisibility: 'labelShow', messageListVisibility: 'show' } })).data;
assert.equal((await refused(gmail.users.labels.create({ ...me, requestBody: { name: 'orders' } }))).status, 409);
assert.ok((await gmail.users.labels.list(me)).data.labels.some((one) => one.id === label.id && one.name === 'Orders'));

// Reading
const ids = [];
for (let i = 0; i < 5; ++i) {
  const inserted = await gmail.users.messages.insert({ ...me, requestBody: { raw: base64url(mail(`mail ${i}`, `in-${i}`)), labelIds: i < 3 ? ['INBOX', 'UNREAD'] : [label.id] } });
  ids.push(inserted.data.id);
}
const firstPage = (await gmail.users.messages.list({ ...me, labelIds: ['INBOX'], maxResults: 2 })).data;
assert.deepEqual(firstPage.messages.map((one) => one.id), [ids[2], ids[1]]);
const secondPage = (await gmail.users.messages.list({ ...me, labelIds: ['INBOX'], maxResults: 2, pageToken: firstPage.nextPageToken })).data;
assert.deepEqual(secondPage.messages.map((one) => one.id), [ids[0]]);
assert.equal(secondPage.nextPageToken, undefined);
assert.equal((await gmail.users.messages.list({ ...me, q: 'rfc822msgid:nobody@acme.example' })).data.messages, undefined);
assert.deepEqual((await gmail.users.messages.list({ ...me, q: 'rfc822msgid:in-3@acme.example' })).data.messages.map((one) => one.id), [ids[3]]);
const raw = (await gmail.users.messages.get({ ...me, id: ids[0], format: 'raw' })).data;
assert.equal(Buffer.from(raw.raw, 'base64url').toString(), mail('mail 0', 'in-0'));
assert.match(raw.internalDate, /^[0-9]{13}$/);
const fields = (await gmail.users.messages.get({ ...me, id: ids[0], format: 'metadata', metadataHeaders: ['X-Resolute-Effect', 'Subject'] })).data;
assert.deepEqual(fields.payload.headers.map((one) => one.name).sort(), ['Subject', 'X-Resolute-Effect']);
assert.equal((await refused(gmail.users.messages.get({ ...me, id: 'ffff' }))).status, 404);

// History
const news = (await gmail.users.history.list({ ...me, startHistoryId: profile.historyId, historyTypes: ['messageAdded'] })).data;
assert.deepEqual(news.history.flatMap((one) => one.messagesAdded).map((one) => one.message.id), ids);
await gmail.users.messages.modify({ ...me, id: ids[3], requestBody: { addLabelIds: ['INBOX'], removeLabelIds: [label.id] } });
const moved = (await gmail.users.history.list({ ...me, startHistoryId: news.historyId, historyTypes: ['labelAdded', 'labelRemoved'], labelId: 'INBOX' })).data;
assert.deepEqual(moved.history.map((one) => Object.keys(one).find((key) => key.startsWith('labels'))), ['labelsAdded', 'labelsRemoved']);
assert.equal((await gmail.users.history.list({ ...me, startHistoryId: moved.historyId })).data.history, undefined);
assert.equal((await refused(gmail.users.history.list({ ...me, startHistoryId: '1' }))).status, 404);

// Drafts
const draft = (await gmail.users.drafts.create({ ...me, requestBody: { message: { raw: base64url(mail('out', 'out-1')) } } })).data;
assert.deepEqual((await gmail.users.drafts.list({ ...me, q: 'rfc822msgid:out-1@acme.example' })).data.drafts.map((one) => one.id), [draft.id]);
assert.deepEqual((await gmail.users.drafts.get({ ...me, id: draft.id, format: 'metadata' })).data.message.labelIds, ['DRAFT']);
await gmail.users.drafts.update({ ...me, id: draft.id, requestBody: { message: { raw: base64url(mail('out, better', 'out-1')) } } });
const sent = (await gmail.users.drafts.send({ ...me, requestBody: { id: draft.id } })).data;
assert.deepEqual(sent.labelIds, ['SENT']);
assert.equal((await refused(gmail.users.drafts.get({ ...me, id: draft.id }))).status, 404);
assert.equal((await refused(gmail.users.drafts.send({ ...me, requestBody: { id: draft.id } }))).status, 404, 'a draft is sent once');
const second = (await gmail.users.drafts.create({ ...me, requestBody: { message: { raw: base64url(mail('old', 'out-2')) } } })).data;
const anew = (await gmail.users.drafts.send({ ...me, requestBody: { id: second.id, message: { raw: base64url(mail('new', 'out-2')) } } })).data;
assert.equal(Buffer.from((await gmail.users.messages.get({ ...me, id: anew.id, format: 'raw' })).data.raw, 'base64url').toString(), mail('new', 'out-2'));
const third = (await gmail.users.drafts.create({ ...me, requestBody: { message: { raw: base64url('Subject: nobody\r\n\r\nx') } } })).data;
assert.equal((await refused(gmail.users.drafts.send({ ...me, requestBody: { id: third.id } }))).status, 400);
assert.equal((await gmail.users.drafts.delete({ ...me, id: third.id })).status, 204);
assert.equal((await gmail.users.messages.send({ ...me, requestBody: { raw: base64url(mail('at once', 'out-3')) } })).data.labelIds[0], 'SENT');
assert.deepEqual((await order('state')).sent.map((one) => one.effect), ['out-1', 'out-2', 'out-3']);

// Trouble
await order('faults', { list: [{ times: 1, do: { status: 429, headers: { 'Retry-After': '7' }, body: { error: { code: 429, message: 'slow', status: 'RESOURCE_EXHAUSTED', errors: [{ domain: 'usageLimits', reason: 'rateLimitExceeded', message: 'slow' }] } } } }] });
assert.deepEqual(await refused(gmail.users.getProfile(me)), { status: 429, reason: 'rateLimitExceeded' });
// A token that ran out is fetched anew by the client itself.
await order('oauth', { expire_all: true });
assert.equal((await gmail.users.getProfile(me)).status, 200);
await order('oauth', { refresh: 'withdrawn', expire_all: true });
assert.equal((await refused(gmail.users.getProfile(me))).status, 400, 'invalid_grant');
console.log('all is as the client expects');
