// SPDX-License-Identifier: Apache-2.0
#include "procedure/front_matter.h"

#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/text.h"

namespace resolute::procedure {
namespace {

constexpr int kNestingMax = 8;
constexpr int kValuesMax = 2000;

/// Builds the values while yaml-cpp reads, so that nothing has to be expanded before it can be refused. To stop, it throws
/// the library's own exception, which `read_front_matter` catches.
class Builder final : public YAML::EventHandler {
public:
    Builder(int first_line, Findings& findings) : first_line_(first_line), findings_(findings) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
        if (is_key_next()) refuse(mark, "found a key without a name");
        // yaml-cpp's mark is that of whatever comes next, maybe lines below.
        const bool has_key = !open_.empty() && open_.back().has_key;
        findings_.error("front_matter", has_key ? place(open_.back().key_mark) : place(mark),
                        has_key ? fmt::format("found no value for `{}`", open_.back().key) : "found an empty value");
        put(mark, json::Value(nullptr));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        refuse(mark, "found an alias (`*name`); write the value out");
    }
    void OnAnchor(const YAML::Mark& mark, const std::string&) override {
        refuse(mark, "found an anchor (`&name`); write the value out");
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
        if (tag != "?" && tag != "!" && !tag.empty()) refuse(mark, fmt::format("found the tag `{}`; values need none", tag));
        if (is_key_next()) return open_key(mark, value);
        if (tag == "!") return put(mark, json::Value(value));  // It was written in quotes.
        std::string why;
        auto typed = parse_policy_value(value, &why);
        if (!typed) findings_.error("bad_value", place(mark), why);
        put(mark, typed ? *std::move(typed) : json::Value(value));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        open(mark, json::Array{});
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        open(mark, json::Object{});
    }
    void OnMapEnd() override { close(); }

    [[nodiscard]] const json::Value& root() const { return root_; }
    [[nodiscard]] Location key_place(const std::string& key) const {
        const auto found = top_keys_.find(key);
        return found == top_keys_.end() ? Location{first_line_, 1} : found->second;
    }
    [[nodiscard]] Location place(const YAML::Mark& mark) const { return {first_line_ + mark.line, mark.column + 1}; }

private:
    struct Open {
        json::Value value;
        std::string key;
        bool has_key = false;
        YAML::Mark mark;
        YAML::Mark key_mark = {};
    };

    [[noreturn]] static void refuse(const YAML::Mark& mark, const std::string& why) { throw YAML::ParserException(mark, why); }

    [[nodiscard]] bool is_key_next() const { return !open_.empty() && open_.back().value.is_object() && !open_.back().has_key; }

    void open_key(const YAML::Mark& mark, const std::string& key) {
        Open& map = open_.back();
        if (map.value.contains(key)) refuse(mark, fmt::format("found `{}` for the second time", key));
        if (open_.size() == 1) top_keys_[key] = place(mark);
        map.key = key;
        map.key_mark = mark;
        map.has_key = true;
    }

    void open(const YAML::Mark& mark, json::Value value) {
        if (is_key_next()) refuse(mark, "found a list or map as a key");
        if (open_.size() >= kNestingMax)
            refuse(mark, fmt::format("the front matter is nested deeper than {} levels", kNestingMax));
        open_.push_back({std::move(value), {}, false, mark});
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        put(done.mark, std::move(done.value));
    }

    void put(const YAML::Mark& mark, json::Value value) {
        if (++values_ > kValuesMax) refuse(mark, fmt::format("the front matter holds more than {} values", kValuesMax));
        if (open_.empty()) {
            root_ = std::move(value);
            return;
        }
        Open& parent = open_.back();
        if (parent.value.is_array()) {
            parent.value.append(std::move(value));
        } else {
            parent.value.set(parent.key, std::move(value));
            parent.has_key = false;
        }
    }

    int first_line_;
    Findings& findings_;
    std::vector<Open> open_;
    json::Value root_;
    std::map<std::string, Location> top_keys_;
    int values_ = 0;
};

void check_keys(const Builder& builder, FrontMatter& result, Location start, Findings& findings) {
    const json::Value& root = builder.root();
    if (!root.is_object()) {
        findings.error("front_matter", start,
                       "the front matter is no map of names and values; meant `procedure: name` and `policy:`");
        return;
    }
    for (const auto& [key, value] : root.as_object()) {
        if (key == "procedure" || key == "policy") continue;
        findings.error(
            "front_matter", builder.key_place(key),
            fmt::format("found `{}`; known are `procedure` and `policy`{}", key, did_you_mean(key, {"procedure", "policy"})));
    }
    if (!root.contains("procedure")) {
        findings.error("front_matter", start, "found no `procedure`, the name of the procedure");
    } else if (!root["procedure"].is_string() || root["procedure"].as_string().empty()) {
        findings.error("front_matter", builder.key_place("procedure"),
                       "the name of the procedure is a word, such as customer-support");
    } else {
        result.name = root["procedure"].as_string();
    }
    if (!root.contains("policy")) return;
    if (!root["policy"].is_object()) {
        findings.error("front_matter", builder.key_place("policy"), "`policy` is no map of names and values");
        return;
    }
    result.policy = root["policy"];
}

}  // namespace

FrontMatter read_front_matter(std::string_view yaml, int first_line, Findings& findings) {
    FrontMatter result;
    Builder builder(first_line, findings);
    try {
        std::istringstream stream{std::string(yaml)};
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
    } catch (const YAML::Exception& problem) {
        const Location where = problem.mark.is_null() ? Location{first_line, 1} : builder.place(problem.mark);
        findings.error("front_matter", where, problem.msg);
        return result;
    }
    check_keys(builder, result, {first_line, 1}, findings);
    return result;
}

}  // namespace resolute::procedure
