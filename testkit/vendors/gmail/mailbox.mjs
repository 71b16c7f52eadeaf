// SPDX-License-Identifier: Apache-2.0
// One Gmail mailbox, in memory: messages, labels, drafts, history, and a search that lags behind when it is told to.

const SYSTEM_LABELS = ['INBOX', 'SENT', 'DRAFT', 'SPAM', 'TRASH', 'UNREAD', 'STARRED', 'IMPORTANT', 'CHAT'];

/** The header fields of a mail, unfolded, in their order. */
export function fieldsOf(raw) {
  const text = raw.toString('latin1');
  const end = text.search(/\r?\n\r?\n/);
  const head = (end < 0 ? text : text.slice(0, end)).replace(/\r?\n[ \t]+/g, ' ');
  return head
    .split(/\r?\n/)
    .filter((line) => /^[!-9;-~]+:/.test(line))
    .map((line) => ({ name: line.slice(0, line.indexOf(':')), value: line.slice(line.indexOf(':') + 1).trim() }));
}

export const field = (fields, name) => fields.find((one) => one.name.toLowerCase() === name.toLowerCase())?.value;

export class Mailbox {
  constructor(address) {
    this.address = address;
    this.messages = new Map();
    this.drafts = new Map();
    this.labels = new Map(SYSTEM_LABELS.map((id) => [id, { id, name: id, type: 'system', messageListVisibility: 'show', labelListVisibility: 'labelShow' }]));
    this.history = []; // {id, kind, message, labelIds}
    this.historyId = 1000n;
    this.oldestHistoryId = 1000n;
    this.nextId = 0x18f0000000000000n;
    this.nextDraft = 7000;
    this.nextLabel = 1;
    this.indexLag = 0; // ms
    this.sent = []; // what left, in order: {id, to, effect, messageId}
  }

  note(kind, message, labelIds) {
    this.historyId += 1n;
    message.historyId = String(this.historyId);
    this.history.push({ id: this.historyId, kind, message, labelIds });
  }

  add(raw, labelIds, { internalDate = Date.now(), threadId } = {}) {
    this.nextId += 0x1000n + BigInt(this.messages.size % 7);
    const id = this.nextId.toString(16);
    const message = { id, threadId: threadId ?? id, labelIds: [...labelIds], internalDate: String(internalDate), raw, fields: fieldsOf(raw), indexedAt: Date.now() + this.indexLag };
    this.messages.set(id, message);
    this.note('messageAdded', message);
    return message;
  }

  remove(id) {
    const message = this.messages.get(id);
    if (!message) return false;
    this.messages.delete(id);
    this.note('messageDeleted', message);
    return true;
  }

  modify(message, add, remove) {
    const added = add.filter((label) => !message.labelIds.includes(label));
    const removed = remove.filter((label) => message.labelIds.includes(label));
    message.labelIds = message.labelIds.filter((label) => !removed.includes(label)).concat(added);
    if (added.length > 0) this.note('labelAdded', message, added);
    if (removed.length > 0) this.note('labelRemoved', message, removed);
  }

  createDraft(raw, threadId) {
    const message = this.add(raw, ['DRAFT'], { threadId });
    this.nextDraft += 1;
    const draft = { id: `r-${this.nextDraft}`, message };
    this.drafts.set(draft.id, draft);
    return draft;
  }

  updateDraft(draft, raw) {
    this.remove(draft.message.id);
    draft.message = this.add(raw, ['DRAFT'], { threadId: draft.message.threadId });
  }

  deleteDraft(draft) {
    this.remove(draft.message.id);
    this.drafts.delete(draft.id);
  }

  /** The draft is gone, and a new message with another id stands among what was sent. */
  sendDraft(draft) {
    this.deleteDraft(draft);
    return this.send(draft.message.raw, draft.message.threadId);
  }

  send(raw, threadId) {
    const message = this.add(raw, ['SENT'], { threadId });
    this.sent.push({ id: message.id, to: field(message.fields, 'To'), effect: field(message.fields, 'X-Resolute-Effect'), messageId: field(message.fields, 'Message-ID'), raw: raw.toString('latin1') });
    return message;
  }

  /** Newest first. `q`: the operators that we know; any other word is looked for in the subject. */
  list({ q = '', labelIds = [], includeSpamTrash = false }) {
    const words = q.split(/\s+/).filter((word) => word !== '');
    const matches = (message) => {
      if (!includeSpamTrash && !labelIds.some((label) => label === 'SPAM' || label === 'TRASH') && message.labelIds.some((label) => label === 'SPAM' || label === 'TRASH')) return false;
      if (!labelIds.every((label) => message.labelIds.includes(label))) return false;
      if (words.length > 0 && message.indexedAt > Date.now()) return false;
      return words.every((word) => this.matches(message, word));
    };
    return [...this.messages.values()].filter(matches).reverse();
  }

  matches(message, word) {
    const [operator, ...rest] = word.split(':');
    const value = rest.join(':');
    switch (operator) {
      case 'rfc822msgid':
        return (field(message.fields, 'Message-ID') ?? '').replace(/^<|>$/g, '') === value.replace(/^<|>$/g, '');
      case 'in':
      case 'label':
        return message.labelIds.some((label) => label.toLowerCase() === value.toLowerCase());
      case 'after':
        return Number(message.internalDate) >= Number(value) * 1000;
      case 'to':
        return (field(message.fields, 'To') ?? '').toLowerCase().includes(value.toLowerCase());
      default:
        return (field(message.fields, 'Subject') ?? '').toLowerCase().includes(word.toLowerCase());
    }
  }

  /** Older history is forgotten. */
  forgetHistory() {
    this.history = [];
    this.oldestHistoryId = this.historyId;
  }
}
