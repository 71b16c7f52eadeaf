// SPDX-License-Identifier: Apache-2.0
// One mailbox of Microsoft 365, in memory: folders, messages under two kinds of ids, delta rounds, drafts that take a while to be sent.
import { fieldsOf, field } from '../gmail/mailbox.mjs';

const WELL_KNOWN = { inbox: 'Inbox', sentitems: 'Sent Items', drafts: 'Drafts', deleteditems: 'Deleted Items', junkemail: 'Junk Email', archive: 'Archive', outbox: 'Outbox' };

export class Mailbox {
  constructor(address) {
    this.address = address;
    this.folders = new Map(); // id → {id, name, parent}
    for (const [id, name] of Object.entries(WELL_KNOWN)) this.folders.set(`F-${id}`, { id: `F-${id}`, name, parent: null });
    this.messages = new Map(); // immutable id → message
    this.changes = []; // {folder, id, at}: what was created in a folder, or left it
    this.nextId = 1;
    this.nextFolder = 1;
    this.sendLag = 0; // ms from the 202 to the copy among the sent
    this.renames = false; // another Message-ID, as Exchange Online gives one
    this.sent = []; // what left, in order: {id, to, effect, raw}
  }

  folder(nameOrId) {
    return this.folders.get(nameOrId) ?? this.folders.get(`F-${String(nameOrId).toLowerCase()}`);
  }

  addFolder(name, parent = null) {
    const id = `F-${this.nextFolder++}`;
    this.folders.set(id, { id, name, parent });
    return id;
  }

  add(raw, folder, { receivedAt = Date.now(), isDraft = false } = {}) {
    const number = this.nextId++;
    const fields = fieldsOf(raw);
    const message = {
      number,
      id: `AAkALg${number.toString(36)}=`, // the immutable one
      rest: 1, // the plain id changes with each move
      folder,
      raw,
      fields,
      isDraft,
      receivedAt,
      sentAt: isDraft ? receivedAt : Date.parse(field(fields, 'Date') ?? '') || receivedAt,
      messageId: field(fields, 'Message-ID') ?? `<made-${number}@outlook.example>`,
      properties: [],
      changeKey: 1,
      isRead: false,
    };
    this.messages.set(message.id, message);
    this.changes.push({ folder, id: message.id, kind: 'created' });
    return message;
  }

  plainId(message) {
    return `AAMkAG${message.number.toString(36)}-${message.rest}=`;
  }

  /** Either kind of id is taken, as the service does. */
  find(id) {
    const message = this.messages.get(id) ?? [...this.messages.values()].find((one) => this.plainId(one) === id);
    return message && !(message.hiddenUntil > Date.now()) ? message : undefined;
  }

  move(message, folder) {
    this.changes.push({ folder: message.folder, id: message.id, kind: 'removed' });
    message.folder = folder;
    message.rest += 1;
    this.changes.push({ folder, id: message.id, kind: 'created' });
  }

  remove(message) {
    this.changes.push({ folder: message.folder, id: message.id, kind: 'removed' });
    this.messages.delete(message.id);
  }

  send(message) {
    message.isDraft = false;
    message.sentAt = Date.now();
    message.hiddenUntil = Date.now() + this.sendLag;
    const property = message.properties.find((one) => one.id.toLowerCase().endsWith('name resoluteeffect'));
    this.sent.push({ id: message.id, to: field(message.fields, 'To') ?? '', effect: property?.value ?? '', raw: message.raw.toString('utf8') });
    if (this.renames) message.messageId = `<renamed-${message.number}@outlook.example>`;
    this.move(message, 'F-sentitems');
  }

  in(folder) {
    return [...this.messages.values()].filter((one) => (!folder || one.folder === folder) && !(one.hiddenUntil > Date.now()));
  }
}
