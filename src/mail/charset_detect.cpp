// SPDX-License-Identifier: Apache-2.0
#include "mail/charset_detect.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "mail/charset.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kSampleBytes = 8'192;

bool is_high(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Of the words with a high byte more than half hold ASCII letters as well: European writing, or trail bytes of a multi-byte
/// charset.
bool is_mixed_with_ascii(std::string_view bytes) {
    std::size_t high_words = 0;
    std::size_t mixed_words = 0;
    bool has_high = false;
    bool has_ascii = false;
    for (std::size_t i = 0; i <= bytes.size(); ++i) {
        if (i < bytes.size() && is_high(bytes[i])) {
            has_high = true;
        } else if (i < bytes.size() && is_letter(bytes[i])) {
            has_ascii = true;
        } else {
            if (has_high) ++high_words;
            if (has_high && has_ascii) ++mixed_words;
            has_high = has_ascii = false;
        }
    }
    return mixed_words * 2 > high_words;
}

/// The code points of valid UTF-8.
std::vector<char32_t> points_of(std::string_view utf8) {
    std::vector<char32_t> points;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t point = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t n = 1; n < length && i + n < utf8.size(); ++n)
            point = (point << 6U) | (static_cast<unsigned char>(utf8[i + n]) & 0x3FU);
        points.push_back(point);
        i += length;
    }
    return points;
}

bool is_in(char32_t point, char32_t first, char32_t last) {
    return point >= first && point <= last;
}

/// The most frequent characters of running text, simplified and traditional: right guesses are full of them, wrong ones have
/// none.
constexpr std::u32string_view kFrequentHan =
    U"的一是不了在人有我他这個个們们中来來上大为為和国國地到以说說時时要就出会會可也你对對生能而子那得于於着著下自之年过過发發后"
    U"後作里道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只"
    U"从從想实實"
    U"您请請问問订訂单單货貨款退谢謝收件号號码碼电電话話邮郵帮幫助";

/// How much a decoded text looks like writing, a character: its language's letters for it, rarities against it. Kana stand in the
/// charsets of the neighbours too, and are no argument for these.
double score_of(const std::vector<char32_t>& points, bool is_japanese) {
    int score = 0;
    int characters = 0;
    for (const char32_t point : points) {
        if (point < 0x80) continue;
        ++characters;
        if (is_in(point, 0x3041, 0x30FE))
            score += is_japanese ? 6 : -2;
        else if (is_in(point, 0xAC00, 0xD7A3))
            score += 4;
        else if (is_in(point, 0x4E00, 0x9FFF))
            score += kFrequentHan.find(point) != std::u32string_view::npos ? 8 : 0;
        else if (is_in(point, 0x3000, 0x3020) || is_in(point, 0xFF01, 0xFF5E))
            score += 2;  // Their punctuation
        else
            score -= 4;  // Halves of kana, private use, boxes, Greek
    }
    return characters == 0 ? 0 : static_cast<double>(score) / characters;
}

std::string best_of_asia(std::string_view sample) {
    constexpr double kScoreMin = 1.5;  // By chance valid bytes give rare characters.
    std::string best;
    double best_score = kScoreMin;
    for (const std::string_view charset : {"gb18030", "big5", "cp932", "euc-jp", "cp949"}) {
        const DecodedText decoded = decode_charset(sample, charset);
        // The sample may end within a character.
        if (decoded.replaced > 1) continue;
        const double score = score_of(points_of(decoded.text), charset == "cp932" || charset == "euc-jp");
        if (score <= best_score) continue;
        best_score = score;
        best = charset;
    }
    return best;
}

/// KOI8-R and windows-1251 have each other's capitals for small letters: in writing, small letters follow.
int cyrillic_score(const std::vector<char32_t>& points) {
    int score = 0;
    char32_t before = ' ';
    for (const char32_t point : points) {
        const bool is_small = is_in(point, 0x0430, 0x045F);
        const bool is_capital = is_in(point, 0x0400, 0x042F);
        if (is_small) score += 2;
        if (is_capital && (is_in(before, 0x0430, 0x045F))) score -= 4;
        if (point >= 0x80 && !is_small && !is_capital) score -= 2;
        before = point;
    }
    return score;
}

std::string best_of_cyrillic(std::string_view sample, std::size_t high) {
    std::string best;
    if (high < 5) return {};                  // Too little to tell.
    int best_score = static_cast<int>(high);  // More than half of the letters must be small ones in their place.
    for (const std::string_view charset : {"windows-1251", "koi8-r", "iso-8859-5"}) {
        const int score = cyrillic_score(points_of(decode_charset(sample, charset).text));
        if (score <= best_score) continue;
        best_score = score;
        best = charset;
    }
    return best;
}

std::optional<std::string> by_marks(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE")) return "utf-16le";
    if (bytes.starts_with("\xFE\xFF")) return "utf-16be";
    for (const std::string_view escape : {"\x1B$B", "\x1B$@", "\x1B(J"})
        if (bytes.find(escape) != std::string_view::npos) return "iso-2022-jp";
    if (bytes.find("\x1B$)C") != std::string_view::npos) return "iso-2022-kr";
    return std::nullopt;
}

}  // namespace

std::string detect_charset(std::string_view bytes) {
    // The first high bytes tell: what stands before them may be long.
    std::size_t begin = 0;
    while (begin < bytes.size() && !is_high(bytes[begin])) ++begin;
    if (auto marked = by_marks(bytes.substr(0, std::min(bytes.size(), begin + kSampleBytes)))) return *marked;
    while (begin > 0 && is_letter(bytes[begin - 1])) --begin;  // From the beginning of the word.
    const std::string_view sample = bytes.substr(begin, kSampleBytes);
    if (!is_mixed_with_ascii(sample)) {
        const auto high = static_cast<std::size_t>(std::count_if(sample.begin(), sample.end(), is_high));
        std::string cyrillic = best_of_cyrillic(sample, high);
        if (!cyrillic.empty()) return cyrillic;
    }
    std::string asian = best_of_asia(sample);
    return asian.empty() ? "windows-1252" : asian;
}

}  // namespace resolute::mail
