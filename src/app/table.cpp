// SPDX-License-Identifier: Apache-2.0
#include "app/table.h"

#include <algorithm>
#include <numeric>

namespace resolute::app {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kShrunkMin = 8;

std::string pad(const std::string& text, std::size_t width, Table::Align align) {
    const std::size_t used = display_width(text);
    const std::string space(width > used ? width - used : 0, ' ');
    return align == Table::Align::right ? space + text : text + space;
}

}  // namespace

void Table::add(std::vector<Cell> row) {
    row.resize(columns_.size());
    for (Cell& cell : row) cell.text = without_controls(cell.text);
    rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(const Screen& screen) const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t width = display_width(columns_[i].title);
        for (const auto& row : rows_) width = std::max(width, display_width(row[i].text));
        all.push_back(width);
    }
    if (screen.width == 0) return all;
    const auto total = [&] { return std::accumulate(all.begin(), all.end(), std::size_t{0}) + kGap * (all.size() - 1); };
    while (total() > screen.width) {
        // The widest gives way first, so that short ones stay whole.
        std::size_t widest = all.size();
        for (std::size_t i = 0; i < all.size(); ++i)
            if (columns_[i].may_shrink && all[i] > kShrunkMin && (widest == all.size() || all[i] > all[widest])) widest = i;
        if (widest == all.size()) break;
        --all[widest];
    }
    return all;
}

std::string Table::render(const Screen& screen) const {
    const std::vector<std::size_t> width = widths(screen);
    std::string out;
    const auto line = [&](const auto& cell_of) {
        std::string text;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const Cell cell = cell_of(i);
            const bool is_last = i + 1 == columns_.size();
            std::string words = cut_to_width(cell.text, width[i]);
            if (!is_last || columns_[i].align == Align::right) words = pad(words, width[i], columns_[i].align);
            text += paint(screen, cell.colour, words);
            if (!is_last) text += std::string(kGap, ' ');
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + "\n";
    };
    if (std::any_of(columns_.begin(), columns_.end(), [](const Column& column) { return !column.title.empty(); }))
        line([&](std::size_t i) { return Cell(columns_[i].title, Colour::bold); });
    for (const auto& row : rows_) line([&](std::size_t i) { return row[i]; });
    return out;
}

}  // namespace resolute::app
