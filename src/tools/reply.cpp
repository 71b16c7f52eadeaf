// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "tools/facts.h"

// The texts that go out. Each ends as a draft: a proposal that the core's gate examines before it is sent.
namespace resolute::tools {
namespace {

procedure::ToolSignature writing(std::string name, std::string purpose, std::vector<std::string> outcomes, std::vector<std::string> needs,
                                 std::vector<std::string> uses, const std::string& fact) {
    return {.name = std::move(name),
            .purpose = std::move(purpose),
            .category = procedure::ToolCategory::prompt,
            .action = procedure::ActionType::generation,
            .effect = procedure::EffectClass::computes,
            .integration = "language",
            .outcomes = std::move(outcomes),
            .needs = std::move(needs),
            .uses = std::move(uses),
            .produces = {{fact, "map"}, {fact + ".subject", "string"}, {fact + ".text", "string"}, {fact + ".is_grounded", "bool"}}};
}

engine::Settlement written(const Result<ports::Draft>& draft, World& world, std::string_view fact, std::string outcome = "written") {
    if (!draft) return engine::Settlement::from(draft.error());
    return engine::Settlement::success(std::move(outcome), json::Value().set(fact, draft_facts(*draft, world.voice)));
}

std::string language_of(const Call& call) { return call.arg("issue")["language"].as_string_or("en"); }
std::string number_of(const Call& call) { return call.arg("ticket")["number"].as_string(); }

engine::Settlement acknowledgment(World& world, const Call& call) {
    const Duration target = json::to_duration(call.arg("priority")["response_target"]).value_or(std::chrono::hours(2));
    return written(world.language.write_acknowledgment({.voice = world.voice, .language = language_of(call), .customer_name = name_for_greeting(call),
                                                        .ticket = number_of(call), .response_target = spoken_duration(target)},
                                                       call.deadline),
                   world, "acknowledgment");
}

engine::Settlement resolution(World& world, const Call& call) {
    std::vector<ports::SearchHit> hits = hits_of(call.arg("articles"));
    std::erase_if(hits, [](const ports::SearchHit& hit) { return !hit.article.is_public; });
    const json::Value& grant = call.arg("grant");
    const auto granted = json::to_money(grant["amount"]);
    const auto draft = world.language.write_resolution(
        {.voice = world.voice, .language = language_of(call), .customer_name = name_for_greeting(call), .ticket = number_of(call),
         .question = call.arg("mail")["text"].as_string(), .issue = issue_of(call.arg("issue")), .hits = std::move(hits),
         .granted_amount = granted ? display_text(*granted) : std::string(), .granted_order = grant["order"].as_string(),
         .offers_person = call.arg("assessment")["offers_person"].as_bool(), .is_repeat = call.arg("case")["automatic_answers"].as_int() > 0},
        call.deadline);
    const bool is_grounded = draft && draft->is_grounded;
    return written(draft, world, "resolution", is_grounded ? "written" : "not_grounded");
}

engine::Settlement follow_up(World& world, const Call& call) {
    return written(world.language.write_follow_up({.voice = world.voice, .language = language_of(call), .customer_name = name_for_greeting(call),
                                                   .ticket = number_of(call)},
                                                  call.deadline),
                   world, "follow_up");
}

engine::Settlement agent_answer(World& world, const Call& call) {
    const json::Value& answer = call.arg("person_answer");
    const std::string reply(text::trim(answer["reply"].as_string()));
    if (reply.empty()) return engine::Settlement::success("nothing", json::Value().set("answer", json::Value()));
    const auto agent = world.people.find_agent(AgentId(answer["by"].as_string()));
    return written(world.language.write_agent_answer({.voice = world.voice, .language = language_of(call), .customer_name = name_for_greeting(call),
                                                      .ticket = number_of(call), .agent_name = agent && *agent ? (*agent)->name : std::string(),
                                                      .reply = reply},
                                                     call.deadline),
                   world, "answer");
}

engine::Settlement understand(World& world, const Call& call) {
    const bool survey_was_sent = call.arg("case")["follow_ups_sent"].as_int() > 0;
    const auto meaning = world.language.understand_reply(call.arg("reply")["text"].as_string(), survey_was_sent, call.deadline);
    if (!meaning) return engine::Settlement::from(meaning.error());
    // Whatever is neither content nor a rating may be a problem still: the customer is heard.
    const ports::ReplyMeaning what = meaning->meaning == ports::ReplyMeaning::other ? ports::ReplyMeaning::persists : meaning->meaning;
    json::Value facts;
    facts.set("reply_meaning", json::Value()
                                   .set("meaning", to_string(what))
                                   .set("rating", meaning->rating ? json::Value(*meaning->rating) : json::Value())
                                   .set("evidence", meaning->evidence));
    return engine::Settlement::success(std::string(to_string(what)), std::move(facts));
}

}  // namespace

Tool reply_acknowledgment() {
    return {.signature = writing("reply.acknowledgment", "writes the acknowledgment", {"written"}, {"ticket", "priority"},
                                 {"customer", "sender", "issue"}, "acknowledgment"),
            .run = acknowledgment, .look_up = {}};
}
Tool reply_resolution() {
    return {.signature = writing("reply.resolution", "composes the resolution from the articles", {"written", "not_grounded"},
                                 {"issue", "articles", "ticket"}, {"mail", "refund", "assessment", "customer", "sender", "grant"}, "resolution"),
            .run = resolution, .look_up = {}};
}
Tool reply_follow_up() {
    return {.signature = writing("reply.follow_up", "writes the follow-up with the survey", {"written"}, {"ticket"},
                                 {"customer", "sender", "issue"}, "follow_up"),
            .run = follow_up, .look_up = {}};
}
Tool reply_agent_answer() {
    return {.signature = writing("reply.agent_answer", "puts a person's answer into the organisation's form", {"written", "nothing"}, {"ticket"},
                                 {"person_answer", "customer", "sender", "issue"}, "answer"),
            .run = agent_answer, .look_up = {}};
}
Tool reply_understand() {
    return {.signature = {.name = "reply.understand",
                          .purpose = "tells whether the issue persists, the customer is content, or it is a rating",
                          .category = procedure::ToolCategory::prompt,
                          .action = procedure::ActionType::extraction,
                          .effect = procedure::EffectClass::computes,
                          .integration = "language",
                          .outcomes = {"persists", "rated", "satisfied"},
                          .needs = {"reply"},
                          .produces = {{"reply_meaning", "map"}, {"reply_meaning.meaning", "string"}, {"reply_meaning.rating", "int"},
                                       {"reply_meaning.evidence", "string"}}},
            .run = understand, .look_up = {}};
}

}  // namespace resolute::tools
