// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "knowledge/article_reader.h"
#include "knowledge/index.h"
#include "ports/article_store.h"

namespace resolute::knowledge {

/// The knowledge base of a company that writes its articles as Markdown: folders of *.md files, and the articles of an
/// ArticleStore.
///
/// Who wins: an article of the store over a file with the same id, since `add` is an upsert; of two files the first in the order
/// of the folders, then of the paths. A stored article without title and text only adds its questions to the file's.
///
/// Threads: any. A search works on the index that was there when it began, while `refresh` builds the next one beside it. After
/// `add` the first search builds, so that a thousand articles added in a row cost one build, and who added an article finds it.
class FolderKnowledge final : public ports::KnowledgeBase {
public:
    struct Options {
        std::vector<std::filesystem::path> folders;
        std::string base_url;  ///< "https://help.acme.example/": the id behind it is an article's link; empty: no links
        std::string default_language = "en";  ///< of articles that name none
        Weights weights;
    };
    struct Refreshed {
        bool has_changed = false;
        std::size_t articles = 0;
    };

    /// Reads everything once. A folder that is not there is no error here: each search says so until it is back.
    static Result<std::unique_ptr<FolderKnowledge>> open(Options options, ports::ArticleStore& store);

    /// Looks for files changed since (by time and size) and for changes of the store. Cheap where there are none; call it every
    /// few seconds, and after ArticleStore::add_question. A folder that has vanished keeps its articles until it is back.
    Result<Refreshed> refresh();
    /// What was odd in the files when they were read last.
    [[nodiscard]] std::vector<Defect> defects() const;

    /// `knowledge.unavailable` while a configured folder is not there, `knowledge.timed_out`.
    Result<std::vector<ports::SearchHit>> search(const ports::SearchQuery& query, Deadline deadline) override;
    Result<std::optional<ports::Article>> find_article(const ArticleId& id) override;
    /// `knowledge.bad_article`, and the store's errors. Found by the next search.
    Status add(const ports::Article& article) override;
    Result<std::size_t> size() override;

private:
    struct File {
        std::filesystem::file_time_type changed_at;
        std::uintmax_t size = 0;
        ReadArticle read;
    };
    using Files = std::map<std::filesystem::path, File>;

    FolderKnowledge(Options options, ports::ArticleStore& store) : options_(std::move(options)), store_(store) {}

    bool scan(const std::filesystem::path& folder, Files& files);
    [[nodiscard]] File read_file(const std::filesystem::path& path) const;
    [[nodiscard]] std::vector<ports::Article> gather(std::vector<Defect>& defects) const;
    std::shared_ptr<const Index> rebuild();
    std::shared_ptr<const Index> index();

    const Options options_;
    ports::ArticleStore& store_;

    std::mutex source_mutex_;   ///< over the sources; held while files are read and an index is built
    std::vector<Files> files_;  ///< by folder
    std::vector<ports::Article> stored_;
    std::vector<Defect> scan_defects_;

    mutable std::mutex mutex_;  ///< over what follows; taken after source_mutex_, and held for moments only
    std::vector<Defect> defects_;
    std::shared_ptr<const Index> index_;  ///< shared with searches under way
    bool is_outdated_ = true;             ///< an article was added since
};

}  // namespace resolute::knowledge
