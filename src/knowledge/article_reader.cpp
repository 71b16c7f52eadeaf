// SPDX-License-Identifier: Apache-2.0
#include "knowledge/article_reader.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/text.h"
#include "knowledge/limits.h"
#include "knowledge/markdown_text.h"

namespace resolute::knowledge {
namespace {

constexpr std::array<std::string_view, 5> kCategories{"billing", "technical", "product_inquiry", "refund_request",
                                                      "general_support"};

struct Divided {
    std::string_view front_matter;
    std::string_view body;
    bool has_front_matter = false;
    bool is_closed = true;
};

Divided divide(std::string_view text) {
    const auto line_end = [&](std::size_t from) { return std::min(text.find('\n', from), text.size()); };
    const std::size_t first_end = line_end(0);
    if (text::trim(text.substr(0, first_end)) != "---" || !text.starts_with("---")) return {.front_matter = {}, .body = text};
    const std::size_t begin = std::min(first_end + 1, text.size());
    for (std::size_t at = begin; at < text.size(); at = line_end(at) + 1) {
        const std::string_view line = text.substr(at, line_end(at) - at);
        if (!line.starts_with("---") || text::trim(line) != "---") continue;
        return {.front_matter = text.substr(begin, at - begin),
                .body = text.substr(std::min(line_end(at) + 1, text.size())),
                .has_front_matter = true};
    }
    return {.front_matter = {}, .body = text.substr(begin), .has_front_matter = true, .is_closed = false};
}

/// Fills the article from its front matter; each field that is odd is a defect and is left as it was.
class FrontMatterReader {
public:
    FrontMatterReader(ports::Article& article, std::vector<Defect>& defects, const std::string& file, const std::string& base_url)
        : article_(article), defects_(defects), file_(file), base_url_(base_url) {}

    void read(const YAML::Node& root) {
        if (!root.IsMap()) {
            if (!root.IsNull()) odd("front matter", "is no list of fields");
            return;
        }
        if (const auto id = text_of(root, "id")) article_.id = ArticleId(article_id_of(*id));
        if (const auto title = text_of(root, "title")) article_.title = *title;
        read_category(root);
        read_language(root);
        read_visibility(root);
        read_url(root);
        read_questions(root);
    }

private:
    void odd(std::string_view field, std::string_view what) {
        defects_.push_back({"knowledge.bad_field", file_, fmt::format("{}: {}", field, what)});
    }

    std::optional<std::string> text_of(const YAML::Node& root, const char* field) {
        const YAML::Node node = root[field];
        if (!node || node.IsNull()) return std::nullopt;
        if (!node.IsScalar()) {
            odd(field, "must be a text");
            return std::nullopt;
        }
        std::string value(text::trim(node.Scalar()));
        return value.empty() ? std::nullopt : std::optional(std::move(value));
    }

    void read_category(const YAML::Node& root) {
        const auto category = text_of(root, "category");
        if (!category) return;
        const std::string name = text::to_lower(*category);
        if (std::ranges::find(kCategories, name) == kCategories.end())
            return odd("category", fmt::format("'{}' is none of the five", *category));
        article_.category = name;
    }

    void read_language(const YAML::Node& root) {
        const auto language = text_of(root, "language");
        if (!language) return;
        const std::string code = text::to_lower(language->substr(0, language->find_first_of("-_")));
        const bool is_code = code.size() == 2 && std::ranges::all_of(code, [](char c) { return c >= 'a' && c <= 'z'; });
        if (!is_code) return odd("language", fmt::format("'{}' is no two-letter code", *language));
        article_.language = code;
    }

    // What cannot be read is internal: a text kept from customers by mistake costs less than one shown to them by mistake.
    void read_visibility(const YAML::Node& root) {
        if (const auto is_public = text_of(root, "public")) {
            const std::string value = text::to_lower(*is_public);
            article_.is_public = value == "true" || value == "yes";
            if (!article_.is_public && value != "false" && value != "no") odd("public", "must be true or false; taken as false");
        }
        if (const auto visibility = text_of(root, "visibility")) {
            const std::string value = text::to_lower(*visibility);
            article_.is_public = article_.is_public && value == "public";
            if (value != "public" && value != "internal") odd("visibility", "must be public or internal; taken as internal");
        }
    }

    void read_url(const YAML::Node& root) {
        const auto url = text_of(root, "url");
        if (!url) return;
        const bool has_bad_character =
            std::ranges::any_of(*url, [](char c) { return (c >= 0 && c <= ' ') || c == '<' || c == '>' || c == '"'; });
        const bool is_absolute = url->starts_with("https://") || url->starts_with("http://");
        if (has_bad_character ||
            (!is_absolute && (base_url_.empty() || url->find(':') != std::string::npos || url->starts_with("//")))) {
            return odd("url", "must begin with https:// or http://, or be relative to the configured base");
        }
        const std::string_view relative = url->starts_with('/') ? std::string_view(*url).substr(1) : std::string_view(*url);
        article_.url = is_absolute ? *url : base_url_ + std::string(relative);
    }

    void read_questions(const YAML::Node& root) {
        const YAML::Node questions = root["questions"];
        if (!questions || questions.IsNull()) return;
        if (!questions.IsSequence()) return odd("questions", "must be a list of texts");
        for (const YAML::Node& question : questions) {
            if (!question.IsScalar()) return odd("questions", "must be a list of texts");
            if (article_.questions.size() < kQuestionsMax) article_.questions.push_back(question.Scalar());
        }
    }

    ports::Article& article_;
    std::vector<Defect>& defects_;
    const std::string& file_;
    const std::string& base_url_;
};

void read_front_matter(const Divided& divided, const std::string& file, const std::string& base_url, ReadArticle& read) {
    ports::Article& article = *read.article;
    const auto reject = [&](std::string detail) {
        article.is_public = false;
        read.defects.push_back({"knowledge.bad_front_matter", file, std::move(detail)});
    };
    if (!divided.is_closed) return reject("the front matter is opened by '---' and never closed");
    if (divided.front_matter.size() > kFrontMatterBytesMax)
        return reject(fmt::format("larger than {} bytes", kFrontMatterBytesMax));
    try {
        FrontMatterReader(article, read.defects, file, base_url).read(YAML::Load(std::string(divided.front_matter)));
    } catch (const YAML::Exception& error) {
        reject(fmt::format("line {}: {}", error.mark.line + 2, error.msg));
    }
}

}  // namespace

std::string article_id_of(std::string_view name) {
    std::string id;
    for (const char c : text::trim(name)) {
        const bool is_good =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (is_good)
            id.push_back(c);
        else if (!id.ends_with('-'))
            id.push_back('-');
    }
    return id;
}

ReadArticle read_article(std::string_view bytes, const std::string& file, const std::string& base_url,
                         const std::string& default_language) {
    ReadArticle read;
    std::string text = text::to_valid_utf8(bytes);
    text = text::replace_all(std::move(text), "\r\n", "\n");
    std::string_view rest = text;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    read.article.emplace();
    ports::Article& article = *read.article;
    article.id = ArticleId(article_id_of(std::filesystem::path(file).stem().string()));
    article.language = default_language;
    const Divided divided = divide(rest);
    if (divided.has_front_matter) read_front_matter(divided, file, base_url, read);
    Titled titled = split_title(divided.body);
    const bool is_titled_twice = titled.title == article.title;
    if (article.title.empty() || is_titled_twice) {
        article.title = std::move(titled.title);
        article.text = std::move(titled.rest);
    } else {
        article.text = std::string(text::trim(divided.body));
    }
    if (article.url.empty() && !base_url.empty()) article.url = base_url + article.id.value();
    if (article.title.empty()) {
        read.defects.push_back({"knowledge.no_title", file, "there is no heading and no title in the front matter"});
        read.article.reset();
    }
    return read;
}

}  // namespace resolute::knowledge
