// SPDX-License-Identifier: Apache-2.0
#include "connectors/oauth/jwt.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "base/base64.h"

namespace resolute::connectors {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

/// A key behind a password is refused: nobody is there to type it.
int no_password(char*, int, int, void*) { return -1; }

Result<std::string> sign(std::string_view text, std::string_view pem) {
    const auto bad = [](const char* why) { return fail("oauth.bad_key", ErrorKind::invalid, why); };
    const std::unique_ptr<BIO, int (*)(BIO*)> source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    const Key key(PEM_read_bio_PrivateKey(source.get(), nullptr, &no_password, nullptr), &EVP_PKEY_free);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return bad("the private key is no RSA key in PEM without a password");
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1)
        return bad("the private key does not sign");
    signature.resize(size);
    return signature;
}

}  // namespace

Result<std::string> sign_jwt(const json::Object& header, const json::Object& claims, std::string_view private_key_pem) {
    const std::string text = to_base64url(json::dump(header)) + "." + to_base64url(json::dump(claims));
    TRY(const std::string signature, sign(text, private_key_pem));
    return text + "." + to_base64url(signature);
}

}  // namespace resolute::connectors
