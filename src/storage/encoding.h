// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/store.h"
#include "ports/article_store.h"
#include "ports/crm.h"
#include "ports/intake_store.h"
#include "ports/people.h"

/// Between values and what the columns of databases hold. The names are the format of the data: never change one.
namespace resolute::storage {

std::string_view name_of(engine::Lifecycle lifecycle);
std::string_view name_of(casework::Claim::State state);
std::string_view name_of(procedure::EffectClass effect_class);
std::string_view name_of(casework::Purpose purpose);
Result<procedure::EffectClass> parse_effect_class(std::string_view name);
Result<casework::Purpose> parse_purpose(std::string_view name);
Result<engine::Lifecycle> parse_lifecycle(std::string_view name);
Result<casework::Claim::State> parse_claim_state(std::string_view name);

std::string encode(const ports::Customer& customer);
Result<ports::Customer> decode_customer(std::string_view text);
std::string encode(const ports::Agent& agent);
Result<ports::Agent> decode_agent(std::string_view text);
std::string encode(const ports::Article& article);
Result<ports::Article> decode_article(std::string_view text);

/// A row that a later or a broken program wrote.
std::unexpected<Error> corrupt_row(std::string_view what);

}  // namespace resolute::storage
