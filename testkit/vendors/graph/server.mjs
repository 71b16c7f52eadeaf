// SPDX-License-Identifier: Apache-2.0
// A stateful fake of the mail part of Microsoft Graph (v1.0) and of the Entra token endpoint, for tests: written from the service's description and
// documentation. What it cannot know of the real one: how long a sent copy takes, what is renamed when, how filters are indexed.
//
//   node server.mjs --port=N --user=support@acme.example [--record=FILE] [--tls-key=FILE --tls-certificate=FILE]
import { argument, Faults, Refusal, serve } from '../http.mjs';
import { field } from '../gmail/mailbox.mjs';
import { Mailbox } from './mailbox.mjs';

const mailbox = new Mailbox(argument('user') ?? 'support@acme.example');
const faults = new Faults();
const tokens = new Map(); // access token → until
const oauth = { secret: 'client-secret', lifetime: 3599, count: 0, roles: ['Mail.ReadWrite', 'Mail.Send'] };
const subscriptions = new Map();
const calls = {};
const deltas = { next: 1, links: new Map(), isForgetting: false };
const DRAFT_MAX = 4_000_000;

const CODES = { 400: 'ErrorInvalidRequest', 401: 'InvalidAuthenticationToken', 403: 'ErrorAccessDenied', 404: 'ErrorItemNotFound', 410: 'SyncStateNotFound', 413: 'RequestEntityTooLarge' };
const refusal = (status, message, code = CODES[status]) =>
  new Refusal(status, { error: { code, message, innerError: { date: new Date().toISOString().slice(0, 19), 'request-id': `r-${calls.all ?? 0}`, 'client-request-id': `r-${calls.all ?? 0}` } } });

// --- Tokens ------------------------------------------------------------------------------------------------------------------

function token(call) {
  const form = new URLSearchParams(call.body.toString());
  if (form.get('grant_type') !== 'client_credentials') throw new Refusal(400, { error: 'unsupported_grant_type', error_description: 'AADSTS70003: The app requested an unsupported grant type.' });
  if (form.get('client_id') !== 'client' || form.get('client_secret') !== oauth.secret)
    throw new Refusal(401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.', error_codes: [7000215] });
  if (!(form.get('scope') ?? '').endsWith('/.default')) throw new Refusal(400, { error: 'invalid_scope', error_description: 'AADSTS1002012: The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.' });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const given = `${part({ alg: 'none', typ: 'JWT' })}.${part({ roles: oauth.roles, n: ++oauth.count })}.fake`;
  tokens.set(given, Date.now() + oauth.lifetime * 1000);
  return { body: { token_type: 'Bearer', expires_in: oauth.lifetime, ext_expires_in: oauth.lifetime, access_token: given } };
}

function needToken(call) {
  const bearer = /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1];
  if (!(tokens.get(bearer) > Date.now())) throw refusal(401, 'Access token has expired or is not yet valid.');
}

// --- What is answered --------------------------------------------------------------------------------------------------------

const found = (message) => {
  if (!message) throw refusal(404, 'The specified object was not found in the store.');
  return message;
};
const foundFolder = (id) => {
  const folder = mailbox.folder(id);
  if (!folder) throw refusal(404, 'The specified folder could not be found in the store.');
  return folder;
};
const time = (ms) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
const addressed = (text) => [...(text ?? '').matchAll(/(?:"?([^"<,]*?)"?\s*)?<?([^\s<>,]+@[^\s<>,]+)>?/g)].map((one) => ({ emailAddress: { name: one[1]?.trim() || one[2], address: one[2] } }));

function idOf(message, call) {
  return (call.headers.prefer ?? '').includes('IdType="ImmutableId"') ? message.id : mailbox.plainId(message);
}

/** As much of it as $select and $expand ask for. */
function shown(message, call) {
  const folder = mailbox.folders.get(message.folder);
  const whole = {
    '@odata.etag': `W/"${message.id}${message.changeKey}"`,
    id: idOf(message, call),
    createdDateTime: time(message.receivedAt),
    receivedDateTime: time(message.receivedAt),
    sentDateTime: time(message.sentAt),
    hasAttachments: false,
    internetMessageId: message.messageId,
    subject: field(message.fields, 'Subject') ?? '',
    parentFolderId: folder.id,
    isRead: message.isRead,
    isDraft: message.isDraft,
    body: { contentType: 'text', content: message.raw.toString('utf8').split(/\r?\n\r?\n/).slice(1).join('\n\n') },
    from: addressed(field(message.fields, 'From'))[0],
    toRecipients: addressed(field(message.fields, 'To')),
    ccRecipients: addressed(field(message.fields, 'Cc')),
  };
  const select = call.query.get('$select')?.split(',');
  const answer = select ? Object.fromEntries(Object.entries(whole).filter(([name]) => name.startsWith('@') || name === 'id' || select.includes(name))) : whole;
  const wanted = /singleValueExtendedProperties\(\$filter=id eq '([^']+)'\)/.exec(call.query.get('$expand') ?? '')?.[1];
  const properties = message.properties.filter((one) => one.id.toLowerCase() === wanted?.toLowerCase());
  if (properties.length > 0) answer.singleValueExtendedProperties = properties;
  return answer;
}

function filtered(all, filter) {
  if (!filter) return all;
  const marker = /^singleValueExtendedProperties\/Any\(ep: ep\/id eq '([^']+)' and ep\/value eq '([^']*)'\)$/.exec(filter);
  if (marker) return all.filter((one) => one.properties.some((property) => property.id.toLowerCase() === marker[1].toLowerCase() && property.value === marker[2]));
  const id = /^internetMessageId eq '([^']*)'$/.exec(filter);
  if (id) return all.filter((one) => one.messageId === id[1]);
  throw refusal(400, `Invalid filter clause: ${filter}`, 'BadRequest');
}

const base = (call) => `${call.headers['x-scheme'] ?? scheme}://${call.headers.host}`;
const scheme = argument('tls-key') ? 'https' : 'http';
const pageSize = (call) => Number(/odata\.maxpagesize=(\d+)/.exec(call.headers.prefer ?? '')?.[1] ?? call.query.get('$top') ?? 10);

function listed(call, all) {
  const [by, order] = (call.query.get('$orderby') ?? 'receivedDateTime desc').split(' ');
  const key = by === 'sentDateTime' ? 'sentAt' : 'receivedAt';
  const sorted = filtered(all, call.query.get('$filter')).sort((a, b) => (order === 'desc' ? b[key] - a[key] || b.number - a.number : a[key] - b[key]));
  const skip = Number(call.query.get('$skip') ?? 0);
  const size = call.query.has('$top') ? Number(call.query.get('$top')) : pageSize(call);
  const answer = { '@odata.context': `${base(call)}/v1.0/$metadata#users/messages`, value: sorted.slice(skip, skip + size).map((one) => shown(one, call)) };
  if (skip + size < sorted.length && !call.query.has('$top')) {
    const next = new URLSearchParams(call.query);
    next.set('$skip', String(skip + size));
    answer['@odata.nextLink'] = `${base(call)}${call.path}?${next}`;
  }
  return answer;
}

/** Rounds: pages of all, then a link that tells what came since. A link holds its options; it is asked for as it is. */
function delta(call, folderId) {
  const folder = foundFolder(folderId);
  const known = call.query.get('$skiptoken') ?? call.query.get('$deltatoken');
  let state;
  if (known) {
    state = deltas.links.get(known);
    if (!state || (deltas.isForgetting && call.query.has('$deltatoken'))) throw refusal(410, 'The sync state generation is not found; start a new one.');
  } else {
    state = { folder: folder.id, all: mailbox.in(folder.id).sort((a, b) => b.receivedAt - a.receivedAt).map((one) => one.id), from: 0, changes: mailbox.changes.length, options: Object.fromEntries(call.query) };
  }
  if (call.query.has('$deltatoken')) {
    const since = mailbox.changes.slice(state.changes).filter((one) => one.folder === state.folder);
    const last = new Map(since.map((one) => [one.id, one.kind]));
    state = { ...state, all: [...last.keys()].filter((id) => last.get(id) === 'created' || state.options.changeType !== 'created'), kinds: last, from: 0, changes: mailbox.changes.length };
  }
  const size = pageSize(call);
  const page = state.all.slice(state.from, state.from + size);
  call.query = new URLSearchParams(state.options);
  const value = page.flatMap((id) => {
    const message = mailbox.find(id);
    if (state.kinds?.get(id) === 'removed' || !message || message.folder !== state.folder) return state.kinds ? [{ '@odata.type': '#microsoft.graph.message', id, '@removed': { reason: 'deleted' } }] : [];
    return [{ '@odata.type': '#microsoft.graph.message', ...shown(message, call) }];
  });
  const token = `t${deltas.next++}`;
  const isLast = state.from + size >= state.all.length;
  deltas.links.set(token, isLast ? { ...state, kinds: undefined } : { ...state, from: state.from + size });
  const link = `${base(call)}${call.path}?${isLast ? '$deltatoken' : '$skiptoken'}=${token}`;
  return { '@odata.context': `${base(call)}/v1.0/$metadata#Collection(message)`, [isLast ? '@odata.deltaLink' : '@odata.nextLink']: link, value };
}

function create(call, folder) {
  const type = call.headers['content-type'] ?? '';
  if (call.body.length > DRAFT_MAX) throw refusal(413, 'The request is too large.');
  if (type.startsWith('text/plain')) {
    const text = call.body.toString();
    if (!/^[A-Za-z0-9+/\r\n]+=*\s*$/.test(text)) throw refusal(400, 'Invalid base64 string for MIME content.', 'ErrorMimeContentInvalidBase64String');
    return mailbox.add(Buffer.from(text, 'base64'), folder, { isDraft: true });
  }
  const lines = [`From: ${mailbox.address}`, `To: ${(call.json.toRecipients ?? []).map((one) => one.emailAddress.address).join(', ')}`, `Subject: ${call.json.subject ?? ''}`];
  const message = mailbox.add(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${call.json.body?.content ?? ''}`), folder, { isDraft: true });
  message.properties = call.json.singleValueExtendedProperties ?? [];
  return message;
}

async function subscribe(call) {
  const { notificationUrl, resource, changeType, expirationDateTime, clientState } = call.json;
  const answer = await fetch(`${notificationUrl}?validationToken=${encodeURIComponent('Validation: <1> & more')}`, { method: 'POST', headers: { 'Content-Type': 'text/plain' } });
  if (answer.status !== 200 || (await answer.text()) !== 'Validation: <1> & more') throw refusal(400, 'Subscription validation request failed. HTTP status code is not OK.', 'ValidationError');
  const latest = Date.now() + 10_080 * 60_000;
  const id = `sub-${subscriptions.size + 1}`;
  const made = { id, resource, changeType, notificationUrl, expirationDateTime: new Date(Math.min(Date.parse(expirationDateTime), latest)).toISOString(), clientState: clientState ?? null, applicationId: 'client' };
  subscriptions.set(id, made);
  return { status: 201, body: made };
}

const created = (message, call) => ({ status: 201, body: shown(message, call) });
const folderShown = ({ id, name, parent }) => ({ id, displayName: name, parentFolderId: parent ?? 'F-root', childFolderCount: 0, unreadItemCount: 0, totalItemCount: 0 });
const foldersIn = (parent, call) => {
  const all = [...mailbox.folders.values()].filter((one) => one.parent === parent).map(folderShown);
  const skip = Number(call.query.get('$skip') ?? 0);
  const size = pageSize(call);
  const next = new URLSearchParams(call.query);
  next.set('$skip', String(skip + size));
  return { value: all.slice(skip, skip + size), ...(skip + size < all.length ? { '@odata.nextLink': `${base(call)}${call.path}?${next}` } : {}) };
};

const routes = [
  ['GET', /^\/mailFolders$/, (call) => ({ body: foldersIn(null, call) })],
  ['GET', /^\/mailFolders\/([^/]+)$/, (call, id) => ({ body: folderShown(foundFolder(id)) })],
  ['GET', /^\/mailFolders\/([^/]+)\/childFolders$/, (call, id) => ({ body: foldersIn(foundFolder(id).id, call) })],
  ['GET', /^\/mailFolders\/([^/]+)\/messages\/delta$/, (call, id) => ({ body: delta(call, id) })],
  ['GET', /^\/mailFolders\/([^/]+)\/messages$/, (call, id) => ({ body: listed(call, mailbox.in(foundFolder(id).id)) })],
  ['GET', /^\/messages$/, (call) => ({ body: listed(call, mailbox.in()) })],
  ['POST', /^\/messages$/, (call) => created(create(call, 'F-drafts'), call)],
  ['GET', /^\/messages\/([^/]+)$/, (call, id) => ({ body: shown(found(mailbox.find(id)), call) })],
  ['GET', /^\/messages\/([^/]+)\/\$value$/, (call, id) => ({ body: found(mailbox.find(id)).raw, headers: { 'Content-Type': 'text/plain' } })],
  ['PATCH', /^\/messages\/([^/]+)$/, (call, id) => {
    const message = found(mailbox.find(id));
    for (const property of call.json.singleValueExtendedProperties ?? []) {
      message.properties = message.properties.filter((one) => one.id.toLowerCase() !== property.id.toLowerCase());
      message.properties.push({ id: property.id.replace(/\{[^}]+\}/, (guid) => guid.toLowerCase()), value: property.value });
    }
    if ('isRead' in call.json) message.isRead = call.json.isRead;
    message.changeKey += 1;
    return { body: shown(message, call) };
  }],
  ['DELETE', /^\/messages\/([^/]+)$/, (call, id) => {
    mailbox.remove(found(mailbox.find(id)));
    return { status: 204 };
  }],
  ['POST', /^\/messages\/([^/]+)\/move$/, (call, id) => {
    const message = found(mailbox.find(id));
    mailbox.move(message, foundFolder(call.json.destinationId).id);
    return created(message, call);
  }],
  ['POST', /^\/messages\/([^/]+)\/send$/, (call, id) => {
    const message = found(mailbox.find(id));
    if (call.headers['content-length'] === undefined) throw refusal(411, 'A Content-Length header is needed.', 'LengthRequired');
    if (!message.isDraft) throw refusal(400, 'The item was not a draft.', 'ErrorInvalidOperation');
    if (!(field(message.fields, 'To') ?? '').includes('@')) throw refusal(400, 'At least one recipient is not valid.', 'ErrorInvalidRecipients');
    mailbox.send(message);
    return { status: 202 };
  }],
  ['POST', /^\/sendMail$/, (call) => {
    const message = create({ ...call, json: call.json?.message ?? call.json }, 'F-drafts');
    mailbox.send(message);
    return { status: 202 };
  }],
];

async function handle(call) {
  if (call.method === 'POST' && /^\/[^/]+\/oauth2\/v2\.0\/token$/.test(call.path)) return token(call);
  const at = /^\/v1\.0(\/.*)$/.exec(call.path)?.[1];
  if (!at) throw refusal(404, 'Not found', 'ResourceNotFound');
  needToken(call);
  calls.all = (calls.all ?? 0) + 1;
  if (at === '/subscriptions' && call.method === 'POST') return subscribe(call);
  const one = /^\/subscriptions\/([^/]+)$/.exec(at)?.[1];
  if (one) {
    const subscription = subscriptions.get(one);
    if (!subscription) throw refusal(404, 'The object was not found.', 'ResourceNotFound');
    if (call.method === 'DELETE') subscriptions.delete(one);
    if (call.method === 'PATCH') subscription.expirationDateTime = call.json.expirationDateTime;
    return call.method === 'DELETE' ? { status: 204 } : { body: subscription };
  }
  const user = /^\/users\/([^/]+)(\/.*)?$/.exec(at);
  if (!user || decodeURIComponent(user[1]).toLowerCase() !== mailbox.address) throw refusal(404, 'The requested user is invalid.', 'ErrorInvalidUser');
  for (const [method, path, answer] of routes) {
    const parts = path.exec(user[2] ?? '');
    if (!parts || method !== call.method) continue;
    const name = `${method} ${path.source.replace(/\\|\^|\$$|\$/g, '').replace(/\(\[\/]\+\)/g, '{id}').replace(/\(\[\^?\/\]\+\)/g, '{id}')}`;
    calls[name] = (calls[name] ?? 0) + 1;
    return answer(call, ...parts.slice(1).map(decodeURIComponent));
  }
  throw refusal(400, 'Resource not found for the segment.', 'BadRequest');
}

// --- What tests order --------------------------------------------------------------------------------------------------------

const control = {
  deliver: ({ raw, folder = 'inbox', receivedAt }) => ({ id: mailbox.add(Buffer.from(raw, 'base64'), foundFolder(folder).id, receivedAt ? { receivedAt } : {}).id }),
  folder: ({ name, parent }) => ({ id: mailbox.addFolder(name, parent ?? null) }),
  move: ({ id, folder }) => mailbox.move(mailbox.find(id), foundFolder(folder).id),
  remove: ({ id }) => mailbox.remove(mailbox.find(id)),
  faults: ({ list, seed }) => faults.set(list, seed),
  oauth: (orders) => {
    Object.assign(oauth, orders);
    if (orders.expire_all) tokens.clear();
  },
  settings: ({ sendLag, renames, forgets }) => {
    if (sendLag !== undefined) mailbox.sendLag = sendLag;
    if (renames !== undefined) mailbox.renames = renames;
    if (forgets !== undefined) deltas.isForgetting = forgets;
  },
  edit_drafts: ({ from, to }) => {
    for (const message of mailbox.messages.values())
      if (message.isDraft) message.raw = Buffer.from(message.raw.toString('latin1').replace(from, to), 'latin1');
  },
  state: () => ({
    sent: mailbox.sent,
    drafts: [...mailbox.messages.values()].filter((one) => one.isDraft).map((one) => ({ id: one.id, effect: one.properties[0]?.value ?? '' })),
    messages: [...mailbox.messages.values()].map(({ id, folder, isRead, changeKey }) => ({ id, folder, isRead, changeKey })),
    tokens: oauth.count,
    faults: faults.struck,
    calls,
  }),
};

serve({ handle, control, faults });
