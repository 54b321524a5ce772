#include "core/store/fileresponsecache.h"

#include "core/store/filelock.h"
#include "core/store/sql.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPromise>
#include <QSaveFile>

#include <memory>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int Version = 1;
const auto Suffix = ".answer"_L1;

bool isKey(const QByteArray &key)
{
    return !key.isEmpty() && std::all_of(key.begin(), key.end(), [](char each) {
        return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'f');
    });
}

QString pathOf(const QString &directory, const QByteArray &key)
{
    return directory + QLatin1Char('/') + QString::fromLatin1(key) + Suffix;
}

QByteArray bytesOf(const CachedAnswer &answer, UtcTime now)
{
    QJsonArray parts;
    for (const ContentPart &part : answer.parts) {
        if (const auto *text = std::get_if<TextPart>(&part))
            parts.append(QJsonObject{{"text"_L1, text->text}});
        else if (const auto *reasoning = std::get_if<ReasoningPart>(&part))
            parts.append(QJsonObject{{"reasoning"_L1, reasoning->text}});
    }
    QJsonObject tokens;
    for (auto it = answer.usage.tokens.begin(); it != answer.usage.tokens.end(); ++it)
        tokens.insert(usageKindName(it.key()), qint64(it.value()));
    QJsonObject object{
        {"version"_L1, Version},    {"at"_L1, qint64(now.time_since_epoch().count())},
        {"parts"_L1, parts},        {"finish"_L1, finishReasonName(answer.reason)},
        {"model"_L1, answer.model}, {"tokens"_L1, tokens}};
    if (answer.cost)
        object.insert("cost"_L1, QString::number(answer.cost->count()));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<CachedAnswer> answerFrom(const QByteArray &bytes, UtcTime now)
{
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    const UtcTime at(std::chrono::milliseconds(object.value("at"_L1).toInteger()));
    const auto reason = finishReasonOf(object.value("finish"_L1).toString());
    if (object.value("version"_L1).toInt() != Version || !reason || at > now ||
        now - at >= FileResponseCache::Lifetime)
        return std::nullopt;
    CachedAnswer answer;
    for (const QJsonValue part : object.value("parts"_L1).toArray()) {
        if (part["text"_L1].isString())
            answer.parts.append(TextPart{part["text"_L1].toString()});
        else
            answer.parts.append(ReasoningPart{part["reasoning"_L1].toString(), {}, {}, {}});
    }
    if (answer.parts.isEmpty())
        return std::nullopt;
    answer.reason = *reason;
    answer.model = object.value("model"_L1).toString();
    const QJsonObject tokens = object.value("tokens"_L1).toObject();
    for (auto it = tokens.begin(); it != tokens.end(); ++it) {
        if (const auto kind = usageKindOf(it.key()))
            answer.usage.tokens.insert(*kind, it->toInteger());
    }
    answer.usage.basis = UsageBasis::Provider;
    bool isNumber = false;
    const qint64 cost = object.value("cost"_L1).toString().toLongLong(&isNumber);
    if (isNumber)
        answer.cost = PicoUsd(cost);
    return answer;
}

//! The least used first, until the rest fits.
void trim(const QString &directory, qint64 largestSize, UtcTime now)
{
    const QFileInfoList files =
        QDir(directory).entryInfoList({u'*' + Suffix}, QDir::Files, QDir::Time);
    qint64 size = 0;
    for (const QFileInfo &file : files) {
        size += file.size();
        const qint64 age = now.time_since_epoch().count() - file.lastModified().toMSecsSinceEpoch();
        if (size > largestSize ||
            age > std::chrono::milliseconds(FileResponseCache::Lifetime).count())
            QFile::remove(file.filePath());
    }
}

template <typename T>
std::pair<std::shared_ptr<QPromise<T>>, QFuture<T>> promised()
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    return {promise, promise->future()};
}

} // namespace

FileResponseCache::FileResponseCache(const QString &directory, Clock &clock, qint64 largestSize)
    : m_directory(directory)
    , m_clock(clock)
    , m_largestSize(largestSize)
{
    m_thread.setMaxThreadCount(1); // in the order of the calls
}

FileResponseCache::~FileResponseCache()
{
    m_thread.waitForDone();
}

QFuture<Result<std::optional<CachedAnswer>>> FileResponseCache::find(const QByteArray &key)
{
    auto [answering, future] = promised<Result<std::optional<CachedAnswer>>>();
    m_thread.start([promise = answering, path = pathOf(m_directory, key), valid = isKey(key),
                    now = m_clock.utcNow()] {
        QFile file(path);
        std::optional<CachedAnswer> answer;
        if (valid && file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly)) {
            answer = answerFrom(file.readAll(), now);
            if (answer) // used just now
                file.setFileTime(
                    QDateTime::fromMSecsSinceEpoch(now.time_since_epoch().count(), Qt::UTC),
                    QFileDevice::FileModificationTime);
            else
                file.remove();
        }
        promise->addResult(Result<std::optional<CachedAnswer>>(std::move(answer)));
        promise->finish();
    });
    return future;
}

void FileResponseCache::keep(const QByteArray &key, const CachedAnswer &answer)
{
    if (!isKey(key))
        return;
    m_thread.start(
        [directory = m_directory, key, answer, now = m_clock.utcNow(), largest = m_largestSize] {
            if (!makePrivateDirectory(directory))
                return;
            QSaveFile file(pathOf(directory, key));
            if (!file.open(QIODevice::WriteOnly))
                return; // a cache that cannot be written is none
            file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
            file.write(bytesOf(answer, now));
            if (file.commit())
                trim(directory, largest, now);
        });
}

QFuture<Result<qint64>> FileResponseCache::clear()
{
    auto [answering, future] = promised<Result<qint64>>();
    m_thread.start([promise = answering, directory = m_directory] {
        qint64 freed = 0;
        QString failed;
        for (const QFileInfo &file : QDir(directory).entryInfoList({u'*' + Suffix}, QDir::Files)) {
            const qint64 size = file.size();
            if (QFile::remove(file.filePath()))
                freed += size;
            else
                failed = file.filePath();
        }
        promise->addResult(failed.isEmpty()
                               ? Result<qint64>(freed)
                               : Result<qint64>(storageError(
                                     QStringLiteral("%1 could not be deleted.").arg(failed))));
        promise->finish();
    });
    return future;
}

} // namespace core
