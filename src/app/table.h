// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/screen.h"

namespace resolute::app {

/// Rows in aligned columns. On a terminal the columns that may shrink give way until a row fits into a line; elsewhere nothing is cut.
class Table {
public:
    enum class Align { left, right };
    struct Column {
        std::string title;
        Align align = Align::left;
        bool may_shrink = false;
    };
    struct Cell {
        std::string text;
        Colour colour = Colour::none;
        Cell() = default;
        Cell(std::string words, Colour in = Colour::none) : text(std::move(words)), colour(in) {}
        Cell(const char* words, Colour in = Colour::none) : text(words), colour(in) {}
    };

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// As many cells as columns; missing ones are empty.
    void add(std::vector<Cell> row);
    [[nodiscard]] bool is_empty() const { return rows_.empty(); }
    /// With a title line where any column has a title.
    [[nodiscard]] std::string render(const Screen& screen) const;

private:
    [[nodiscard]] std::vector<std::size_t> widths(const Screen& screen) const;
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace resolute::app
