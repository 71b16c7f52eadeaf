// SPDX-License-Identifier: Apache-2.0
#include "language/article_text.h"

#include <algorithm>
#include <optional>

#include "base/phrases.h"
#include "base/text.h"
#include "casework/casework.h"

namespace resolute::language {
namespace {

constexpr std::size_t kWholeArticleBytes = 1600;  // A longer article is cut to its opening and the best section.
constexpr std::size_t kAnswerBytesMax = 2600;

bool is_internal(std::string_view line) {
    const std::string lower = text::to_lower(text::trim(line));
    std::string_view rest = lower;
    while (!rest.empty() && (rest.front() == '*' || rest.front() == '_' || rest.front() == '[' || rest.front() == '(' || rest.front() == '>' || rest.front() == ' ')) rest.remove_prefix(1);
    for (const std::string_view sign : {"internal", "intern:", "interne notiz", "agents only", "for agents", "staff only", "note interne", "usage interne", "nur intern", "not for customers"}) {
        if (rest.starts_with(sign)) return true;
    }
    return false;
}

/// "[text](url)" to "text (url)", "![alt](url)" to nothing, and emphasis marks away.
std::string plain_inline(std::string_view line) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool is_image = c == '!' && i + 1 < line.size() && line[i + 1] == '[';
        if (c == '[' || is_image) {
            const std::size_t open = is_image ? i + 1 : i;
            const std::size_t close = line.find("](", open);
            const std::size_t end = close == std::string_view::npos ? close : line.find(')', close);
            if (end != std::string_view::npos) {
                const std::string_view label = line.substr(open + 1, close - open - 1);
                const std::string_view url = line.substr(close + 2, end - close - 2);
                if (!is_image) out += label == url || !url.starts_with("http") ? std::string(label) : std::string(label) + " (" + std::string(url) + ")";
                i = end;
                continue;
            }
        }
        if (line.substr(i, 4) == "<!--") {
            const std::size_t end = line.find("-->", i);
            if (end == std::string_view::npos) break;
            i = end + 2;
            continue;
        }
        if (c == '`') continue;
        if ((c == '*' || c == '_') && i + 1 < line.size() && line[i + 1] == c) {
            ++i;
            continue;
        }
        const auto is_word = [&](std::size_t at) { return at < line.size() && line[at] != ' ' && line[at] != '*' && line[at] != '_'; };
        if (c == '*' && (is_word(i + 1) || (i > 0 && is_word(i - 1)))) continue;
        if (c == '_' && (i == 0 || line[i - 1] == ' ' || i + 1 == line.size() || line[i + 1] == ' ' || line[i + 1] == '.' || line[i + 1] == ',')) continue;
        if (c == '\\' && i + 1 < line.size()) continue;
        out += c;
    }
    return std::string(text::trim(out));
}

struct Line {
    std::optional<Block::Kind> kind;  // Nothing: more of the paragraph or item before.
    std::size_t level = 0;            // Of a heading.
    std::string_view text;
};

Line read_line(std::string_view line) {
    const std::string_view trimmed = text::trim(line);
    const std::size_t hashes = trimmed.find_first_not_of('#');
    if (hashes != std::string_view::npos && hashes > 0 && hashes <= 6 && trimmed[hashes] == ' ') return {Block::Kind::heading, hashes, trimmed.substr(hashes + 1)};
    if (trimmed.size() > 2 && (trimmed[0] == '-' || trimmed[0] == '*' || trimmed[0] == '+') && trimmed[1] == ' ') return {Block::Kind::bullet, 0, trimmed.substr(2)};
    const std::size_t digits = trimmed.find_first_not_of("0123456789");
    if (digits != std::string_view::npos && digits > 0 && digits <= 3 && digits + 1 < trimmed.size() && (trimmed[digits] == '.' || trimmed[digits] == ')') && trimmed[digits + 1] == ' ') {
        return {Block::Kind::step, 0, trimmed.substr(digits + 2)};
    }
    return {std::nullopt, 0, trimmed};
}

bool is_rule_or_table_rule(std::string_view line) { return !line.empty() && line.find_first_not_of("-*_=|: ") == std::string_view::npos; }

std::string table_row(std::string_view line) {
    std::string out;
    for (const std::string_view cell : text::split(line, '|')) {
        const std::string plain = plain_inline(cell);
        if (plain.empty()) continue;
        out += (out.empty() ? "" : ": ") + plain;
    }
    return out;
}

struct Reader {
    std::vector<Block> blocks;
    std::size_t internal_level = 0;  // Of the internal heading we are under; 0: none.
    bool skips_paragraph = false;
    bool continues = false;
    bool in_comment = false;
    bool in_fence = false;

    void take(std::string_view raw) {
        const std::string_view trimmed = text::trim(raw);
        if (in_comment || (trimmed.starts_with("<!--") && trimmed.find("-->") == std::string_view::npos)) {
            in_comment = trimmed.find("-->") == std::string_view::npos;
            return;
        }
        if (trimmed.starts_with("```") || trimmed.starts_with("~~~")) {
            in_fence = !in_fence;
            continues = false;
            return;
        }
        if (trimmed.empty() || (!in_fence && is_rule_or_table_rule(trimmed))) {
            continues = skips_paragraph = false;
            return;
        }
        take_text(in_fence ? Line{Block::Kind::paragraph, 0, trimmed} : read_line(raw), trimmed);
    }

    void take_text(Line line, std::string_view trimmed) {
        if (line.kind == Block::Kind::heading) {
            if (internal_level > 0 && line.level <= internal_level) internal_level = 0;
            if (internal_level == 0 && is_internal(line.text)) internal_level = line.level;
        }
        if (internal_level > 0) return;
        if (line.kind) skips_paragraph = false;
        if (skips_paragraph || is_internal(line.text)) {
            skips_paragraph = true;
            continues = false;
            return;
        }
        if (trimmed.starts_with('|')) {
            if (std::string row = table_row(trimmed); !row.empty()) blocks.push_back({Block::Kind::bullet, std::move(row)});
            continues = false;
            return;
        }
        std::string_view body = line.text;
        while (!line.kind && body.starts_with('>')) body = text::trim(body.substr(1));
        if (!line.kind && is_internal(body)) {
            skips_paragraph = true;
            return;
        }
        std::string plain = plain_inline(body);
        if (plain.empty()) return;
        if (!line.kind && continues) {
            blocks.back().text += " " + plain;
        } else {
            blocks.push_back({line.kind.value_or(Block::Kind::paragraph), std::move(plain)});
        }
        continues = line.kind != Block::Kind::heading;
    }
};

/// How many of the hit's matched stems stand in the section.
std::size_t overlap(const std::vector<Block>& blocks, std::size_t first, std::size_t last, const ports::SearchHit& hit) {
    std::vector<std::string> wanted = hit.matched;
    const Words question(hit.sentence);
    for (std::size_t i = 0; i < question.words().size(); ++i) {
        if (question.folded(i).size() > 4) wanted.emplace_back(question.folded(i).substr(0, 5));
    }
    std::size_t count = 0;
    for (const std::string& stem : wanted) {
        for (std::size_t b = first; b < last; ++b) {
            const Words words(blocks[b].text);
            bool is_found = false;
            for (std::size_t i = 0; i < words.words().size() && !is_found; ++i) is_found = words.folded(i).starts_with(stem);
            if (!is_found) continue;
            count += blocks[b].kind == Block::Kind::heading ? 2 : 1;
            break;
        }
    }
    return count;
}

/// The opening (before the first heading) and the section that the question fits best.
std::vector<Block> best_part(const std::vector<Block>& blocks, const ports::SearchHit& hit) {
    std::size_t intro_end = 0;
    while (intro_end < blocks.size() && blocks[intro_end].kind != Block::Kind::heading) ++intro_end;
    std::vector<Block> part(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(intro_end));
    std::size_t best_first = intro_end;
    std::size_t best_last = intro_end;
    std::size_t best = 0;
    for (std::size_t first = intro_end; first < blocks.size();) {
        std::size_t last = first + 1;
        while (last < blocks.size() && blocks[last].kind != Block::Kind::heading) ++last;
        const std::size_t count = overlap(blocks, first, last, hit);
        if (last > first + 1 && (best_last == intro_end || count > best)) {
            best = count;
            best_first = first;
            best_last = last;
        }
        first = last;
    }
    part.insert(part.end(), blocks.begin() + static_cast<std::ptrdiff_t>(best_first), blocks.begin() + static_cast<std::ptrdiff_t>(best_last));
    return part;
}

/// The block without its promises of money; nothing where no sentence is left.
std::optional<Block> without_promises(const Block& block) {
    if (casework::find_money_promises(block.text).empty()) return block;
    Block kept{block.kind, ""};
    for (const std::string& sentence : sentences_of(block)) {
        if (!casework::find_money_promises(sentence).empty()) continue;
        kept.text += (kept.text.empty() ? "" : " ") + sentence;
    }
    // A promise may be seen only in the whole; then the whole goes.
    if (kept.text.empty() || !casework::find_money_promises(kept.text).empty()) return std::nullopt;
    return kept;
}

}  // namespace

std::vector<Block> plain_blocks(std::string_view markdown) {
    Reader reader;
    for (const std::string_view line : text::split_lines(markdown)) reader.take(line);
    return std::move(reader.blocks);
}

std::vector<Block> answer_blocks(const ports::SearchHit& hit) {
    std::vector<Block> blocks = plain_blocks(hit.article.text);
    std::size_t bytes = 0;
    for (const Block& block : blocks) bytes += block.text.size();
    if (bytes > kWholeArticleBytes) blocks = best_part(blocks, hit);
    std::vector<Block> answer;
    std::size_t used = 0;
    for (const Block& block : blocks) {
        auto kept = without_promises(block);
        if (!kept) continue;
        used += kept->text.size();
        if (used > kAnswerBytesMax && !answer.empty()) break;
        answer.push_back(*std::move(kept));
    }
    while (!answer.empty() && answer.back().kind == Block::Kind::heading) answer.pop_back();
    return answer;
}

std::vector<std::string> sentences_of(const Block& block) {
    std::vector<std::string> sentences;
    const Words words(block.text);
    for (std::size_t i = 0; i < words.sentences().size(); ++i) {
        const auto& sentence = words.sentences()[i];
        // From the end of the one before, so that brackets and quotes at the beginning are kept.
        const std::size_t begin = i == 0 ? 0 : words.sentences()[i - 1].end;
        const std::size_t end = i + 1 == words.sentences().size() ? block.text.size() : sentence.end;
        sentences.emplace_back(text::trim(std::string_view(block.text).substr(begin, end - begin)));
    }
    return sentences;
}

}  // namespace resolute::language
