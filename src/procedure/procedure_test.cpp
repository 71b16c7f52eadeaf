// SPDX-License-Identifier: Apache-2.0
#include "procedure/procedure.h"

#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "procedure/test_catalogue.h"

namespace resolute::procedure {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string& shipped() {
    static const std::string text = file::read(RESOLUTE_SOURCE_DIR "/procedures/customer-support.md").value_or("");
    return text;
}

std::string all(const ReadResult& result) {
    std::string text;
    for (const Finding& finding : result.findings) text += describe(finding, "customer-support.md") + "\n";
    return text;
}

int line_of(const std::string& document, std::string_view text) {
    const std::size_t at = document.find(text);
    return at == std::string::npos
               ? 0
               : 1 + static_cast<int>(std::count(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

const Procedure& shipped_procedure() {
    static const ReadResult result = read(shipped(), test_catalogue());
    EXPECT_TRUE(result.procedure) << all(result);
    return *result.procedure;
}

TEST(ReadProcedure, TheShippedDocumentHasNoFinding) {
    const ReadResult result = read(shipped(), test_catalogue());
    EXPECT_TRUE(result.findings.empty()) << all(result);
    ASSERT_TRUE(result.procedure);
    EXPECT_EQ(result.procedure->steps.size(), 23u);
    EXPECT_EQ(result.procedure->exits.size(), 5u);
    EXPECT_EQ(result.procedure->name, "customer-support");
    EXPECT_EQ(result.procedure->title, "Customer Support Ticket Resolution");
    EXPECT_EQ(result.procedure->content_hash, sha256_hex(shipped()));
    EXPECT_EQ(result.procedure->source, shipped());
}

TEST(ReadProcedure, ThePolicyIsTyped) {
    const json::Value& policy = shipped_procedure().policy;
    EXPECT_EQ(json::to_money(policy["refund_approval_above"]), (Money{50000, "USD"}));
    EXPECT_EQ(json::to_duration(policy["refund_window"]), std::chrono::days(30));
    EXPECT_EQ(json::to_duration(policy["response_target"]["vip"]), std::chrono::hours(1));
    EXPECT_EQ(policy["autonomy"]["complaint"].as_string(), "off");  // YAML 1.1 would make it false.
    EXPECT_EQ(policy["automatic_answers_max"].as_int(), 2);
}

TEST(ReadProcedure, StepsCarryTheirFields) {
    const Step* step = shipped_procedure().find_step(7);
    ASSERT_NE(step, nullptr);
    EXPECT_EQ(step->title, "Send the Acknowledgment");
    EXPECT_EQ(step->tool, "mail.send_acknowledgment");
    EXPECT_EQ(step->timeout, std::chrono::seconds(60));
    EXPECT_EQ(step->retry, (Retry{400, std::chrono::seconds(5), std::chrono::minutes(15)}));
    EXPECT_THAT(step->required_context, testing::ElementsAre("acknowledgment", "ticket"));
    EXPECT_FALSE(step->in_follow_up);
    EXPECT_EQ(shipped_procedure().find_step(6)->only_when->text(), "case.reopened == 0");
    EXPECT_TRUE(shipped_procedure().find_step(22)->is_optional);
    const Step* reviewed = shipped_procedure().find_step_by_tool("mail.send_resolution");
    ASSERT_TRUE(reviewed && reviewed->approval);
    EXPECT_EQ(reviewed->approval->task, TaskKind::review);
    EXPECT_EQ(reviewed->approval->role, "agent");
    EXPECT_EQ(shipped_procedure().find_step(24), nullptr);
    EXPECT_EQ(shipped_procedure().first_follow_up_step()->number, 17);
}

TEST(ReadProcedure, BranchesCarryTriggerChainTargetAndRemark) {
    const Step* decide = shipped_procedure().find_step(9);
    const Branch& guard = decide->branches.front();
    EXPECT_EQ(guard.trigger, Branch::Trigger::guard);
    EXPECT_EQ(guard.when->text(), "refund.requested && refund.amount > policy.refund_approval_above");
    EXPECT_EQ(guard.target, (Target{Target::Kind::step, 11}));
    EXPECT_EQ(guard.remark, "needs approval");
    const int line = line_of(shipped(), "- when `refund.requested");
    EXPECT_EQ(guard.when->location(), (Location{line, 9}));

    const Step* watch = shipped_procedure().find_step(16);
    EXPECT_EQ(watch->branches[0].actions.front().tool, "reply.agent_answer");
    EXPECT_EQ(watch->branches[1].trigger, Branch::Trigger::after);
    EXPECT_EQ(watch->branches[1].after, std::chrono::hours(24));
    EXPECT_EQ(watch->branches[1].actions.front().task, TaskKind::manager_escalation);
    EXPECT_EQ(watch->branches[1].target.kind, Target::Kind::stay);
    EXPECT_EQ(shipped_procedure().find_step(17)->branches[0].at_fact, "followup.due");
    EXPECT_EQ(shipped_procedure().find_step(2)->branches[2].trigger, Branch::Trigger::failure);
}

TEST(ReadProcedure, RulesAndExitsAreKept) {
    const Procedure& procedure = shipped_procedure();
    EXPECT_EQ(procedure.exits[1].name, "No customer response for 7 days");
    EXPECT_EQ(procedure.exits[1].target, (Target{Target::Kind::step, 21}));
    EXPECT_FALSE(procedure.exits[0].target);
    EXPECT_EQ(procedure.exits[2].actions.front().role, "technical_support");
    EXPECT_EQ(procedure.never.front().tool, "mail.send_resolution");
    EXPECT_EQ(procedure.always.front().to_step, 10);
    EXPECT_EQ(procedure.tool("ticket.note").integration, "helpdesk");
    EXPECT_FALSE(procedure.tools.empty());
}

TEST(ReadProcedure, PlainArrowsAndWindowsLineEndsReadTheSame) {
    const ReadResult result = read(text::replace_all(text::replace_all(shipped(), "→", "->"), "\n", "\r\n"), test_catalogue());
    ASSERT_TRUE(result.procedure) << all(result);
    EXPECT_EQ(result.procedure->steps.size(), shipped_procedure().steps.size());
    for (std::size_t i = 0; i < result.procedure->steps.size(); ++i) {
        EXPECT_EQ(result.procedure->steps[i].branches.size(), shipped_procedure().steps[i].branches.size());
        EXPECT_EQ(result.procedure->steps[i].title, shipped_procedure().steps[i].title);
    }
}

TEST(ReadProcedure, ALongConditionMayGoOnOnTheNextLine) {
    const std::string document = text::replace_all(
        shipped(), "`refund.requested && refund.amount > policy.refund_approval_above` → Step 11 (needs approval)",
        "`refund.requested &&\n  refund.amount > policy.refund_approval_abov` → Step 11 (needs\n  approval)");
    const ReadResult result = read(document, test_catalogue());
    ASSERT_EQ(result.findings.size(), 1u) << all(result);
    EXPECT_EQ(result.findings[0].where, (Location{line_of(document, "approval_abov`"), 19}));
    EXPECT_THAT(result.findings[0].message, HasSubstr("did you mean `policy.refund_approval_above`?"));
}

TEST(ReadProcedure, CodeFencesAndCommentsAreProse) {
    const std::string document = text::replace_all(
        shipped(), "## Never\n", "## Never\n\n```\n- `no.such_tool` when `nonsense`\n```\n\n<!-- - `no.such_tool` -->\n");
    EXPECT_TRUE(read(document, test_catalogue()).findings.empty());
}

/// The shipped document with one fault, and the one finding that it must bring.
struct Fault {
    std::string_view name;
    std::string_view from;
    std::string_view to;
    std::string_view code;
    std::string_view at;    ///< the finding's line is the first that holds this, in the changed document
    std::string_view says;  ///< part of its message
};
void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.name;
}

class BrokenProcedure : public testing::TestWithParam<Fault> {};

TEST_P(BrokenProcedure, BringsItsOneFindingAtItsLine) {
    const Fault& fault = GetParam();
    ASSERT_NE(shipped().find(fault.from), std::string::npos) << "the fault no longer fits the shipped document";
    const std::string document = text::replace_all(shipped(), fault.from, fault.to);
    const ReadResult result = read(document, test_catalogue());
    ASSERT_EQ(result.findings.size(), 1u) << all(result);
    const Finding& finding = result.findings.front();
    EXPECT_EQ(finding.code, "procedure." + std::string(fault.code)) << all(result);
    EXPECT_EQ(finding.where.line, line_of(document, fault.at)) << all(result);
    EXPECT_THAT(finding.message, HasSubstr(std::string(fault.says)));
    EXPECT_EQ(result.procedure.has_value(), finding.severity == Finding::Severity::warning);
}

constexpr std::string_view kOrphan =
    "### Step 90: Nobody Comes Here\n**Tool**: `ticket.note`\n**Timeout**: 5s\n**Required Context**: `ticket`\n**Branches**:\n- "
    "`noted` → closed\n\n";
const std::string kOrphanBeforeExits = std::string(kOrphan) + "## Exit Conditions\n";
const std::string kDoubleStep =
    "### Step 23: Once More\n**Tool**: `ticket.note`\n**Timeout**: 5s\n**Required Context**: `ticket`\n**Branches**:\n- `noted` "
    "→ closed\n\n## Exit Conditions\n";
const std::string kTrap = text::replace_all(std::string(kOrphan), "→ closed", "→ hold") +
                          "## Exit Conditions\n\n- **New**: when `case.escalated` → Step 90\n";

std::vector<Fault> structure_faults() {
    return {
        {"UnknownTool", "**Tool**: `crm.find_customer`", "**Tool**: `crm.find_custmer`", "unknown_tool", "find_custmer",
         "did you mean `crm.find_customer`?"},
        {"UnknownToolInAChain", "- `sent` → `ticket.log` → Step 8", "- `sent` → `ticket.logg` → Step 8", "unknown_tool",
         "ticket.logg", "did you mean `ticket.log`?"},
        {"UnknownToolInARule", "- `mail.send_resolution` when", "- `mail.send_solution` when", "unknown_tool",
         "mail.send_solution", "which is not known"},
        {"UnknownOutcome", "- `created` → Step 6", "- `creatd` → Step 6", "unknown_outcome", "creatd", "did you mean `created`?"},
        {"RejectedWithoutApproval", "- `recorded` → Step 14", "- `recorded` → Step 14\n- `rejected` → Step 14", "unknown_outcome",
         "- `rejected` → Step 14", "ends in `recorded`, `skipped`"},
        {"OutcomeWithoutBranch", "- `not_grounded` → Step 11 (the draft attached)\n", "", "outcome_without_branch",
         "### Step 10:", "no branch for `not_grounded`"},
        {"OnlyWhenWithoutSkipped", "- `skipped` → Step 8 (reopened: it was acknowledged before)\n", "", "outcome_without_branch",
         "### Step 6:", "`skipped`"},
        {"OptionalWithoutSkipped", "- `skipped` → Step 23\n", "", "outcome_without_branch", "### Step 22:", "`skipped`"},
        {"ApprovalWithoutRejected", "- `rejected` → Step 11 (a person did not approve the text)\n", "", "outcome_without_branch",
         "### Step 12:", "`rejected`"},
        {"TwoBranchesForOneOutcome", "- `classified` → Step 4", "- `classified` → Step 4\n- `classified` → Step 5",
         "duplicate_branch", "`classified` → Step 5", "never be taken"},
        {"UnknownStep", "- `classified` → Step 4", "- `classified` → Step 44", "unknown_step", "Step 44",
         "Step 44, which is not there"},
        {"UnknownStepInAnExit", "close_after_quiet` → Step 21", "close_after_quiet` → Step 31", "unknown_step", "Step 31",
         "Step 31"},
        {"UnknownStepInARule", "- Step 9 → Step 10 is open", "- Step 9 → Step 99 is open", "unknown_step", "Step 99", "Step 99"},
        {"RuleWithoutABranch", "- Step 9 → Step 10 is open", "- Step 9 → Step 12 is open", "bad_value", "Step 9 → Step 12",
         "no branch to step 12"},
        {"DuplicateStep", "## Exit Conditions\n", kDoubleStep, "duplicate_step", "### Step 23: Once More",
         "the first is in line"},
        {"StepNumbersFall", "Step 22", "Step 24", "step_numbers", "### Step 23:", "step 23 behind step 24"},
        {"Unreachable", "## Exit Conditions\n", kOrphanBeforeExits, "unreachable_step", "### Step 90:", "leads to step 90"},
        {"DeadEnd", "## Exit Conditions\n", kTrap, "dead_end", "### Step 90:", "reaches an end"},
        {"NoTool", "**Tool**: `kb.search`\n", "", "missing_field", "### Step 8:", "no **Tool**"},
        {"NoBranches", "**Branches**:\n- `classified` → Step 4\n", "", "missing_field", "### Step 3:", "no **Branches**"},
        {"NoTitle", "# Customer Support Ticket Resolution\n", "Customer Support Ticket Resolution\n", "missing_field",
         "Customer Support Ticket", "found no title"},
        {"NoTimeout", "**Timeout**: 15s\n**Retry**: 4 attempts, 2s to 30s\n", "", "missing_timeout", "### Step 2:", "takes 30s"},
        {"StayWithoutWaiting", "- `classified` → Step 4", "- `classified` → Step 4\n- on failure → stay", "bad_value",
         "- on failure → stay", "does not wait"},
        {"AfterWithoutWaiting", "- `classified` → Step 4", "- `classified` → Step 4\n- after `1h` → Step 4", "bad_value",
         "after `1h`", "**Timeout**"},
        {"CompleteInTheFollowUp", "- `created` → closed", "- `created` → complete", "bad_value", "`created` → complete",
         "meant closed"},
    };
}

std::vector<Fault> field_faults() {
    return {
        {"UnknownField", "**Required Context**: `reply`, `case`", "**Required Contxt**: `reply`, `case`", "unknown_field",
         "Contxt", "did you mean `Required Context`?"},
        {"FieldWithoutStars", "**Timeout**: 15s\n**Retry**: 4", "Timeout: 15s\n**Retry**: 4", "unknown_field",
         "Timeout: 15s\n**Retry**: 4", "**Timeout**: value"},
        {"FieldTwice", "**Optional**: yes\n**Timeout**: 60s", "**Optional**: yes\n**Optional**: no\n**Timeout**: 60s",
         "bad_value", "**Optional**: no", "second time"},
        {"FieldWithoutColon", "**Optional**: yes\n**Timeout**: 60s", "**Optional** yes\n**Timeout**: 60s", "bad_value",
         "**Optional** yes", "no colon"},
        {"BadTimeout", "**Timeout**: 15s\n**Retry**: 4", "**Timeout**: soon\n**Retry**: 4", "bad_value", "soon",
         "found \"soon\", meant a duration"},
        {"BadRetry", "**Retry**: 4 attempts, 2s to 30s", "**Retry**: 4 times", "bad_value", "4 times", "8 attempts, 2s to 10m"},
        {"RetryRunsBackwards", "**Retry**: 4 attempts, 2s to 30s", "**Retry**: 4 attempts, 30s to 2s", "bad_value", "30s to 2s",
         "8 attempts"},
        {"BadCategory", "**Tool**: `kb.search`\n**Tool Category**: Integration",
         "**Tool**: `kb.search`\n**Tool Category**: Webhook", "bad_value", "Webhook", "Integration or Prompt"},
        {"CategoryOfAnotherTool", "**Tool**: `mail.receive`\n**Tool Category**: Integration",
         "**Tool**: `mail.receive`\n**Tool Category**: Prompt", "bad_value", "**Tool Category**: Prompt",
         "is of the category integration"},
        {"BadActionType", "**Action Type**: extraction\n**Required Context**: `reply`",
         "**Action Type**: reading\n**Required Context**: `reply`", "bad_value", "reading", "meant read, create"},
        {"BadOptional", "**Optional**: yes\n**Timeout**: 60s", "**Optional**: maybe\n**Timeout**: 60s", "bad_value", "maybe",
         "yes or no"},
        {"ToolWithoutBackticks", "**Tool**: `kb.search`", "**Tool**: kb.search", "bad_value", "**Tool**: kb.search",
         "in backticks"},
        {"ContextWithAPoint", "**Required Context**: `reply`, `case`", "**Required Context**: `reply.text`, `case`", "bad_value",
         "reply.text", "without a point"},
        {"ContextWithoutComma", "**Required Context**: `reply`, `case`", "**Required Context**: `reply` `case`", "bad_value",
         "`reply` `case`", "meant a comma"},
        {"BadApproval", "→ task `review` for `agent`", "→ `review`", "bad_value", "→ `review`", "task `review` for `agent`"},
        {"UnknownTask", "→ task `review` for `agent`", "→ task `reviw` for `agent`", "bad_value", "reviw",
         "did you mean `review`?"},
        {"TaskForNobody", "→ task `manager_review` for `manager`", "→ task `manager_review`", "bad_value",
         "→ task `manager_review`", "whom the task is for"},
        {"NoArrow", "- `classified` → Step 4", "- `classified` Step 4", "bad_value", "`classified` Step 4", "meant an arrow"},
        {"NoTarget", "- `classified` → Step 4", "- `classified` → `ticket.note`", "bad_value", "`classified` → `ticket.note`",
         "does not say where it goes"},
        {"BadTarget", "- `classified` → Step 4", "- `classified` → Stp 4", "bad_value", "Stp 4", "found \"Stp\""},
        {"BadTrigger", "- on failure → Step 11", "- on fail → Step 11", "bad_value", "on fail →", "meant `on failure`"},
        {"OpenRemark", "→ Step 11 (people only)", "→ Step 11 (people only", "bad_value", "(people only",
         "a remark in parentheses"},
        {"OpenBacktick", "- `classified` → Step 4", "- `classified → Step 4", "bad_value", "`classified → Step 4",
         "backtick without its partner"},
        {"UnreadableHeading", "### Step 9: Decide", "### Stp 9: Decide", "bad_value", "### Stp 9", "### Step N: Title"},
        {"MisspeltSection", "## Never\n", "## Nevr\n", "unknown_field", "## Nevr", "did you mean `Never`?"},
        {"SectionTwice", "## Always\n", "## Never\n\n## Always\n", "bad_value", "## Never\n\n## Always", "second time"},
        {"ExitWithoutName", "- **VIP escalation**: when", "- VIP escalation: when", "bad_value", "- VIP escalation",
         "**Name**: when"},
    };
}

std::vector<Fault> meaning_faults() {
    constexpr std::string_view kGuard = "refund.amount > policy.refund_approval_above` → Step 11";
    return {
        {"ConditionSyntax", kGuard, "refund.amount = policy.refund_approval_above` → Step 11", "condition_syntax",
         "refund.amount = ", "did you mean `==`?"},
        {"ConditionType", kGuard, "refund.amount > 500` → Step 11", "condition_type", "refund.amount > 500",
         "money(\"500.00\", \"USD\")"},
        {"UnknownFact", kGuard, "refund.ammount > policy.refund_approval_above` → Step 11", "unknown_fact", "ammount",
         "did you mean `refund.amount`?"},
        {"UnknownPolicy", kGuard, "refund.amount > policy.refund_aproval_above` → Step 11", "policy_unknown", "aproval",
         "the front matter does not set; did you mean `policy.refund_approval_above`?"},
        {"UnknownPolicyField", "policy.autonomy[\"complaint\"] == \"off\"", "policy.autonomy[\"complant\"] == \"off\"",
         "policy_unknown", "complant", "did you mean `policy.autonomy.complaint`?"},
        {"UnknownWait", "- after `policy.manager_escalation_after`", "- after `policy.manager_escalation`", "policy_unknown",
         "after `policy.manager_escalation`", "does not set"},
        {"WaitOfAnotherType", "- after `policy.manager_escalation_after`", "- after `policy.refund_approval_above`", "bad_value",
         "after `policy.refund_approval_above`", "meant a duration"},
        {"MomentUnknown", "- at `followup.due`", "- at `followup.du`", "unknown_fact", "followup.du`",
         "did you mean `followup.due`?"},
        {"MomentOfAnotherType", "- at `followup.due`", "- at `priority.level`", "condition_type", "at `priority.level`",
         "meant an instant"},
        {"TypeInOnlyWhen", "`case.reopened == 0`", "`case.reopened == \"0\"`", "condition_type", "case.reopened == \"0\"",
         "between int and string"},
        {"TypeInAnExit", "`satisfaction.score < 3`", "`satisfaction.score < \"3\"`", "condition_type",
         "satisfaction.score < \"3\"", "between int and string"},
        {"UnknownContext", "**Required Context**: `mail`, `customer`, `conversation`, `sender`",
         "**Required Context**: `mail`, `customer`, `conversation`, `sendr`", "context_missing", "sendr",
         "did you mean `sender`?"},
        {"ContextTooEarly", "**Required Context**: `sender`\n**Timeout**: 15s",
         "**Required Context**: `sender`, `articles`\n**Timeout**: 15s", "context_missing", "`sender`, `articles`",
         "no path into step 2 produces"},
        {"GuardTooEarly", "- `not_found` → Step 3 (as", "- when `size(articles) == 0` → Step 3\n- `not_found` → Step 3 (as",
         "context_missing", "size(articles)", "`articles`, which no path into step 2"},
        {"ToolNeedsMore", "**Required Context**: `followup`\n", "**Required Context**: `ticket`\n", "context_missing",
         "**Tool**: `followup.wait`", "cannot work without `followup`"},
        {"FrontMatterKey", "procedure: customer-support\n", "procedure: customer-support\nowner: me\n", "front_matter", "owner",
         "known are `procedure` and `policy`"},
        {"FrontMatterWithoutName", "procedure: customer-support\n", "", "front_matter", "policy:", "found no `procedure`"},
        {"FrontMatterTwice", "  follow_up_after: 48h\n", "  follow_up_after: 48h\n  follow_up_after: 24h\n", "front_matter",
         "follow_up_after: 24h", "second time"},
        {"FrontMatterAnchor", "follow_up_after: 48h", "follow_up_after: &x 48h", "front_matter", "&x", "anchor"},
        {"FrontMatterAlias", "follow_up_after: 48h", "follow_up_after: *x", "front_matter", "*x", ""},
        {"FrontMatterTag", "follow_up_after: 48h", "follow_up_after: !!str 48h", "front_matter", "!!str", "tag"},
        {"FrontMatterEmptyValue", "follow_up_after: 48h", "follow_up_after:", "front_matter", "follow_up_after:", "no value"},
        {"FrontMatterDepth", "follow_up_after: 48h", "follow_up_after: [[[[[[[[[[1]]]]]]]]]]", "front_matter", "[[[[",
         "nested deeper"},
        {"FrontMatterSyntax", "{ vip: 1h, standard: 2h }", "{ vip: 1h, standard: 2h ]", "front_matter", "standard: 2h ]", ""},
        {"BadAmount", "refund_approval_above: $500", "refund_approval_above: $5O0", "bad_value", "$5O0", "meant an amount"},
        {"BadGroups", "refund_approval_above: $500", "refund_approval_above: $5,00", "bad_value", "$5,00", "groups of three"},
        {"UnknownCurrency", "refund_approval_above: $500", "refund_approval_above: 500 XYZ", "bad_value", "500 XYZ", "currency"},
        {"NumberOutOfRange", "automatic_answers_max: 2", "automatic_answers_max: 99999999999999999999", "bad_value", "99999999",
         "out of range"},
        {"NotText", "A customer writes to", "A customer\xff writes to", "bad_value", "A customer\xff", "UTF-8"},
    };
}

const auto kName = [](const testing::TestParamInfo<Fault>& info) { return std::string(info.param.name); };
INSTANTIATE_TEST_SUITE_P(Structure, BrokenProcedure, testing::ValuesIn(structure_faults()), kName);
INSTANTIATE_TEST_SUITE_P(Fields, BrokenProcedure, testing::ValuesIn(field_faults()), kName);
INSTANTIATE_TEST_SUITE_P(Meaning, BrokenProcedure, testing::ValuesIn(meaning_faults()), kName);

TEST(ReadProcedure, LimitsAreNamed) {
    const ReadResult large = read(shipped() + std::string((1u << 20) + 1 - shipped().size(), ' '), test_catalogue());
    ASSERT_EQ(large.findings.size(), 1u);
    EXPECT_EQ(large.findings[0].code, "procedure.too_large");
    EXPECT_TRUE(read(shipped() + std::string((1u << 20) - shipped().size(), ' '), test_catalogue()).procedure);

    const auto with_steps = [](int count) {
        std::string document = "---\nprocedure: many\n---\n# Many\n## Steps\n";
        for (int i = 1; i <= count; ++i)
            document += fmt::format(
                "### Step {}: One\n**Tool**: `followup.schedule`\n**Timeout**: 5s\n**Branches**:\n- `scheduled` → {}\n\n", i,
                i == count ? "complete" : fmt::format("Step {}", i + 1));
        return read(document, test_catalogue());
    };
    EXPECT_TRUE(with_steps(500).procedure) << all(with_steps(500));
    EXPECT_EQ(with_steps(501).findings.front().code, "procedure.too_large");
}

TEST(ReadProcedure, EmptyAndForeignTextsAreRefused) {
    for (const std::string_view document :
         {"", "\n", "---", "---\n---\n", "# Title\n", "---\nprocedure: x\n---\n", "{}", "---\n- 1\n---\n# T\n"}) {
        const ReadResult result = read(document, test_catalogue());
        EXPECT_FALSE(result.procedure) << document;
        EXPECT_FALSE(result.findings.empty()) << document;
    }
}

TEST(ReadProcedure, FindingsComeInOrderOfPlace) {
    const std::string document =
        text::replace_all(text::replace_all(shipped(), "Step 4\n", "Step 44\n"), "crm.record_resolution", "crm.record");
    const ReadResult result = read(document, test_catalogue());
    ASSERT_GE(result.findings.size(), 3u);
    for (std::size_t i = 1; i < result.findings.size(); ++i)
        EXPECT_LE(result.findings[i - 1].where.line, result.findings[i].where.line);
}

TEST(ReadProcedure, SurvivesTwoThousandMutations) {
    std::mt19937 random(20261122);
    const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    constexpr std::string_view kAlphabet = "`*#-:[](){}&!|>\"'\n\r\t 0aN→\\$%~";
    const ToolCatalogue catalogue = test_catalogue();
    int sound = 0;
    for (int i = 0; i < 2000; ++i) {
        std::string document = shipped();
        for (std::size_t edits = 1 + pick(3); edits > 0; --edits) {
            const std::size_t at = pick(document.size());
            const std::size_t kind = pick(4);
            if (kind == 0) document.erase(at, 1 + pick(40));
            if (kind == 1) document[at] = kAlphabet[pick(kAlphabet.size())];
            if (kind == 2) document.insert(at, 1, kAlphabet[pick(kAlphabet.size())]);
            if (kind == 3) document.insert(at, document.substr(pick(document.size()), 1 + pick(200)));
        }
        const ReadResult result = read(document, catalogue);
        EXPECT_TRUE(result.procedure || !result.findings.empty());
        sound += result.procedure ? 1 : 0;
        EXPECT_TRUE(!result.procedure || !render_mermaid(*result.procedure).empty());
        for (const Finding& finding : result.findings) EXPECT_GE(finding.where.line, 1);
    }
    EXPECT_GT(sound, 50);
}

TEST(DescribeFinding, NamesFilePlaceSeverityAndCode) {
    const Finding finding{Finding::Severity::error, "procedure.unknown_tool", {12, 5}, "found the tool `x`"};
    EXPECT_EQ(describe(finding, "procedures/a.md"), "procedures/a.md:12:5: error procedure.unknown_tool: found the tool `x`");
}

TEST(RenderProcedure, TextShowsStepsBranchesAndRules) {
    const std::string text = render_text(shipped_procedure());
    EXPECT_THAT(text, HasSubstr("  9. Decide Whether a Person Is Needed   [issue.assess]\n"));
    EXPECT_THAT(text,
                HasSubstr("when refund.requested && refund.amount > policy.refund_approval_above → Step 11 (needs approval)"));
    EXPECT_THAT(text, HasSubstr("after policy.manager_escalation_after (1d) → task manager_escalation for manager → stay"));
    EXPECT_THAT(text, HasSubstr("VIP escalation: when case.escalated"));
    EXPECT_THAT(text, HasSubstr("\nNever\n"));
}

TEST(RenderProcedure, MermaidHasAnArrowForEachBranchAndNoRawMarkupInLabels) {
    const std::string text = render_mermaid(shipped_procedure());
    EXPECT_THAT(text, testing::StartsWith("flowchart TD\n"));
    EXPECT_THAT(text, HasSubstr("Understand the Customer's Answer"));
    std::size_t branches = 0;
    for (const Step& step : shipped_procedure().steps) branches += step.branches.size();
    std::size_t arrows = 0;
    for (const std::string_view line : text::split_lines(text)) arrows += line.find(">|\"") != std::string_view::npos ? 1 : 0;
    EXPECT_EQ(arrows, branches);
    EXPECT_THAT(text, HasSubstr("s9 ==>|\"when refund.requested #amp;#amp; refund.amount #gt; "));
    EXPECT_THAT(text, HasSubstr("closed((closed))"));
    EXPECT_THAT(text, Not(HasSubstr("complete((complete))")));  // There is a follow-up to go on to.
}

}  // namespace
}  // namespace resolute::procedure
