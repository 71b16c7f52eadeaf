// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/interrupt.h"
#include "base/result.h"
#include "mail/raw_mail.h"

namespace resolute::ports {

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
};

}  // namespace resolute::ports
