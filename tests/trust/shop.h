// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "desk/builtin_chat.h"
#include "desk/builtin_crm.h"
#include "desk/builtin_helpdesk.h"
#include "engine/engine.h"
#include "knowledge/folder_knowledge.h"
#include "language/embedded_language.h"
#include "mailroom/intake.h"
#include "storage/memory/memory_storage.h"
#include "tools/tool.h"

/// A company that answers mail, whole but for the network: what goes out is kept.
namespace resolute::trust_test {

inline constexpr std::string_view kOurServer = "mx.acme.example";
inline constexpr std::string_view kSupport = "support@acme.example";
inline constexpr std::string_view kCustomer = "quill@shop.example";  ///< in the CRM, a VIP with an order
inline constexpr std::string_view kCustomerName = "Quillon Harcourt";
inline constexpr std::string_view kCustomerOrder = "778899";

class Outbox final : public ports::MailSender {
public:
    Status send(const ports::FrozenMail& mail, Deadline) override {
        mails.push_back(mail);
        return {};
    }
    Result<ports::Delivery> look_up(const ports::FrozenMail&, Deadline) override { return ports::Delivery::unknown; }
    std::vector<ports::FrozenMail> mails;
};

/// Whoever is asked for, it is Bob: choosing among people is not what is tested, and takes a look at all their tasks.
class OnePerson final : public ports::People {
public:
    Result<ports::Route> route(const ports::RouteRequest&, Deadline) override { return ports::Route{.agent = bob_, .why = "the only one"}; }
    Result<std::optional<ports::Agent>> find_agent(const AgentId&) override { return bob_; }
    Result<std::vector<ports::Agent>> agents() override { return std::vector{bob_}; }

private:
    const ports::Agent bob_{.id = AgentId("bob"), .name = "Bob", .email = "bob@acme.example", .skills = {}};
};

/// One mail as it comes in.
struct Letter {
    std::string from;
    std::string subject = "Printer offline";
    std::string text = "My printer is offline and does not print. How do I get it online again?";
    std::string message_id;
    std::vector<std::string> above;  ///< header lines over the rest, as our server writes them
    std::vector<std::string> below;  ///< header lines of the sender's
};

class Shop {
public:
    explicit Shop(ports::MailCaps caps = {});
    ~Shop();
    Shop(const Shop&) = delete;
    Shop& operator=(const Shop&) = delete;

    /// Takes the mail in and works until nothing is due; time stands still.
    ports::MailRecord receive(const Letter& letter);
    ports::MailRecord take_in(const Letter& letter);
    void work();
    [[nodiscard]] casework::CaseState state_of(const CaseId& id);
    [[nodiscard]] const std::vector<ports::FrozenMail>& sent() const { return outbox_.mails; }
    storage::Storage& storage() { return storage_; }

    VirtualClock clock{*parse_instant("2026-11-23T09:00:00Z")};

private:
    class Inbox;
    storage::MemoryStorage storage_;
    Outbox outbox_;
    desk::BuiltinCrm crm_{storage_.desk()};
    desk::BuiltinHelpdesk helpdesk_{storage_.desk()};
    OnePerson people_;
    desk::BuiltinChat chat_{storage_.desk()};
    language::EmbeddedLanguage language_;
    std::unique_ptr<knowledge::FolderKnowledge> knowledge_;
    procedure::ToolCatalogue catalogue_ = tools::catalogue();
    std::unique_ptr<tools::World> world_;
    std::unique_ptr<tools::ToolRunner> runner_;
    engine::Vault vault_{storage_.engine_store()};
    engine::ProcedureBook book_{storage_.engine_store(), catalogue_};
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<Inbox> inbox_;
    std::unique_ptr<mailroom::Intake> intake_;
};

}  // namespace resolute::trust_test
