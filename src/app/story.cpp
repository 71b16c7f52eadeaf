// SPDX-License-Identifier: Apache-2.0
#include "app/story.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/file.h"

namespace resolute::app {
namespace {

struct Wrong {
    YAML::Mark mark;
    std::string what;
};

Duration duration_of(const YAML::Node& node, Duration fallback) {
    if (!node) return fallback;
    const auto duration = parse_duration(node.Scalar());
    if (!duration) throw Wrong{node.Mark(), fmt::format("\"{}\" is no duration", node.Scalar())};
    return *duration;
}

std::string text_of(const YAML::Node& node) { return node ? node.Scalar() : std::string(); }

/// What is not said stays as in the default.
Story::Act act_of(const YAML::Node& node, Story::Act act) {
    if (!node) return act;
    act.wait = duration_of(node["wait"], act.wait);
    if (node["verb"]) act.verb = node["verb"].Scalar();
    if (node["reply"]) act.reply = node["reply"].Scalar();
    if (node["note"]) act.note = node["note"].Scalar();
    if (node["amount"]) act.amount = node["amount"].Scalar();
    if (node["never"]) act.never = node["never"].as<bool>();
    if (node["articles"]) act.articles = node["articles"].as<std::vector<std::string>>();
    return act;
}

Story::Reply reply_of(const YAML::Node& node) {
    Story::Reply reply;
    reply.to = text_of(node["to"]);
    reply.after = text_of(node["after"]);
    reply.nth = node["nth"] ? node["nth"].as<int>() : 1;
    reply.wait = duration_of(node["wait"], std::chrono::hours(1));
    if (node["rating"]) reply.rating = node["rating"].as<int>();
    reply.text = text_of(node["text"]);
    reply.from = text_of(node["from"]);
    if (reply.to.empty() || reply.after.empty()) throw Wrong{node.Mark(), "a reply needs \"to\" and \"after\""};
    return reply;
}

Story read_root(const YAML::Node& root, const std::filesystem::path& folder) {
    Story story;
    const auto start = parse_instant(text_of(root["start"]));
    if (!start) throw Wrong{root.Mark(), "\"start\" is no moment"};
    story.start = *start;
    story.mails = folder / (root["mails"] ? root["mails"].Scalar() : "inbox");
    for (const auto& node : root["replies"]) story.replies.push_back(reply_of(node));
    const YAML::Node agents = root["agents"];
    story.resolve = act_of(agents["resolve"], {.wait = std::chrono::hours(3)});
    story.review = act_of(agents["review"], {.wait = std::chrono::hours(2), .verb = "approve"});
    for (const auto& node : agents["cases"]) {
        const std::string mail = text_of(node["mail"]);
        story.agent_cases[mail] = act_of(node, story.resolve);
        if (node["review"]) {
            Story::Act review = act_of(node, story.review);
            review.verb = node["review"].Scalar();
            story.review_cases[mail] = std::move(review);
        }
    }
    const YAML::Node managers = root["managers"];
    story.approve = act_of(managers["approve"], {.wait = std::chrono::hours(2), .verb = "approve"});
    story.manager_review = act_of(managers["review"], {.wait = std::chrono::hours(6)});
    for (const auto& node : managers["cases"]) story.manager_cases[text_of(node["mail"])] = act_of(node, story.approve);
    story.technical_support = act_of(root["technical_support"], {.wait = std::chrono::hours(1)});
    for (const auto& node : root["failures"])
        story.failures.push_back({text_of(node["what"]), duration_of(node["at"], {}), duration_of(node["for"], std::chrono::hours(1))});
    return story;
}

}  // namespace

Result<Story> read_story(const std::filesystem::path& file) {
    TRY(const std::string text, file::read(file));
    const auto unreadable = [&](const YAML::Mark& mark, const std::string& what) -> std::unexpected<Error> {
        return fail("story.unreadable", ErrorKind::invalid, fmt::format("{}:{}:{}: {}", file.string(), mark.line + 1, mark.column + 1, what));
    };
    try {
        return read_root(YAML::Load(text), file.parent_path());
    } catch (const Wrong& wrong) {
        return unreadable(wrong.mark, wrong.what);
    } catch (const YAML::Exception& error) {
        return unreadable(error.mark, error.msg);
    }
}

}  // namespace resolute::app
