// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/client.h"
#include "app/commands/commands.h"
#include "app/error_pages.h"
#include "app/table.h"
#include "base/file.h"
#include "base/text.h"

namespace resolute::app {
namespace {

const ErrorPage* find_page(std::string_view code) {
    for (const ErrorPage& page : error_pages())
        if (page.code == code) return &page;
    return nullptr;
}

/// A code that is nearly one of ours, or whose last part is.
std::string nearest_code(const std::string& code) {
    std::vector<std::string> codes;
    for (const ErrorPage& page : error_pages()) codes.emplace_back(page.code);
    std::string close = text::closest(code, codes);
    for (std::size_t i = 0; close.empty() && i < codes.size(); ++i)
        if (codes[i].ends_with("." + code)) close = codes[i];
    return close;
}

/// "## Meaning" becomes a heading of the terminal; the rest is text already.
std::string page_text(std::string_view page, const Screen& screen) {
    std::string out;
    for (const std::string_view line : text::split_lines(page)) {
        const std::size_t title = line.find_first_not_of('#');
        const bool is_heading = title != 0 && title != std::string_view::npos;
        out += (is_heading ? paint(screen, Colour::bold, text::trim(line.substr(title))) : std::string(line)) + "\n";
    }
    return out;
}

}  // namespace

Result<int> verify(const Globals& globals) {
    TRY(const Config config, read_config(globals.config));
    TRY(ApiClient client, ApiClient::open(config, system_clock()));
    TRY(const json::Value report, client.get("/api/verify"));
    const bool is_sound = report["is_sound"].as_bool();
    if (globals.is_json) {
        print_json(report);
        return is_sound ? 0 : 1;
    }
    const Screen screen = Screen::of_stdout();
    for (const json::Value& wrong : report["broken"].as_array())
        print(fmt::format("{} {}{}: {}\n", paint(screen, Colour::red, "broken"), wrong["case"].as_string(),
                          wrong["number"].as_int() > 0 ? fmt::format(", event {}", wrong["number"].as_int()) : "", without_controls(wrong["why"].as_string())));
    print(fmt::format("{} cases, {} events: {}\n", grouped(report["cases"].as_int()), grouped(report["events"].as_int()),
                      is_sound ? paint(screen, Colour::green, "every hash links, and every state is the fold of its journal")
                               : paint(screen, Colour::red, fmt::format("{} findings", report["broken"].as_array().size()))));
    return is_sound ? 0 : 1;
}

Result<int> explain(const Globals& globals, const std::string& code) {
    if (code.empty()) {
        json::Array codes;
        for (const ErrorPage& page : error_pages()) codes.emplace_back(page.code);
        if (globals.is_json)
            print_json(std::move(codes));
        else
            for (const json::Value& one : codes) print(one.as_string() + "\n");
        return 0;
    }
    const ErrorPage* page = find_page(code);
    if (page == nullptr) {
        const std::string close = nearest_code(code);
        return fail("usage.unknown_code", ErrorKind::not_found,
                    fmt::format("there is no error \"{}\"{}", code, close.empty() ? std::string("; \"resolute explain\" lists them") : fmt::format("; did you mean \"{}\"?", close)));
    }
    if (globals.is_json)
        print_json(json::Object{{"code", page->code}, {"text", page->text}});
    else
        print(page_text(page->text, Screen::of_stdout()));
    return 0;
}

Result<int> version(const Globals& globals) {
    if (globals.is_json)
        print_json(json::Object{{"version", RESOLUTE_VERSION}, {"compiler", __VERSION__}, {"error_pages", error_pages().size()}});
    else
        print(fmt::format("resolute {} (compiler {})\n", RESOLUTE_VERSION, __VERSION__));
    return 0;
}

}  // namespace resolute::app
