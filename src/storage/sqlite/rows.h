// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/crm.h"
#include "ports/intake_store.h"
#include "ports/people.h"
#include "storage/sqlite/connection.h"

/// Between values and columns. The names are the file's format: never change one.
namespace resolute::storage::sqlite {

std::string_view name_of(engine::Lifecycle lifecycle);
std::string_view name_of(casework::Claim::State state);
std::string_view name_of(procedure::EffectClass effect_class);
std::string_view name_of(casework::Purpose purpose);
Result<procedure::EffectClass> parse_effect_class(std::string_view name);
Result<engine::Lifecycle> parse_lifecycle(std::string_view name);
Result<casework::Claim::State> parse_claim_state(std::string_view name);

/// Rows of RESOLUTE_EFFECT_COLUMNS, kFindSent, kLastFreeze, kClaims, RESOLUTE_MAIL_COLUMNS.
Result<engine::EffectRecord> effect_of(const Query& row);
Result<engine::EffectRecord> sent_of(const EffectId& id, const Query& row);
engine::Freeze freeze_of(const Query& row);
Result<casework::Claim> claim_of(const Query& row);
Result<ports::MailRecord> mail_of(const Query& row);

std::string encode(const ports::Customer& customer);
Result<ports::Customer> decode_customer(std::string_view text);
std::string encode(const ports::Agent& agent);
Result<ports::Agent> decode_agent(std::string_view text);
std::string encode(const ports::Article& article);
Result<ports::Article> decode_article(std::string_view text);

/// A row that a later or a broken program wrote.
std::unexpected<Error> corrupt_row(std::string_view what);

}  // namespace resolute::storage::sqlite
