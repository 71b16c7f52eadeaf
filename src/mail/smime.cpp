// SPDX-License-Identifier: Apache-2.0
#include "mail/smime.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <limits>
#include <memory>

namespace resolute::mail {

std::optional<std::string> signed_content(std::string_view der) {
    if (der.empty() || der.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
    const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_mem_buf(der.data(), static_cast<int>(der.size())), &BIO_free);
    if (in == nullptr) return std::nullopt;
    const std::unique_ptr<CMS_ContentInfo, decltype(&CMS_ContentInfo_free)> cms(d2i_CMS_bio(in.get(), nullptr),
                                                                                &CMS_ContentInfo_free);
    ERR_clear_error();
    if (cms == nullptr || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) return std::nullopt;
    ASN1_OCTET_STRING** content = CMS_get0_content(cms.get());
    ERR_clear_error();
    if (content == nullptr || *content == nullptr) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(*content)),
                       static_cast<std::size_t>(ASN1_STRING_length(*content)));
}

}  // namespace resolute::mail
