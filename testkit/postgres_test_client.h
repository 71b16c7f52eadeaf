// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/result.h"

namespace resolute::testkit {

/// A connection that stays, of which a test sees what libpq says.
class Client {
public:
    explicit Client(const std::string& url)
        : connection_(::PQconnectdb((url + (url.find('?') == std::string::npos ? '?' : '&') + "connect_timeout=20").c_str()),
                      &::PQfinish) {}

    [[nodiscard]] bool is_connected() const { return ::PQstatus(connection_.get()) == CONNECTION_OK; }
    [[nodiscard]] std::string error() const { return ::PQerrorMessage(connection_.get()); }
    [[nodiscard]] PGconn* get() const { return connection_.get(); }
    /// As a simple query; whether all of it succeeded.
    bool run(const std::string& sql) const { return is_good(::PQexec(connection_.get(), sql.c_str())); }
    /// As an unnamed prepared statement: Parse, Bind, Execute, Sync.
    bool run_extended(const std::string& sql) const {
        return is_good(::PQexecParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    }
    /// The first value; the error's text where there is none.
    [[nodiscard]] std::string value(const std::string& sql) const {
        PGresult* result = ::PQexec(connection_.get(), sql.c_str());
        std::string text = ::PQntuples(result) > 0 ? ::PQgetvalue(result, 0, 0) : "no row: " + error();
        ::PQclear(result);
        return text;
    }

private:
    static bool is_good(PGresult* result) {
        const ExecStatusType status = ::PQresultStatus(result);
        ::PQclear(result);
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    }
    std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

/// A server, proxy or pooler that a test cannot do without.
template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    return *std::move(result);
}
inline void must(const Status& status) {
    if (!status) throw std::runtime_error(describe(status.error()));
}

}  // namespace resolute::testkit
