// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/table.h"
#include "base/file.h"
#include "base/text.h"
#include "procedure/procedure.h"
#include "tools/tool.h"

namespace resolute::app {
namespace {

constexpr std::size_t kDocumentBytesMax = 1u << 20;

struct Document {
    std::filesystem::path path;
    procedure::ReadResult read;
};

/// The named file, else the configuration's.
Result<Document> read_document(const Globals& globals, const std::filesystem::path& file) {
    Document document;
    document.path = file;
    if (file.empty()) {
        TRY(const Config config, read_config(globals.config));
        document.path = config.procedure;
    }
    TRY(const std::string text, document.path == "-" ? read_input("-") : file::read(document.path, kDocumentBytesMax));
    document.read = procedure::read(text, tools::catalogue());
    return document;
}

json::Value to_json(const procedure::Finding& finding) {
    return json::Object{{"severity", finding.severity == procedure::Finding::Severity::error ? "error" : "warning"},
                        {"code", finding.code},
                        {"line", finding.where.line},
                        {"column", finding.where.column},
                        {"message", finding.message}};
}

json::Value to_json(const procedure::Procedure& procedure) {
    json::Array steps;
    for (const procedure::Step& step : procedure.steps) {
        json::Array branches;
        for (const procedure::Branch& branch : step.branches) branches.push_back(procedure::describe(branch));
        steps.push_back(json::Object{{"number", step.number},
                                     {"title", step.title},
                                     {"objective", step.objective},
                                     {"tool", step.tool},
                                     {"category", procedure::to_string(step.category)},
                                     {"action", procedure::to_string(step.action)},
                                     {"required_context", json::from_strings(step.required_context)},
                                     {"in_follow_up", step.in_follow_up},
                                     {"branches", std::move(branches)}});
    }
    json::Array exits;
    for (const procedure::ExitCondition& exit : procedure.exits) exits.push_back(json::Object{{"name", exit.name}, {"when", exit.when.text()}});
    return json::Object{{"name", procedure.name},   {"title", procedure.title},    {"content_hash", procedure.content_hash},
                        {"policy", procedure.policy}, {"steps", std::move(steps)}, {"exit_conditions", std::move(exits)}};
}

/// The procedure, or an error that names what is wrong with it.
Result<procedure::Procedure> need_procedure(Document document) {
    if (document.read.procedure) return *std::move(document.read.procedure);
    std::string errors;
    for (const procedure::Finding& finding : document.read.findings)
        if (finding.severity == procedure::Finding::Severity::error) errors += "\n  " + procedure::describe(finding, document.path.string());
    return fail("procedure.has_errors", ErrorKind::invalid, fmt::format("{} cannot be read:{}", document.path.string(), errors));
}

json::Value to_json(const procedure::ToolSignature& tool) {
    json::Object produces;
    for (const auto& [path, type] : tool.produces) produces.emplace(path, type);
    return json::Object{{"name", tool.name},
                        {"purpose", tool.purpose},
                        {"category", procedure::to_string(tool.category)},
                        {"action", procedure::to_string(tool.action)},
                        {"effect", procedure::to_string(tool.effect)},
                        {"integration", tool.integration},
                        {"outcomes", json::from_strings(tool.outcomes)},
                        {"needs", json::from_strings(tool.needs)},
                        {"uses", json::from_strings(tool.uses)},
                        {"produces", std::move(produces)}};
}

}  // namespace

Result<int> check_procedure(const Globals& globals, const std::filesystem::path& file) {
    TRY(const Document document, read_document(globals, file));
    std::size_t errors = 0;
    json::Array findings;
    for (const procedure::Finding& finding : document.read.findings) {
        if (finding.severity == procedure::Finding::Severity::error) ++errors;
        findings.push_back(to_json(finding));
        if (!globals.is_json) print(procedure::describe(finding, document.path.string()) + "\n");
    }
    const auto& procedure = document.read.procedure;
    if (globals.is_json) {
        print_json(json::Object{{"file", document.path.string()},
                                {"is_sound", errors == 0},
                                {"content_hash", procedure ? json::Value(procedure->content_hash) : json::Value()},
                                {"findings", std::move(findings)}});
    } else if (procedure && errors == 0) {
        print(fmt::format("{}: \"{}\", {} steps, {} exit conditions, {} never and {} always rules; {} warnings\n", document.path.string(), procedure->title,
                          procedure->steps.size(), procedure->exits.size(), procedure->never.size(), procedure->always.size(), findings.size()));
    } else {
        print(fmt::format("{} errors, {} warnings\n", errors, findings.size() - errors));
    }
    return errors == 0 ? 0 : 1;
}

Result<int> show_procedure(const Globals& globals, const std::filesystem::path& file) {
    TRY(Document document, read_document(globals, file));
    TRY(const procedure::Procedure procedure, need_procedure(std::move(document)));
    if (globals.is_json)
        print_json(to_json(procedure));
    else
        print(procedure::render_text(procedure));
    return 0;
}

Result<int> draw_procedure(const Globals& globals, const std::filesystem::path& file) {
    TRY(Document document, read_document(globals, file));
    TRY(const procedure::Procedure procedure, need_procedure(std::move(document)));
    if (globals.is_json)
        print_json(json::Object{{"mermaid", procedure::render_mermaid(procedure)}});
    else
        print(procedure::render_mermaid(procedure));
    return 0;
}

Result<int> list_tools(const Globals& globals) {
    json::Array all;
    Table table({{"tool"}, {"category"}, {"action"}, {"effect"}, {"integration"}, {"outcomes", Table::Align::left, true}, {"purpose", Table::Align::left, true}});
    for (const auto& [name, tool] : tools::catalogue()) {
        all.push_back(to_json(tool));
        table.add({{name, Colour::bold}, std::string(procedure::to_string(tool.category)), std::string(procedure::to_string(tool.action)),
                   std::string(procedure::to_string(tool.effect)), tool.integration, text::join(tool.outcomes, ", "), tool.purpose});
    }
    if (globals.is_json)
        print_json(std::move(all));
    else
        print(table.render(Screen::of_stdout()));
    return 0;
}

Result<int> show_tool(const Globals& globals, const std::string& name) {
    const procedure::ToolCatalogue catalogue = tools::catalogue();
    const auto found = catalogue.find(name);
    if (found == catalogue.end()) {
        std::vector<std::string> names;
        for (const auto& entry : catalogue) names.push_back(entry.first);
        const std::string close = text::closest(name, names);
        return fail("tool.not_found", ErrorKind::not_found,
                    fmt::format("there is no tool \"{}\"{}", name, close.empty() ? std::string("; \"resolute tool list\" shows them") : fmt::format("; did you mean \"{}\"?", close)));
    }
    const json::Value tool = to_json(found->second);
    if (globals.is_json) {
        print_json(tool);
        return 0;
    }
    Table table({{""}, {"", Table::Align::left, true}});
    for (const char* field : {"name", "purpose", "category", "action", "effect", "integration"}) table.add({{field, Colour::dim}, tool[field].as_string()});
    for (const char* field : {"outcomes", "needs", "uses"}) table.add({{field, Colour::dim}, text::join(json::to_strings(tool[field]), ", ")});
    for (const auto& [path, type] : tool["produces"].as_object()) table.add({{"produces", Colour::dim}, fmt::format("{}: {}", path, type.as_string())});
    print(table.render(Screen::of_stdout()));
    return 0;
}

}  // namespace resolute::app
