// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/interrupt.h"
#include "base/result.h"
#include "mail/raw_mail.h"

namespace resolute::ports {

/// How a mail is to be shown at its source to the people who look there, once what became of it is durable.
enum class PutAway { done, quarantined };

/// A mailbox that is read. Nothing is changed there before `done`, which is called only after the raw bytes are durable.
/// Threads: one.
class MailSource {
public:
    virtual ~MailSource() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    /// Positions of mails not yet `done`, oldest first, at most `limit`. Never reads bodies.
    virtual Result<std::vector<mail::SourcePosition>> list(std::size_t limit) = 0;
    /// `mail.too_large` above the limit (a RawMail with the first 256 KiB is kept instead: see fetch_head), `mail.vanished`.
    virtual Result<mail::RawMail> fetch(const mail::SourcePosition& position) = 0;
    /// The beginning of a mail that is too large.
    virtual Result<mail::RawMail> fetch_head(const mail::SourcePosition& position, std::size_t bytes_max) = 0;
    /// The mail is kept: it need not be listed again.
    virtual Status done(const mail::SourcePosition& position) = 0;
    /// Whether what stands at a position never changes: then what is kept from there is not fetched again.
    [[nodiscard]] virtual bool is_immutable() const = 0;
    /// Until there may be something new to list, `at_most` is over, or the program stops. An error is told by the next list.
    virtual void wait(Duration at_most, const Interrupt& stop) { static_cast<void>(stop.wait(at_most)); }

    /// Account and folder of its mails' positions, without a uid. Needed where it puts away.
    [[nodiscard]] virtual mail::SourcePosition place() const { return {}; }
    /// Whether `put_away` is configured to do something with such mails. By default a mailbox is only read.
    [[nodiscard]] virtual bool puts_away(PutAway) const { return false; }
    /// A flag, another folder: as configured. Only for mails whose outcome is durable. The same again is harmless, and so is one that is
    /// no longer there. After an error some may have been put away: all are tried again.
    virtual Status put_away(const std::vector<mail::SourcePosition>&, PutAway) { return {}; }
    /// Mails there that are not listed because they came before the day from which mail is taken in.
    virtual Result<std::uint64_t> count_left_out() { return 0; }
};

}  // namespace resolute::ports
