// SPDX-License-Identifier: Apache-2.0
// How fast and how large the index is, and how well it finds: knowledge_search [FOLDER QUESTIONS.tsv]
// With a folder of articles and lines "article id[,other id] <TAB> language <TAB> subject <TAB> text" (\n for a line break) it
// prints MRR and hit rates; otherwise it builds an index of 10,000 articles of 500 characters and prints the times of searches.
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "knowledge/folder_knowledge.h"

namespace resolute {
namespace {

class NoStore final : public ports::ArticleStore {
public:
    Status upsert_article(const ports::Article&) override { return {}; }
    Result<std::vector<ports::Article>> articles() override { return std::vector<ports::Article>{}; }
    Status add_question(const ArticleId&, const std::string&) override { return {}; }
};

/// Words as frequent as in language: the n-th has a share of 1/n.
class Babbler {
public:
    explicit Babbler(std::size_t vocabulary) {
        static constexpr std::string_view kParts[] = {"re",   "turn", "pay", "ment", "in",  "voice", "ship", "or",  "der",
                                                      "pass", "word", "lo",  "gin",  "ac",  "count", "de",   "liv", "er",
                                                      "cust", "om",   "tar", "ni",   "sol", "vex",   "qua",  "mip"};
        for (std::size_t i = 0; i < vocabulary; ++i) {
            std::string word;
            const std::size_t parts = 2 + random_() % 3;
            for (std::size_t part = 0; part < parts; ++part) word += kParts[random_() % std::size(kParts)];
            words_.push_back(std::move(word));
            weights_.push_back(1.0 / static_cast<double>(i + 2));
        }
        pick_ = std::discrete_distribution<std::size_t>(weights_.begin(), weights_.end());
    }
    std::string text(std::size_t bytes) {
        std::string text;
        for (std::size_t count = 1; text.size() < bytes; ++count) {
            text += words_[pick_(random_)];
            text += count % 12 == 0 ? ". " : " ";
        }
        return text;
    }

private:
    std::mt19937_64 random_{42};
    std::vector<std::string> words_;
    std::vector<double> weights_;
    std::discrete_distribution<std::size_t> pick_;
};

int measure_speed() {
    Babbler babbler(20'000);
    std::vector<ports::Article> articles(10'000);
    for (std::size_t i = 0; i < articles.size(); ++i) {
        articles[i].id = ArticleId(fmt::format("a{}", i));
        articles[i].title = babbler.text(40);
        articles[i].text = babbler.text(500);
        articles[i].language = "en";
    }
    const double began = monotonic_seconds();
    const knowledge::Index index(std::move(articles), {});
    fmt::print("build: {:.2f} s, {:.1f} MB beside the articles\n", monotonic_seconds() - began,
               static_cast<double>(index.memory_bytes()) / 1e6);
    for (const auto& [name, bytes] :
         {std::pair{"one sentence", std::size_t{70}}, std::pair{"mail of 500 characters", std::size_t{500}}}) {
        std::vector<double> times;
        for (int i = 0; i < 500; ++i) {
            ports::SearchQuery query;
            query.text = babbler.text(bytes);
            const double start = monotonic_seconds();
            if (!index.search(query, Deadline::never())) return 1;
            times.push_back((monotonic_seconds() - start) * 1000);
        }
        std::ranges::sort(times);
        fmt::print("{}: p50 {:.2f} ms, p99 {:.2f} ms\n", name, times[times.size() / 2], times[times.size() * 99 / 100]);
    }
    return 0;
}

int measure_quality(const char* folder, const char* questions) {
    NoStore store;
    auto base =
        knowledge::FolderKnowledge::open({.folders = {folder}, .base_url = "", .default_language = "en", .weights = {}}, store);
    const auto lines = file::read(questions);
    if (!base || !lines) return 1;
    double reciprocal = 0;
    int asked = 0, first = 0, within_five = 0;
    for (const auto line : text::split_lines(*lines)) {
        const auto fields = text::split(line, '\t');
        if (fields.size() != 4) continue;
        const auto right = text::split(fields[0], ',');
        ports::SearchQuery query;
        query.language = fields[1];
        query.subject = fields[2];
        query.text = text::replace_all(std::string(fields[3]), "\\n", "\n");
        query.limit = 10;
        const auto hits = (*base)->search(query, Deadline::never());
        if (!hits) return 1;
        const auto found = std::ranges::find_if(
            *hits, [&](const auto& hit) { return std::ranges::find(right, hit.article.id.value()) != right.end(); });
        const auto rank = found - hits->begin() + 1;
        ++asked;
        if (found != hits->end()) reciprocal += 1.0 / static_cast<double>(rank);
        first += found != hits->end() && rank == 1 ? 1 : 0;
        within_five += found != hits->end() && rank <= 5 ? 1 : 0;
        if (found == hits->end() || rank > 1) {
            fmt::print("  {} at {}: {}\n", fields[0], found == hits->end() ? 0 : rank,
                       hits->empty() ? "nothing" : hits->front().article.id.value());
        }
    }
    const auto share = [&](double count) { return asked == 0 ? 0 : count / asked; };
    fmt::print("{} asked: MRR {:.3f}, R@1 {:.3f}, hit@5 {:.3f}\n", asked, share(reciprocal), share(first), share(within_five));
    return 0;
}

}  // namespace
}  // namespace resolute

int main(int argc, char** argv) {
    return argc == 3 ? resolute::measure_quality(argv[1], argv[2]) : resolute::measure_speed();
}
