// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "app/commands/commands.h"

/// What the person on call and the data protection officer do.
namespace resolute::app {

struct FreezeArguments {
    std::string why;
    std::string by;
    std::string look_first = "30d";
};
Result<int> freeze(const Globals& globals, const FreezeArguments& arguments);
Result<int> release(const Globals& globals, const FreezeArguments& arguments);
Result<int> show_status(const Globals& globals);

struct BackupArguments {
    std::filesystem::path file;
    bool force = false;
};
Result<int> back_up(const Globals& globals, const BackupArguments& arguments);
Result<int> restore(const Globals& globals, const BackupArguments& arguments);

struct PersonArguments {
    std::string person;  ///< CRM id or address
    std::string by;
    std::string why;
    std::filesystem::path to;
    bool is_dry_run = false;
    bool is_confirmed = false;
    bool no_compact = false;
    bool releases = false;
};
Result<int> erase_person(const Globals& globals, const PersonArguments& arguments);
Result<int> export_person(const Globals& globals, const PersonArguments& arguments);
Result<int> hold_person(const Globals& globals, const PersonArguments& arguments);
Result<int> drop_overdue(const Globals& globals, const PersonArguments& arguments);

/// Who sits here: $USER, where nobody is named.
std::string who(const std::string& by);

}  // namespace resolute::app
