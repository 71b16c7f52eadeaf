// SPDX-License-Identifier: Apache-2.0
#include "mailroom/put_away.h"

#include <optional>
#include <utility>

#include "base/log.h"
#include "mailroom/limits.h"

namespace resolute::mailroom {

using ports::PutAway;

PutAway put_away_as(ports::MailOutcome outcome) {
    return outcome == ports::MailOutcome::quarantined ? PutAway::quarantined : PutAway::done;
}

Result<std::size_t> put_away(ports::MailSource& source, ports::MailLedger& ledger) {
    if (!source.puts_away(PutAway::done) && !source.puts_away(PutAway::quarantined)) return 0;
    const mail::SourcePosition place = source.place();
    TRY(const auto mails, ledger.to_put_away(place.account, place.folder, kPutAwayMax));
    std::optional<Error> failed;
    std::size_t count = 0;
    for (const PutAway how : {PutAway::done, PutAway::quarantined}) {
        std::vector<mail::SourcePosition> positions;
        std::vector<MailId> ids;
        for (const ports::MailRecord& mail : mails) {
            if (put_away_as(mail.outcome) != how) continue;
            positions.push_back(mail.position);
            ids.push_back(mail.id);
        }
        if (ids.empty()) continue;
        // Of what the configuration does not want any more nothing is left to do.
        if (source.puts_away(how)) {
            if (Status done = source.put_away(positions, how); !done) {
                LOG(warning, "mails could not be put away", kv("source", source.name()), kv("error", done.error().code));
                if (!failed) failed = std::move(done).error();
                continue;
            }
        }
        TRY_STATUS(ledger.mark_put_away(ids));
        count += ids.size();
    }
    if (failed) return std::unexpected(*std::move(failed));
    return count;
}

}  // namespace resolute::mailroom
