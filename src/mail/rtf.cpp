// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/limits.h"
#include "mail/tnef.h"

namespace resolute::mail {
namespace {

constexpr std::size_t kGroupsMax = 1'000;

/// Groups whose text is no text of the document.
constexpr std::array<std::string_view, 10> kSkipped = {"fonttbl", "colortbl", "stylesheet", "info",      "pict",
                                                       "object",  "header",   "footer",     "listtable", "themedata"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

void append_utf8(std::string& out, unsigned point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0U | point >> 6U);
        out += static_cast<char>(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0U | point >> 12U);
        out += static_cast<char>(0x80U | (point >> 6U & 0x3FU));
        out += static_cast<char>(0x80U | (point & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | point >> 18U);
        out += static_cast<char>(0x80U | (point >> 12U & 0x3FU));
        out += static_cast<char>(0x80U | (point >> 6U & 0x3FU));
        out += static_cast<char>(0x80U | (point & 0x3FU));
    }
}

/// Enough of RTF 1.9 for words: what is laid out as HTML inside (MS-OXRTFEX) repeats its text as RTF.
class RtfReader {
public:
    explicit RtfReader(std::string_view rtf) : rtf_(rtf) {}

    std::string read() {
        while (at_ < rtf_.size() && out_.size() < limits::text_bytes_max) step();
        flush();
        return text::to_valid_utf8(out_);
    }

private:
    struct Group {
        bool is_skipped = false;
        unsigned fallback = 1;  ///< \uc: characters that follow each \u for readers without Unicode
    };

    void step() {
        const char c = rtf_[at_++];
        if (c == '{') {
            if (groups_.size() < kGroupsMax)
                groups_.push_back(groups_.back());
            else
                ++overflow_;
        } else if (c == '}') {
            if (overflow_ > 0)
                --overflow_;
            else if (groups_.size() > 1)
                groups_.pop_back();
        } else if (c == '\\') {
            control();
        } else if (c != '\r' && c != '\n') {
            put(c);
        }
    }

    void control() {
        if (at_ >= rtf_.size()) return;
        const char c = rtf_[at_];
        if (is_letter(c)) return word();
        ++at_;
        if (c == '\'') return hex();
        if (c == '*')
            groups_.back().is_skipped = true;
        else if (c == '~')
            put(' ');
        else if (c == '\n' || c == '\r')
            write("\n");
        else if (c == '\\' || c == '{' || c == '}')
            put(c);
        else if (c == '_')
            put('-');
    }

    void hex() {
        const std::string_view digits = rtf_.substr(at_, 2);
        unsigned value = 0;
        const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        at_ += static_cast<std::size_t>(result.ptr - digits.data());
        if (result.ec == std::errc()) put(static_cast<char>(value));
    }

    void word() {
        const std::size_t begin = at_;
        while (at_ < rtf_.size() && is_letter(rtf_[at_])) ++at_;
        const std::string_view name = rtf_.substr(begin, at_ - begin);
        const std::size_t number_begin = at_;
        if (at_ < rtf_.size() && rtf_[at_] == '-') ++at_;
        while (at_ < rtf_.size() && is_digit(rtf_[at_])) ++at_;
        int number = 0;
        const bool has_number = std::from_chars(rtf_.data() + number_begin, rtf_.data() + at_, number).ec == std::errc();
        if (at_ < rtf_.size() && rtf_[at_] == ' ') ++at_;
        obey(name, has_number ? number : 0, has_number);
    }

    void obey(std::string_view name, int number, bool has_number) {
        if (name == "par" || name == "line" || name == "row" || name == "sect") return write("\n");
        if (name == "tab" || name == "cell") return write("\t");
        if (name == "emdash") return write("—");
        if (name == "endash") return write("–");
        if (name == "bullet") return write("•");
        if (name == "lquote") return write("‘");
        if (name == "rquote") return write("’");
        if (name == "ldblquote") return write("“");
        if (name == "rdblquote") return write("”");
        if (name == "u" && has_number) return unicode(number);
        if (name == "uc") groups_.back().fallback = static_cast<unsigned>(std::clamp(number, 0, 8));
        if (name == "ansicpg" && number >= 1250 && number <= 1258) charset_ = fmt::format("windows-{}", number);
        if (name == "bin" && number > 0) at_ += std::min(static_cast<std::size_t>(number), rtf_.size() - at_);
        if (std::find(kSkipped.begin(), kSkipped.end(), name) != kSkipped.end()) groups_.back().is_skipped = true;
    }

    void unicode(int number) {
        const auto unit = static_cast<unsigned>(number < 0 ? number + 65536 : number) & 0xFFFFU;
        to_skip_ = groups_.back().fallback;
        if (groups_.back().is_skipped) return;
        flush();
        if (unit >= 0xD800 && unit < 0xDC00) {
            high_ = unit;
        } else if (unit >= 0xDC00 && unit < 0xE000) {
            if (high_ != 0) append_utf8(out_, 0x10000U + ((high_ - 0xD800U) << 10U) + (unit - 0xDC00U));
            high_ = 0;
        } else if (unit != 0) {
            append_utf8(out_, unit);
        }
    }

    void put(char c) {
        if (to_skip_ > 0) {
            --to_skip_;
            return;
        }
        if (!groups_.back().is_skipped) bytes_ += c;
    }

    void write(std::string_view text) {
        to_skip_ = 0;
        if (groups_.back().is_skipped) return;
        flush();
        out_ += text;
    }

    void flush() {
        if (!bytes_.empty()) out_ += decode_charset(bytes_, charset_).text;
        bytes_.clear();
    }

    std::string_view rtf_;
    std::size_t at_ = 0;
    std::string out_;
    std::string bytes_;  ///< in `charset_`, not decoded yet
    std::string charset_ = "windows-1252";
    std::vector<Group> groups_ = {{}};
    std::size_t overflow_ = 0;
    unsigned to_skip_ = 0;
    unsigned high_ = 0;
};

}  // namespace

std::string rtf_text(std::string_view rtf) {
    return rtf.starts_with("{\\rtf") ? RtfReader(rtf).read() : std::string();
}

}  // namespace resolute::mail
