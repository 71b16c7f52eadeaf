// SPDX-License-Identifier: Apache-2.0
#include "knowledge/folder_knowledge.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "knowledge/limits.h"

namespace resolute::knowledge {
namespace fs = std::filesystem;
namespace {

Status check_article(const ports::Article& article) {
    const auto bad = [](std::string detail) {
        return fail("knowledge.bad_article", ErrorKind::invalid, std::move(detail), EffectState::refused);
    };
    const std::string& id = article.id.value();
    if (id.empty() || id != article_id_of(id)) return bad("the id must be ASCII letters, digits, '.', '_' and '-'");
    if (text::trim(article.title).empty()) return bad(fmt::format("article '{}' has no title", id));
    if (article.text.size() > kArticleBytesMax)
        return bad(fmt::format("article '{}' is larger than {} bytes", id, kArticleBytesMax));
    return {};
}

bool is_hidden(const fs::path& path) {
    return path.filename().string().starts_with('.');
}

/// Adds what is not there yet, so that a question asked twice is one.
void add_questions(ports::Article& article, const std::vector<std::string>& questions) {
    for (const std::string& question : questions) {
        if (std::ranges::find(article.questions, question) == article.questions.end()) article.questions.push_back(question);
    }
}

}  // namespace

Result<std::unique_ptr<FolderKnowledge>> FolderKnowledge::open(Options options, ports::ArticleStore& store) {
    if (!options.base_url.empty() && !options.base_url.ends_with('/')) options.base_url += '/';
    std::unique_ptr<FolderKnowledge> knowledge(new FolderKnowledge(std::move(options), store));
    TRY_STATUS(knowledge->refresh());
    return knowledge;
}

Result<FolderKnowledge::Refreshed> FolderKnowledge::refresh() {
    const std::lock_guard lock(source_mutex_);
    TRY(auto stored, store_.articles());
    bool has_changed = stored != stored_;
    stored_ = std::move(stored);
    scan_defects_.clear();
    files_.resize(options_.folders.size());
    for (std::size_t i = 0; i < files_.size(); ++i) has_changed = scan(options_.folders[i], files_[i]) || has_changed;
    std::shared_ptr<const Index> current;
    {
        const std::lock_guard brief(mutex_);
        if (!is_outdated_) current = index_;
    }
    if (has_changed || !current) current = rebuild();
    return Refreshed{.has_changed = has_changed, .articles = current->size()};
}

/// Brings `files` up to date with the folder; true where something changed.
bool FolderKnowledge::scan(const fs::path& folder, Files& files) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) return false;
    Files found;
    const std::size_t count_before = files.size();
    bool has_changed = false;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator at(folder, options, error), end; !error && at != end; at.increment(error)) {
        const fs::path& path = at->path();
        if (is_hidden(path)) {
            at.disable_recursion_pending();
            continue;
        }
        std::error_code ignored;
        if (text::to_lower(path.extension().string()) != ".md" || !at->is_regular_file(ignored)) continue;
        if (found.size() >= kFilesMax) {
            scan_defects_.push_back(
                {"knowledge.unreadable", folder.string(), fmt::format("more than {} files: the rest is left out", kFilesMax)});
            break;
        }
        const auto known = files.find(path);
        const bool is_same = known != files.end() && known->second.changed_at == at->last_write_time(ignored) &&
                             known->second.size == at->file_size(ignored);
        has_changed = has_changed || !is_same;
        found.emplace(path, is_same ? std::move(known->second) : read_file(path));
    }
    if (error) {
        // What we could not get to is not therefore gone.
        scan_defects_.push_back({"knowledge.unreadable", folder.string(), error.message()});
        found.merge(files);
    }
    has_changed = has_changed || found.size() != count_before;
    files = std::move(found);
    return has_changed;
}

FolderKnowledge::File FolderKnowledge::read_file(const fs::path& path) const {
    // The stamps are taken first: a change while we read is seen by the next refresh.
    std::error_code error;
    File read_now{.changed_at = fs::last_write_time(path, error), .size = fs::file_size(path, error), .read = {}};
    const auto bytes = file::read(path, kArticleBytesMax);
    if (bytes) {
        read_now.read = read_article(*bytes, path.string(), options_.base_url, options_.default_language);
    } else {
        read_now.read.defects.push_back({"knowledge.unreadable", path.string(), describe(bytes.error())});
    }
    return read_now;
}

/// All articles, each id once.
std::vector<ports::Article> FolderKnowledge::gather(std::vector<Defect>& defects) const {
    defects = scan_defects_;
    std::map<ArticleId, ports::Article> articles;
    std::map<ArticleId, std::string> files_of;
    for (const Files& files : files_) {
        for (const auto& [path, file] : files) {
            defects.insert(defects.end(), file.read.defects.begin(), file.read.defects.end());
            if (!file.read.article) continue;
            const ArticleId& id = file.read.article->id;
            const auto [first, is_new] = files_of.try_emplace(id, path.string());
            if (is_new) {
                articles[id] = *file.read.article;
            } else {
                defects.push_back({"knowledge.duplicate_id", path.string(),
                                   fmt::format("'{}' is the id of {} too", id.value(), first->second)});
            }
        }
    }
    for (const ports::Article& stored : stored_) {
        const bool has_questions_only = stored.title.empty() && stored.text.empty();
        const auto from_file = articles.find(stored.id);
        if (!has_questions_only) {
            ports::Article merged = stored;
            if (from_file != articles.end()) add_questions(merged, from_file->second.questions);
            if (merged.url.empty() && !options_.base_url.empty()) merged.url = options_.base_url + merged.id.value();
            if (merged.language.empty()) merged.language = options_.default_language;
            articles[stored.id] = std::move(merged);
        } else if (from_file != articles.end()) {
            add_questions(from_file->second, stored.questions);
        }
    }
    std::vector<ports::Article> all;
    all.reserve(articles.size());
    for (auto& [id, article] : articles) all.push_back(std::move(article));
    return all;
}

std::vector<Defect> FolderKnowledge::defects() const {
    const std::lock_guard lock(mutex_);
    return defects_;
}

/// Needs source_mutex_.
std::shared_ptr<const Index> FolderKnowledge::rebuild() {
    std::vector<Defect> defects;
    auto built = std::make_shared<const Index>(gather(defects), options_.weights);
    const std::lock_guard lock(mutex_);
    index_ = built;
    defects_ = std::move(defects);
    is_outdated_ = false;
    return built;
}

std::shared_ptr<const Index> FolderKnowledge::index() {
    const auto current = [this] {
        const std::lock_guard lock(mutex_);
        return is_outdated_ ? nullptr : index_;
    };
    if (auto ready = current()) return ready;
    const std::lock_guard lock(source_mutex_);
    // Somebody may have built it while we waited for the sources.
    if (auto ready = current()) return ready;
    return rebuild();
}

Result<std::vector<ports::SearchHit>> FolderKnowledge::search(const ports::SearchQuery& query, Deadline deadline) {
    for (const fs::path& folder : options_.folders) {
        std::error_code error;
        if (fs::is_directory(folder, error)) continue;
        return fail("knowledge.unavailable", ErrorKind::unavailable,
                    fmt::format("the folder of articles '{}' is not there", folder.string()));
    }
    ports::SearchQuery asked = query;
    if (asked.language.empty()) asked.language = options_.default_language;
    return index()->search(asked, deadline);
}

Result<std::optional<ports::Article>> FolderKnowledge::find_article(const ArticleId& id) {
    const auto current = index();
    const ports::Article* found = current->find(id);
    return found == nullptr ? std::optional<ports::Article>{} : std::optional(*found);
}

Status FolderKnowledge::add(const ports::Article& article) {
    TRY_STATUS(check_article(article));
    const std::lock_guard lock(source_mutex_);
    TRY_STATUS(store_.upsert_article(article));
    const auto known = std::ranges::find(stored_, article.id, &ports::Article::id);
    if (known == stored_.end()) {
        stored_.push_back(article);
    } else {
        *known = article;
    }
    const std::lock_guard brief(mutex_);
    is_outdated_ = true;
    return {};
}

Result<std::size_t> FolderKnowledge::size() {
    return index()->size();
}

}  // namespace resolute::knowledge
