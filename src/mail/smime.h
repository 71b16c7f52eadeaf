// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace resolute::mail {

/// The MIME entity inside of an application/pkcs7-mime part that is signed and not encrypted (RFC 8551 §3.5.2); nothing where it
/// is encrypted, or none. The signature is not checked: who sent a mail is decided by its authentication. Total.
std::optional<std::string> signed_content(std::string_view der);

}  // namespace resolute::mail
