// SPDX-License-Identifier: Apache-2.0
#include "tools/facts.h"

namespace resolute::tools {
namespace {

constexpr std::size_t kHitsMax = 5;
/// Below it an article shares everyday words with the mail by chance (knowledge_base.h: 1 is the best possible score).
constexpr double kRelevantScoreMin = 0.15;

engine::Settlement run(World& world, const Call& call) {
    const ports::SearchQuery query{.subject = call.arg("mail")["subject"].as_string(),
                                   .text = customer_text(call),
                                   .category = call.arg("issue")["category"].as_string(),
                                   .language = call.arg("issue")["language"].as_string(),
                                   .limit = kHitsMax};
    const auto hits = world.knowledge.search(query, call.deadline);
    if (!hits) return engine::Settlement::from(hits.error());
    json::Array articles;
    for (const ports::SearchHit& hit : *hits) articles.push_back(article_facts(hit));
    const bool found = !hits->empty() && hits->front().score >= kRelevantScoreMin;
    if (!found) articles.clear();
    return engine::Settlement::success(found ? "found" : "nothing_relevant", json::Value().set("articles", std::move(articles)));
}

}  // namespace

Tool kb_search() {
    return {.signature = {.name = "kb.search",
                          .purpose = "finds articles that may answer the question",
                          .category = procedure::ToolCategory::integration,
                          .action = procedure::ActionType::read,
                          .effect = procedure::EffectClass::reads,
                          .integration = "knowledge",
                          .outcomes = {"found", "nothing_relevant"},
                          .needs = {"mail", "issue"},
                          .uses = {"conversation"},
                          .produces = {{"articles", "list"}}},
            .run = run,
            .look_up = {}};
}

}  // namespace resolute::tools
