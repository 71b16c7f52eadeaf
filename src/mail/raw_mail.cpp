// SPDX-License-Identifier: Apache-2.0
#include "mail/raw_mail.h"

#include "base/hash.h"

namespace resolute::mail {

MailId id_of(const RawMail& mail) {
    const Sha256 digest = sha256(mail.bytes);
    const std::string_view content(reinterpret_cast<const char*>(digest.data()), digest.size());
    return MailId("m" + short_hash({mail.position.account, mail.position.folder, mail.position.uid, content}, 15));
}

}  // namespace resolute::mail
