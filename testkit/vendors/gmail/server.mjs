// SPDX-License-Identifier: Apache-2.0
// A stateful fake of the Gmail API (v1) and of Google's token endpoint, for tests: written from the service's description and documentation.
// What it cannot know of the real one: how threads are found, how long the search lags, what is renamed.
//
//   node server.mjs --port=N --user=support@acme.example [--record=FILE]
import crypto from 'node:crypto';
import { argument, Faults, Refusal, serve } from '../http.mjs';
import { field, fieldsOf, Mailbox } from './mailbox.mjs';

const mailbox = new Mailbox(argument('user') ?? 'support@acme.example');
const faults = new Faults();
const tokens = new Map(); // access token → {until, scope}
const oauth = { refresh: 'refresh-0', rotates: false, count: 0, lifetime: 3600, consentSeconds: 0, publicKey: null, delegated: null, refused: 0, scope: 'https://www.googleapis.com/auth/gmail.modify' };
const calls = {};

const REASONS = { 400: ['badRequest', 'INVALID_ARGUMENT'], 401: ['authError', 'UNAUTHENTICATED'], 403: ['insufficientPermissions', 'PERMISSION_DENIED'], 404: ['notFound', 'NOT_FOUND'], 409: ['aborted', 'ABORTED'], 429: ['rateLimitExceeded', 'RESOURCE_EXHAUSTED'] };
const refusal = (code, message, reason = REASONS[code][0]) => new Refusal(code, { error: { code, message, errors: [{ message, domain: 'global', reason }], status: REASONS[code][1] } });

// --- Tokens ------------------------------------------------------------------------------------------------------------------

const oauthRefusal = (error, description) => {
  ++oauth.refused;
  return new Refusal(400, { error, error_description: description });
};

function giveToken(scope) {
  const token = `ya29.fake-${++oauth.count}`;
  tokens.set(token, { until: Date.now() + oauth.lifetime * 1000, scope });
  return { access_token: token, expires_in: oauth.lifetime, scope, token_type: 'Bearer' };
}

function tokenByAssertion(assertion) {
  const [header, claims, signature] = assertion.split('.');
  const decode = (part) => JSON.parse(Buffer.from(part, 'base64url'));
  const { alg } = decode(header);
  const said = decode(claims);
  if (alg !== 'RS256' || !oauth.publicKey || !crypto.verify('sha256', Buffer.from(`${header}.${claims}`), oauth.publicKey, Buffer.from(signature, 'base64url')))
    throw oauthRefusal('invalid_grant', 'Invalid JWT Signature.');
  const now = Date.now() / 1000;
  if (said.exp <= now || said.iat > now + 300 || said.exp > said.iat + 3600) throw oauthRefusal('invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.');
  if (!String(said.aud).endsWith('/token')) throw oauthRefusal('invalid_grant', 'Invalid JWT: aud');
  if (said.sub !== mailbox.address) throw oauthRefusal('invalid_grant', 'Invalid email or User ID');
  const scopes = said.scope.split(' ');
  if (oauth.delegated && !scopes.every((scope) => oauth.delegated.includes(scope)))
    throw oauthRefusal('unauthorized_client', 'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.');
  return giveToken(said.scope);
}

function token(call) {
  const form = new URLSearchParams(call.body.toString());
  if (form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return { body: tokenByAssertion(form.get('assertion') ?? '') };
  if (form.get('grant_type') !== 'refresh_token') throw oauthRefusal('unsupported_grant_type', 'Invalid grant_type');
  if (form.get('client_id') !== 'client' || form.get('client_secret') !== 'client-secret') throw new Refusal(401, { error: 'invalid_client', error_description: 'Unauthorized' });
  if (form.get('refresh_token') !== oauth.refresh) throw oauthRefusal('invalid_grant', 'Token has been expired or revoked.');
  const given = giveToken(oauth.scope);
  if (oauth.rotates) given.refresh_token = oauth.refresh = `refresh-${oauth.count}`;
  if (oauth.consentSeconds > 0) given.refresh_token_expires_in = oauth.consentSeconds;
  return { body: given };
}

function needToken(call) {
  const bearer = /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1];
  const given = tokens.get(bearer);
  if (!given || given.until <= Date.now()) throw refusal(401, 'Request had invalid authentication credentials.');
}

// --- What is answered --------------------------------------------------------------------------------------------------------

function pageOf(all, call, encode = (one) => one) {
  const size = Math.min(Number(call.query.get('maxResults') ?? 100), 500);
  const from = call.query.has('pageToken') ? Number(call.query.get('pageToken')) : 0;
  if (!Number.isInteger(from) || from < 0) throw refusal(400, 'Invalid pageToken');
  const items = all.slice(from, from + size).map(encode);
  return { items, ...(from + size < all.length ? { nextPageToken: String(from + size) } : {}) };
}

function shown(message, call) {
  const format = call.query.get('format') ?? 'full';
  const wanted = call.query.getAll('metadataHeaders').map((name) => name.toLowerCase());
  const common = { id: message.id, threadId: message.threadId, labelIds: message.labelIds, snippet: '', sizeEstimate: message.raw.length, historyId: message.historyId, internalDate: message.internalDate };
  if (call.query.get('fields') === 'raw') return { raw: message.raw.toString('base64url') };
  if (format === 'raw') return { ...common, raw: message.raw.toString('base64url') };
  if (format === 'minimal') return common;
  const headers = message.fields.filter((one) => format === 'full' || wanted.length === 0 || wanted.includes(one.name.toLowerCase()));
  return { ...common, payload: { partId: '', mimeType: (field(message.fields, 'Content-Type') ?? 'text/plain').split(';')[0], filename: '', headers, body: { size: 0 } } };
}

function history(call) {
  const since = BigInt(call.query.get('startHistoryId') ?? '-1');
  if (since < mailbox.oldestHistoryId) throw refusal(404, 'Requested entity was not found.');
  const kinds = call.query.getAll('historyTypes');
  const label = call.query.get('labelId');
  const records = mailbox.history.filter((one) => one.id > since && (kinds.length === 0 || kinds.includes(one.kind)) && (!label || one.message.labelIds.includes(label)));
  const brief = ({ id, threadId, labelIds }) => ({ id, threadId, labelIds });
  const page = pageOf(records, call, ({ id, kind, message, labelIds }) => {
    const member = { messageAdded: 'messagesAdded', messageDeleted: 'messagesDeleted', labelAdded: 'labelsAdded', labelRemoved: 'labelsRemoved' }[kind];
    return { id: String(id), messages: [{ id: message.id, threadId: message.threadId }], [member]: [{ message: brief(message), ...(labelIds ? { labelIds } : {}) }] };
  });
  return { ...(page.items.length > 0 ? { history: page.items } : {}), ...(page.nextPageToken ? { nextPageToken: page.nextPageToken } : {}), historyId: String(mailbox.historyId) };
}

function rawOf(call) {
  if ((call.headers['content-type'] ?? '').startsWith('message/rfc822')) return call.body;
  const text = (call.json?.message ?? call.json)?.raw;
  if (typeof text !== 'string' || !/^[A-Za-z0-9_\-+/=\r\n]*$/.test(text)) throw refusal(400, "'raw' RFC822 payload message string or uploading message via /upload/* URL required", 'invalidArgument');
  return Buffer.from(text, 'base64url');
}

function needRecipient(raw) {
  if (!(field(fieldsOf(raw), 'To') ?? '').includes('@')) throw refusal(400, 'Recipient address required', 'invalidArgument');
}

const found = (map, id) => {
  const one = map.get(id);
  if (!one) throw refusal(404, 'Requested entity was not found.');
  return one;
};
const briefMessage = (message) => ({ id: message.id, threadId: message.threadId, labelIds: message.labelIds });
const briefDraft = (draft) => ({ id: draft.id, message: briefMessage(draft.message) });

const routes = [
  ['GET', /^\/profile$/, () => ({ emailAddress: mailbox.address, messagesTotal: mailbox.messages.size, threadsTotal: mailbox.messages.size, historyId: String(mailbox.historyId) })],
  ['GET', /^\/labels$/, () => ({ labels: [...mailbox.labels.values()] })],
  ['POST', /^\/labels$/, (call) => {
    if ([...mailbox.labels.values()].some((label) => label.name.toLowerCase() === call.json.name.toLowerCase())) throw refusal(409, 'Label name exists or conflicts');
    const label = { id: `Label_${mailbox.nextLabel++}`, name: call.json.name, type: 'user', messageListVisibility: 'show', labelListVisibility: 'labelShow' };
    mailbox.labels.set(label.id, label);
    return label;
  }],
  ['GET', /^\/history$/, history],
  ['GET', /^\/messages$/, (call) => {
    const labelIds = call.query.getAll('labelIds');
    if (!labelIds.every((id) => mailbox.labels.has(id))) throw refusal(400, 'Invalid label');
    const all = mailbox.list({ q: call.query.get('q') ?? '', labelIds, includeSpamTrash: call.query.get('includeSpamTrash') === 'true' });
    const { items, ...rest } = pageOf(all, call, ({ id, threadId }) => ({ id, threadId }));
    return { ...(items.length > 0 ? { messages: items } : {}), ...rest, resultSizeEstimate: all.length };
  }],
  ['POST', /^\/messages$/, (call) => briefMessage(mailbox.add(rawOf(call), call.json?.labelIds ?? []))],
  ['POST', /^\/messages\/send$/, (call) => {
    const raw = rawOf(call);
    needRecipient(raw);
    return briefMessage(mailbox.send(raw, call.json?.threadId));
  }],
  ['GET', /^\/messages\/([^/]+)$/, (call, id) => shown(found(mailbox.messages, id), call)],
  ['POST', /^\/messages\/([^/]+)\/modify$/, (call, id) => {
    const message = found(mailbox.messages, id);
    mailbox.modify(message, call.json?.addLabelIds ?? [], call.json?.removeLabelIds ?? []);
    return briefMessage(message);
  }],
  ['GET', /^\/drafts$/, (call) => {
    const ids = new Set(mailbox.list({ q: call.query.get('q') ?? '', labelIds: ['DRAFT'] }).map((message) => message.id));
    const all = [...mailbox.drafts.values()].filter((draft) => ids.has(draft.message.id)).reverse();
    const { items, ...rest } = pageOf(all, call, (draft) => ({ id: draft.id, message: { id: draft.message.id, threadId: draft.message.threadId } }));
    return { ...(items.length > 0 ? { drafts: items } : {}), ...rest, resultSizeEstimate: all.length };
  }],
  ['POST', /^\/drafts$/, (call) => briefDraft(mailbox.createDraft(rawOf(call), call.json?.message?.threadId))],
  ['POST', /^\/drafts\/send$/, (call) => {
    const draft = found(mailbox.drafts, call.json?.id);
    if (call.json.message?.raw) mailbox.updateDraft(draft, rawOf(call));
    needRecipient(draft.message.raw);
    return briefMessage(mailbox.sendDraft(draft));
  }],
  ['GET', /^\/drafts\/([^/]+)$/, (call, id) => {
    const draft = found(mailbox.drafts, id);
    return { id: draft.id, message: shown(draft.message, call) };
  }],
  ['PUT', /^\/drafts\/([^/]+)$/, (call, id) => {
    const draft = found(mailbox.drafts, id);
    mailbox.updateDraft(draft, rawOf(call));
    return briefDraft(draft);
  }],
  ['DELETE', /^\/drafts\/([^/]+)$/, (call, id) => {
    mailbox.deleteDraft(found(mailbox.drafts, id));
    return undefined;
  }],
];

function handle(call) {
  if (call.method === 'POST' && call.path === '/token') return token(call);
  const at = /^\/(?:upload\/)?gmail\/v1\/users\/([^/]+)(\/.*)$/.exec(call.path);
  if (!at) throw refusal(404, 'Not found');
  needToken(call);
  const user = decodeURIComponent(at[1]);
  if (user !== 'me' && user !== mailbox.address) throw refusal(403, `Delegation denied for ${user}`, 'forbidden');
  for (const [method, path, answer] of routes) {
    const parts = path.exec(at[2]);
    if (!parts || method !== call.method) continue;
    const name = `${method} ${at[2].replace(/\/[^/]*[0-9][^/]*/, '/{id}')}`;
    calls[name] = (calls[name] ?? 0) + 1;
    const body = answer(call, ...parts.slice(1).map(decodeURIComponent));
    return body === undefined ? { status: 204 } : { body };
  }
  throw refusal(404, 'Not found');
}

// --- What tests order --------------------------------------------------------------------------------------------------------

const control = {
  deliver: ({ raw, labels = ['INBOX', 'UNREAD'], internalDate }) => {
    const ids = labels.map((name) => [...mailbox.labels.values()].find((label) => label.name === name)?.id ?? name);
    return { id: mailbox.add(Buffer.from(raw, 'base64'), ids, internalDate ? { internalDate } : {}).id };
  },
  label: ({ name }) => {
    const id = `Label_${mailbox.nextLabel++}`;
    mailbox.labels.set(id, { id, name, type: 'user', messageListVisibility: 'show', labelListVisibility: 'labelShow' });
    return { id };
  },
  modify: ({ id, add = [], remove = [] }) => mailbox.modify(mailbox.messages.get(id), add, remove),
  remove: ({ id }) => ({ removed: mailbox.remove(id) }),
  faults: ({ list, seed }) => faults.set(list, seed),
  oauth: (orders) => {
    Object.assign(oauth, orders);
    if (orders.expire_all) tokens.clear();
  },
  search_lag: ({ ms }) => {
    mailbox.indexLag = ms;
  },
  edit_drafts: ({ from, to }) => {
    for (const draft of mailbox.drafts.values()) mailbox.updateDraft(draft, Buffer.from(draft.message.raw.toString('latin1').replace(from, to), 'latin1'));
  },
  forget_history: () => mailbox.forgetHistory(),
  state: () => ({
    sent: mailbox.sent,
    drafts: [...mailbox.drafts.values()].map((draft) => ({ id: draft.id, effect: field(draft.message.fields, 'X-Resolute-Effect') ?? '' })),
    messages: [...mailbox.messages.values()].map(({ id, labelIds }) => ({ id, labelIds })),
    refresh: oauth.refresh,
    tokens: oauth.count,
    refused: oauth.refused,
    faults: faults.struck,
    calls,
  }),
};

serve({ handle, control, faults });
