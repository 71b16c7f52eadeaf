// SPDX-License-Identifier: Apache-2.0
// Address fields (RFC 5322 §3.4): whatever comes out as usable can be written to.
#include "base/invariant.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/encoded_words.h"
#include "tests/fuzz/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace resolute;  // NOLINT: one function, one file.
    constexpr std::size_t kAddressesMax = 50;
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const mail::AddressList list = mail::parse_addresses(raw, kAddressesMax);
    INVARIANT(list.addresses.size() <= kAddressesMax, "addresses are bounded");
    for (const mail::Address& address : list.addresses) {
        INVARIANT(text::is_utf8(address.name) && address.name.find_first_of("\r\n") == std::string::npos,
                  "a name is one line of UTF-8");
        if (address.address.empty()) continue;
        INVARIANT(mail::usable_address(address.address) == address.address, "a usable address stays as it is");
        INVARIANT(address.address.find_first_of(" \t\r\n\"<>(),;:") == std::string::npos, "nothing in an address separates");
    }
    return 0;
}
