// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>
#include <utility>

#include "base/log.h"
#include "mail/limits.h"
#include "mailroom/intake.h"
#include "mailroom/limits.h"

/// Mails become durable here, before anything is done with them and before their source hears of it.
namespace resolute::mailroom {

std::uint64_t cut_to_limit(mail::RawMail& mail) {
    const std::uint64_t size = mail.bytes.size();
    if (size > mail::limits::raw_bytes_max) mail.bytes.resize(kHeadBytesMax);
    return size;
}

void Intake::fetch(Instant now, IntakeRound& round) {
    for (ports::MailSource* source : sources_) {
        fetch_from(*source, now, round);
        if (round.stopped_by) return;
    }
}

IntakeRound Intake::fetch_from(ports::MailSource& source, Instant now) {
    IntakeRound round;
    fetch_from(source, now, round);
    return round;
}

Result<bool> Intake::keep(mail::RawMail mail, bool is_head, Instant now) {
    mail.received_at = std::min(mail.received_at, now);
    const std::uint64_t size = std::max(cut_to_limit(mail), is_head ? mail::limits::raw_bytes_max + 1 : std::uint64_t{0});
    TRY(const std::vector<bool> is_new, store_.keep({mail}, {size}));
    if (is_new.front()) note_vip(mail, mail::id_of(mail));
    return is_new.front();
}

Result<std::vector<mail::SourcePosition>> Intake::list_new(ports::MailSource& source, IntakeRound& round) {
    const bool asks_first = source.is_immutable();
    TRY(std::vector<mail::SourcePosition> listed, source.list(asks_first ? kListMax : options_.list_max));
    if (!asks_first) return listed;
    std::vector<mail::SourcePosition> unknown;
    for (std::size_t at = 0; at < listed.size() && unknown.size() < options_.list_max; at += kAskMax) {
        const std::size_t end = std::min(listed.size(), at + kAskMax);
        const std::vector part(listed.begin() + static_cast<std::ptrdiff_t>(at), listed.begin() + static_cast<std::ptrdiff_t>(end));
        auto are_kept = store_.are_kept(part);
        if (!are_kept) {
            round.stopped_by = std::move(are_kept).error();
            return std::vector<mail::SourcePosition>{};
        }
        for (std::size_t i = 0; i < part.size(); ++i) {
            if (!are_kept->at(i)) {
                unknown.push_back(part[i]);
                continue;
            }
            ++round.known;
            TRY_STATUS(source.done(part[i]));
        }
    }
    if (unknown.size() > options_.list_max) unknown.resize(options_.list_max);
    return unknown;
}

void Intake::fetch_from(ports::MailSource& source, Instant now, IntakeRound& round) {
    const auto report = [&](Error error) {
        LOG(warning, "mail source failed", kv("source", source.name()), kv("error", error.code));
        round.problems.push_back({source.name(), std::move(error)});
    };
    const auto listed = list_new(source, round);
    if (!listed) return report(listed.error());

    Batch batch;
    int errors_in_a_row = 0;
    for (const mail::SourcePosition& position : *listed) {
        if (is_closing_) break;
        auto fetched = source.fetch(position);
        // What it really has, the source does not tell; that it is above the limit is all that matters later.
        std::uint64_t size_at_least = 0;
        if (!fetched && fetched.error().code == "mail.too_large") {
            fetched = source.fetch_head(position, kHeadBytesMax);
            size_at_least = mail::limits::raw_bytes_max + 1;
        }
        if (!fetched) {
            if (fetched.error().code == "mail.vanished") continue;  // Somebody removed it before it was ever ours.
            report(std::move(fetched).error());
            if (++errors_in_a_row == kFetchErrorsMax) break;
            continue;
        }
        errors_in_a_row = 0;
        mail::RawMail mail = *std::move(fetched);
        mail.position = position;
        mail.received_at = std::min(mail.received_at, now);  // A source's clock may be ahead; nothing comes from the future.
        batch.sizes.push_back(std::max(cut_to_limit(mail), size_at_least));
        batch.bytes += mail.bytes.size();
        batch.positions.push_back(position);
        batch.mails.push_back(std::move(mail));
        if (batch.mails.size() < kKeepMailsMax && batch.bytes < kKeepBytesMax) continue;
        if (Status flushed = flush(source, batch, round); !flushed) {
            round.stopped_by = std::move(flushed).error();
            return;
        }
    }
    if (Status flushed = flush(source, batch, round); !flushed) round.stopped_by = std::move(flushed).error();
}

Status Intake::flush(ports::MailSource& source, Batch& batch, IntakeRound& round) {
    if (batch.mails.empty()) return {};
    TRY(const std::vector<bool> is_new, store_.keep(batch.mails, batch.sizes));
    for (std::size_t i = 0; i < batch.mails.size(); ++i) {
        if (i < is_new.size() && is_new[i]) {
            ++round.kept;
            note_vip(batch.mails[i], mail::id_of(batch.mails[i]));
        } else {
            ++round.known;
        }
    }
    // Only now: law 5. A mail that cannot be marked is listed again, and known by then.
    for (const mail::SourcePosition& position : batch.positions) {
        if (Status done = source.done(position); !done) {
            LOG(warning, "mail source failed", kv("source", source.name()), kv("error", done.error().code));
            round.problems.push_back({source.name(), std::move(done).error()});
            break;
        }
    }
    batch = {};
    return {};
}

}  // namespace resolute::mailroom
