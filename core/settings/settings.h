#pragma once

#include "core/base/result.h"
#include "core/settings/setting.h"

#include <QJsonObject>
#include <QObject>

namespace core {

//! The user's settings: one JSON file of the keys that differ from their default, written whole.
//! Values given by --set lie above it for this run and are never written. A file that cannot be
//! read is left as it is until something is changed; keys of a newer version are kept. Main thread.
class Settings : public QObject
{
    Q_OBJECT
public:
    explicit Settings(const QString &file, QObject *parent = nullptr);

    template <typename T>
    [[nodiscard]] T value(const Setting<T> &setting) const
    {
        return converted(lookUp(setting.name()), setting.defaultValue());
    }

    //! Takes effect at once and is written; the error says why it could not be written
    //! (StorageFailed).
    template <typename T>
    Result<Done> setValue(const Setting<T> &setting, const T &value)
    {
        if (this->value(setting) == value)
            return Done{};
        return store(setting.name(), QJsonValue(value), value == setting.defaultValue());
    }

    //! One --set KEY=VALUE. Errors: InputRejected, naming the key, its type or keys like it.
    [[nodiscard]] Result<Done> setOverride(const QString &assignment);

    [[nodiscard]] static QStringList keys(); //!< All of them.
    //! What reading had to say; empty: nothing.
    [[nodiscard]] QString notice() const { return m_notice; }

Q_SIGNALS:
    void changed(const QString &key);

private:
    static bool converted(const QJsonValue &value, bool standard) { return value.toBool(standard); }
    static int converted(const QJsonValue &value, int standard) { return value.toInt(standard); }
    static QString converted(const QJsonValue &value, const QString &standard)
    {
        return value.toString(standard);
    }

    [[nodiscard]] QJsonValue lookUp(const QString &key) const;
    Result<Done> store(const QString &key, const QJsonValue &value, bool isDefault);
    void read();
    [[nodiscard]] Result<Done> write();

    QString m_file;
    QJsonObject m_values;
    QJsonObject m_overrides;
    QString m_notice;
    bool m_unreadable = false; //!< What stands in the file is set aside before the first write.
};

} // namespace core
