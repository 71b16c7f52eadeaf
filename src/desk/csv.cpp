// SPDX-License-Identifier: Apache-2.0
#include "desk/csv.h"

#include <fmt/format.h>

namespace resolute::desk {
namespace {

class CsvReader {
public:
    explicit CsvReader(std::string_view text) : text_(text) {}

    Result<std::vector<CsvRow>> read_all() {
        std::vector<CsvRow> rows;
        while (at_ < text_.size()) {
            TRY(CsvRow row, read_row());
            const bool is_empty_line = row.size() == 1 && row.front().empty();
            if (!is_empty_line) rows.push_back(std::move(row));
        }
        return rows;
    }

private:
    Result<CsvRow> read_row() {
        CsvRow row;
        while (true) {
            const bool is_quoted = at_ < text_.size() && text_[at_] == '"';
            TRY(std::string field, is_quoted ? read_quoted() : read_plain());
            row.push_back(std::move(field));
            if (at_ >= text_.size()) return row;
            if (text_[at_] == ',') {
                ++at_;
                continue;
            }
            if (take_line_end()) return row;
            return misplaced("text follows a closing quote");
        }
    }

    Result<std::string> read_plain() {
        std::string field;
        while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && text_[at_] != '\r') {
            // RFC 4180 §2.5: a field without quotes around it holds none.
            if (text_[at_] == '"') return misplaced("a quote stands inside a field that does not begin with one");
            field.push_back(text_[at_++]);
        }
        return field;
    }

    Result<std::string> read_quoted() {
        std::string field;
        const std::size_t opened_on = line_;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\n') ++line_;
            if (text_[at_] != '"') {
                field.push_back(text_[at_]);
            } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                field.push_back('"');
                ++at_;
            } else {
                ++at_;
                return field;
            }
        }
        line_ = opened_on;
        return misplaced("a quote is opened and never closed");
    }

    bool take_line_end() {
        if (text_[at_] == '\r') {
            ++at_;
            if (at_ < text_.size() && text_[at_] == '\n') ++at_;
        } else if (text_[at_] == '\n') {
            ++at_;
        } else {
            return false;
        }
        ++line_;
        return true;
    }

    [[nodiscard]] std::unexpected<Error> misplaced(std::string_view what) const {
        return fail("import.bad_csv", ErrorKind::invalid, fmt::format("line {}: {}", line_, what));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

}  // namespace

Result<std::vector<CsvRow>> parse_csv(std::string_view text) {
    return CsvReader(text).read_all();
}

}  // namespace resolute::desk
