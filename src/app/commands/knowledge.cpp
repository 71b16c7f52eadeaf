// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/client.h"
#include "app/commands/commands.h"
#include "app/table.h"
#include "base/file.h"
#include "base/text.h"
#include "knowledge/article_reader.h"
#include "language/embedded_language.h"
#include "mail/parsed_email.h"

namespace resolute::app {
namespace {

constexpr std::size_t kArticleBytesMax = 4u << 20;

json::Value to_json(const ports::Article& article) {
    return json::Object{{"id", article.id.value()},      {"title", article.title},       {"text", article.text},
                        {"url", article.url},            {"category", article.category}, {"language", article.language},
                        {"public", article.is_public},   {"questions", json::from_strings(article.questions)}};
}

json::Value to_json(const ports::Understanding& issue) {
    json::Array amounts;
    for (const AmountMention& mention : issue.amounts) {
        if (mention.money) amounts.push_back(json::from_money(*mention.money));
        for (const Money& reading : mention.readings) amounts.push_back(json::from_money(reading));
    }
    return json::Object{{"category", ports::to_string(issue.category)},
                        {"confidence", issue.confidence},
                        {"is_unsure", issue.is_unsure},
                        {"evidence", json::from_strings(issue.evidence)},
                        {"severity", ports::to_string(issue.severity)},
                        {"urgency", ports::to_string(issue.urgency)},
                        {"has_business_impact", issue.has_business_impact},
                        {"language", issue.language},
                        {"summary", issue.summary},
                        {"orders", json::from_strings(issue.orders)},
                        {"amounts", std::move(amounts)},
                        {"wants_refund", issue.wants_refund},
                        {"refund_evidence", issue.refund_evidence},
                        {"is_whole_refund", issue.is_whole_refund},
                        {"wants_to_buy", issue.wants_to_buy},
                        {"wants_a_person", issue.wants_a_person},
                        {"is_angry", issue.is_angry},
                        {"is_sensitive", issue.is_sensitive},
                        {"requests", issue.requests}};
}

void print_understanding(const json::Value& issue) {
    Table table({{""}, {"", Table::Align::left, true}});
    const auto add = [&](const char* name, std::string value) {
        if (!value.empty()) table.add({{name, Colour::dim}, std::move(value)});
    };
    add("category", fmt::format("{} ({:.0f} %{})", issue["category"].as_string(), issue["confidence"].as_double() * 100, issue["is_unsure"].as_bool() ? ", unsure" : ""));
    add("because of", text::join(json::to_strings(issue["evidence"]), ", "));
    add("severity", issue["severity"].as_string());
    add("urgency", issue["urgency"].as_string() + (issue["has_business_impact"].as_bool() ? ", hurts their business" : ""));
    add("language", issue["language"].as_string());
    add("in a sentence", issue["summary"].as_string());
    add("orders", text::join(json::to_strings(issue["orders"]), ", "));
    std::string amounts;
    for (const json::Value& amount : issue["amounts"].as_array())
        if (const auto money = json::to_money(amount)) amounts += (amounts.empty() ? "" : ", ") + display_text(*money);
    add("amounts", amounts);
    std::string signs;
    for (const auto& [name, words] : {std::pair("wants_refund", "wants money back"), {"is_whole_refund", "all of it"}, {"wants_to_buy", "wants to buy"},
                                      {"wants_a_person", "wants a person"}, {"is_angry", "is angry"}, {"is_sensitive", "sensitive: a person should read the answer"}})
        if (issue[name].as_bool()) signs += (signs.empty() ? "" : "; ") + std::string(words);
    add("signs", signs);
    add("refund seen in", issue["refund_evidence"].as_string());
    if (issue["requests"].as_int() > 1) add("asks", std::to_string(issue["requests"].as_int()) + " things");
    print(table.render(Screen::of_stdout()));
}

}  // namespace

Result<int> add_articles(const Globals& globals, const ArticleArguments& arguments) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    json::Array added;
    bool all_fine = true;
    for (const std::filesystem::path& file : arguments.files) {
        TRY(const std::string bytes, file::read(file, kArticleBytesMax));
        const knowledge::ReadArticle read = knowledge::read_article(bytes, file.string(), config.knowledge_base_url, "en");
        for (const knowledge::Defect& defect : read.defects) fmt::print(stderr, "resolute: {}: {}: {}\n", defect.code, defect.file, defect.detail);
        all_fine = all_fine && read.article.has_value();
        if (!read.article) continue;
        TRY(json::Value article, client.post("/api/articles", json::dump(to_json(*read.article))));
        if (!globals.is_json) print(fmt::format("{}: {}\n", article["id"].as_string(), without_controls(article["title"].as_string())));
        added.push_back(std::move(article));
    }
    if (globals.is_json) print_json(std::move(added));
    return all_fine ? 0 : 1;
}

Result<int> search_articles(const Globals& globals, const std::string& query, std::size_t limit) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value hits, client.get(fmt::format("/api/articles/search?q={}&limit={}", ApiClient::encode(query), limit)));
    if (globals.is_json) {
        print_json(hits);
        return 0;
    }
    Table table({{"score", Table::Align::right}, {"article"}, {"title", Table::Align::left, true}, {"because of", Table::Align::left, true}});
    for (const json::Value& hit : hits.as_array())
        table.add({fmt::format("{:.2f}", hit["score"].as_double()), {hit["id"].as_string(), Colour::bold},
                   hit["title"].as_string() + (hit["public"].as_bool() ? "" : " (internal)"), text::join(json::to_strings(hit["matched"]), ", ")});
    print(table.is_empty() ? "nothing relevant\n" : table.render(Screen::of_stdout()));
    return 0;
}

Result<int> show_knowledge(const Globals& globals) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value stats, client.get("/api/articles"));
    if (globals.is_json) {
        print_json(stats);
        return 0;
    }
    print(fmt::format("{} articles from {}\n", stats["articles"].as_int(), text::join(json::to_strings(stats["folders"]), ", ")));
    for (const json::Value& defect : stats["defects"].as_array())
        print(fmt::format("{}: {}: {}\n", defect["code"].as_string(), defect["file"].as_string(), defect["detail"].as_string()));
    return 0;
}

Result<int> understand(const Globals& globals, const UnderstandArguments& arguments) {
    std::string subject = arguments.subject;
    std::string text = arguments.text;
    if (text.empty()) {
        TRY(const std::string bytes, read_input(arguments.file.empty() ? std::filesystem::path("-") : arguments.file));
        const mail::ParsedEmail email = mail::parse(bytes);
        subject = email.subject;
        text = email.visible_text;
    }
    language::EmbeddedLanguage language;
    TRY(const ports::Understanding issue, language.understand(subject, text, Deadline::in(std::chrono::seconds(10))));
    const json::Value value = to_json(issue);
    if (globals.is_json)
        print_json(value);
    else
        print_understanding(value);
    return 0;
}

}  // namespace resolute::app
